"""Merchants that share points."""

import django.db.models.deletion
from django.db import migrations, models

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("loyalty", "0023_spending_versions"),
        ("parties", "0007_browser_sessions"),
        ("trade", "0007_product_cost"),
    ]

    operations = [
        migrations.CreateModel(
            name="Circle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("points", models.IntegerField()),
                ("amount", models.IntegerField()),
                ("begun_at", models.DateTimeField()),
                (
                    "merchant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.merchant",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount__range", (1, 1000000)), ("points__range", (1, 1000000))
                        ),
                        name="circle_has_its_price",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CircleShop",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("invited", "invited"),
                            ("in", "takes part"),
                            ("leaving", "leaves"),
                            ("out", "out"),
                        ],
                        max_length=7,
                    ),
                ),
                ("invited_at", models.DateTimeField()),
                ("joined_at", models.DateTimeField(null=True)),
                ("ends_at", models.DateTimeField(null=True)),
                (
                    "circle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shops",
                        to="loyalty.circle",
                    ),
                ),
                (
                    "merchant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.merchant",
                    ),
                ),
            ],
            options={
                "db_table": "loyalty_circle_shop",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "leaving")),
                        fields=["ends_at"],
                        name="circle_shop_leaving",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("merchant", "circle"), name="circle_shop_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("in", "leaving"))),
                        fields=("merchant",),
                        name="circle_shop_in_one_circle",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["invited", "in", "leaving", "out"])),
                        name="circle_shop_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "invited"),
                            ("state", "out"),
                            ("joined_at__isnull", False),
                            _connector="OR",
                        ),
                        name="circle_shop_joined_once_in",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "leaving"), _negated=True),
                            ("ends_at__isnull", False),
                            _connector="OR",
                        ),
                        name="circle_shop_leaves_at_a_moment",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PointsDraw",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "sale_id",
                        "giver_id",
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
                ("points", models.BigIntegerField()),
                ("back", models.BigIntegerField(default=0)),
                ("steps", models.SmallIntegerField(default=0)),
                ("price_points", models.IntegerField()),
                ("price_amount", models.IntegerField()),
                ("drawn_at", models.DateTimeField()),
                (
                    "circle",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="loyalty.circle",
                    ),
                ),
                (
                    "giver",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="loyalty.member",
                    ),
                ),
                (
                    "giver_merchant",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.merchant",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="trade.sale",
                    ),
                ),
                (
                    "taker",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="loyalty.member",
                    ),
                ),
            ],
            options={
                "db_table": "loyalty_points_draw",
                "indexes": [
                    models.Index(fields=["merchant", "mode", "drawn_at"], name="points_draw_taken"),
                    models.Index(
                        fields=["giver_merchant", "mode", "drawn_at"], name="points_draw_given"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("back__range", (0, models.F("points"))), ("points__gt", 0)
                        ),
                        name="points_draw_sends_back_at_most_its_points",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("merchant", models.F("giver_merchant")), _negated=True),
                        name="points_draw_is_between_two",
                    ),
                ],
            },
        ),
        run_sql(__file__, "partner_programmes"),
    ]
