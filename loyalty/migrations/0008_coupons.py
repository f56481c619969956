"""Coupons: codes that open an offer, who keeps one, which sale used it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("loyalty", "0007_lots"),
        ("parties", "0007_browser_sessions"),
        ("trade", "0005_product_warranty"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="offer",
            name="by_code",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="offer",
            name="gives_back",
            field=models.BooleanField(default=True),
        ),
        migrations.CreateModel(
            name="CouponSeries",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("generic", "one code for everybody"),
                            ("listed", "codes of your own"),
                            ("made", "codes that we make"),
                        ],
                        max_length=7,
                    ),
                ),
                ("prefix", models.CharField(blank=True, max_length=8)),
                ("uses_each", models.IntegerField(null=True)),
                ("asked", models.IntegerField()),
                ("made", models.IntegerField(default=0)),
                ("opened_at", models.DateTimeField()),
                (
                    "merchant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.merchant",
                    ),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="loyalty.offer",
                    ),
                ),
            ],
            options={
                "db_table": "loyalty_coupon_series",
                "indexes": [
                    models.Index(
                        condition=models.Q(("made__lt", models.F("asked"))),
                        fields=["id"],
                        name="coupon_series_in_making",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant", "id"), name="coupon_series_by_merchant"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["generic", "listed", "made"])),
                        name="coupon_series_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("asked__range", (1, 1000000)), ("made__range", (0, models.F("asked")))
                        ),
                        name="coupon_series_makes_what_is_asked",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("uses_each", None), ("uses_each__gt", 0), _connector="OR"
                        ),
                        name="coupon_series_codes_can_be_used",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Coupon",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=32)),
                ("left_live", models.IntegerField(null=True)),
                ("left_test", models.IntegerField(null=True)),
                (
                    "merchant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.merchant",
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="loyalty.couponseries",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("code", "merchant"), name="coupon_code_is_one"),
                    models.UniqueConstraint(fields=("series", "id"), name="coupon_by_series"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("left_live", None), ("left_live__gte", 0), _connector="OR"),
                            models.Q(("left_test", None), ("left_test__gte", 0), _connector="OR"),
                        ),
                        name="coupon_is_not_overused",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CouponUse",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "sale_id",
                        "coupon_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "mode",
                    models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4),
                ),
                ("amount", models.BigIntegerField()),
                ("used_at", models.DateTimeField()),
                (
                    "coupon",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="loyalty.coupon",
                    ),
                ),
                (
                    "given_back_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="trade.return",
                    ),
                ),
                (
                    "merchant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.merchant",
                    ),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="loyalty.offer",
                    ),
                ),
                (
                    "sale",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="trade.sale",
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="loyalty.couponseries",
                    ),
                ),
            ],
            options={
                "db_table": "loyalty_coupon_use",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="coupon_use_gave_something"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="KeptCoupon",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "person_id",
                        "coupon_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("kept_at", models.DateTimeField()),
                (
                    "coupon",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="loyalty.coupon",
                    ),
                ),
                (
                    "merchant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.merchant",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="loyalty.couponseries",
                    ),
                ),
            ],
            options={
                "db_table": "loyalty_kept_coupon",
            },
        ),
        run_sql(__file__, "coupons"),
    ]
