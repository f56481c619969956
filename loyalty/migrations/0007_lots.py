"""Points in lots: pending for a while, and with a day on which they end."""

import django.db.models.deletion
from django.db import migrations, models

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("loyalty", "0006_offer_kinds"),
        ("parties", "0007_browser_sessions"),
        ("trade", "0005_product_warranty"),
    ]

    operations = [
        migrations.CreateModel(
            name="Lot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "mode",
                    models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4),
                ),
                (
                    "member",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="loyalty.member",
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
                    "sale",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="trade.sale",
                    ),
                ),
                ("points", models.BigIntegerField()),
                ("remaining", models.BigIntegerField()),
                ("earned_at", models.DateTimeField()),
                ("spendable_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
                ("is_pending", models.BooleanField(default=False)),
                ("rolling", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("remaining__gt", 0)),
                        fields=["member", "expires_at", "earned_at", "id"],
                        name="lot_of_member",
                    ),
                    models.Index(
                        condition=models.Q(("is_pending", True)),
                        fields=["spendable_at"],
                        name="lot_to_activate",
                    ),
                    models.Index(
                        condition=models.Q(("is_pending", False), ("remaining__gt", 0)),
                        fields=["expires_at"],
                        name="lot_to_expire",
                    ),
                    models.Index(
                        condition=models.Q(("rolling", True)),
                        fields=["member", "expires_at"],
                        name="lot_rolling",
                    ),
                    models.Index(
                        condition=models.Q(("sale", None)),
                        fields=["member", "earned_at"],
                        name="lot_opening",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("sale",), name="lot_once_per_sale"),
                    models.CheckConstraint(
                        condition=models.Q(("remaining__range", (0, models.F("points")))),
                        name="lot_has_at_most_its_points",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_pending", False), ("spendable_at__isnull", False), _connector="OR"
                        ),
                        name="lot_pending_until_a_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("spendable_at", None),
                            ("expires_at", None),
                            ("spendable_at__lt", models.F("expires_at")),
                            _connector="OR",
                        ),
                        name="lot_can_be_spent_before_it_ends",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("rolling", False), ("expires_at__isnull", False), _connector="OR"
                        ),
                        name="lot_that_rolls_has_an_end",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LotUse",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "lot_id",
                        "kind",
                        "reference",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "lot",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="loyalty.lot",
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("reference", models.CharField(max_length=80)),
                ("points", models.BigIntegerField()),
                ("used_at", models.DateTimeField()),
            ],
            options={
                "db_table": "loyalty_lot_use",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("points", 0), _negated=True),
                        name="lot_use_is_of_something",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Breakage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "mode",
                    models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("expired", "expired"),
                            ("left", "left"),
                            ("returned", "returned"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="loyalty.member",
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
                    "lot",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="loyalty.lot",
                    ),
                ),
                ("points", models.BigIntegerField()),
                ("booked_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["member", "lot"], name="breakage_of_member"),
                    models.Index(
                        fields=["merchant", "mode", "booked_at"], name="breakage_of_merchant"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason__in", ["expired", "left", "returned"])),
                        name="breakage_reason_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("points__lt", 0), ("reason", "returned")),
                            models.Q(
                                models.Q(("reason", "returned"), _negated=True), ("points__gt", 0)
                            ),
                            _connector="OR",
                        ),
                        name="breakage_goes_one_way",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="member",
            name="keeps_lots",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="programme",
            name="expiry",
            field=models.CharField(
                choices=[
                    ("never", "Never"),
                    ("days", "After a number of days"),
                    ("months", "After a number of months"),
                    ("month_end", "After a number of months, at the end of the month"),
                    ("year_end", "After a number of years, at the end of the year"),
                    ("inactive", "After a number of months without a purchase"),
                ],
                default="never",
                max_length=9,
            ),
        ),
        migrations.AddField(
            model_name="programme",
            name="expiry_length",
            field=models.SmallIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="programme",
            name="lots_laid_out",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="programme",
            name="pending_days",
            field=models.SmallIntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name="programme",
            index=models.Index(
                condition=models.Q(("lots_laid_out", False)),
                fields=["id"],
                name="programme_lots_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="programme",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("expiry__in", ["never", "days", "months", "month_end", "year_end", "inactive"])
                ),
                name="programme_expiry_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="programme",
            constraint=models.CheckConstraint(
                condition=models.Q(("pending_days__range", (0, 365))),
                name="programme_pending_days_are_few",
            ),
        ),
        migrations.AddConstraint(
            model_name="programme",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("expiry", "never"), ("expiry_length", None)),
                    models.Q(
                        models.Q(("expiry", "never"), _negated=True),
                        ("expiry_length__isnull", False),
                        ("expiry_length__range", (0, 3660)),
                    ),
                    _connector="OR",
                ),
                name="programme_expiry_has_its_length",
            ),
        ),
        run_sql(__file__, "lots"),
        run_sql(__file__, "lot_turns"),
    ]
