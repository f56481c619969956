"""What is taken back of points and offers when a sale comes back."""

import django.db.models.deletion
from django.db import migrations, models

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("loyalty", "0004_settle_by_offer"),
        ("parties", "0004_find_store"),
        ("trade", "0004_returns"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reversal",
            fields=[
                (
                    "sale_return",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="trade.return",
                    ),
                ),
                (
                    "mode",
                    models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4),
                ),
                ("milli", models.BigIntegerField()),
                ("points", models.BigIntegerField()),
                ("taken", models.BigIntegerField()),
                ("balance", models.BigIntegerField()),
                ("reversed_at", models.DateTimeField()),
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="trade.sale",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["member", "-reversed_at"], name="reversal_of_member")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("milli__gt", 0),
                            ("points__gte", 0),
                            ("taken__range", (0, models.F("points"))),
                        ),
                        name="reversal_takes_at_most_its_points",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OfferReversal",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "offer_id",
                        "sale_return_id",
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
                ("uses", models.SmallIntegerField()),
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
                    "sale_return",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="trade.return",
                    ),
                ),
            ],
            options={
                "db_table": "loyalty_offer_reversal",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["live", "test"])),
                        name="offer_reversal_mode_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount__gte", 0),
                            ("uses__range", (0, 1)),
                            models.Q(("amount", 0), ("uses", 0), _negated=True),
                        ),
                        name="offer_reversal_gives_something_back",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PointsDebt",
            fields=[
                (
                    "reversal",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="debt",
                        serialize=False,
                        to="loyalty.reversal",
                    ),
                ),
                (
                    "mode",
                    models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4),
                ),
                ("points", models.BigIntegerField()),
                ("outstanding", models.BigIntegerField()),
                ("opened_at", models.DateTimeField()),
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
            ],
            options={
                "db_table": "loyalty_points_debt",
                "indexes": [
                    models.Index(
                        condition=models.Q(("outstanding__gt", 0)),
                        fields=["member", "reversal"],
                        name="points_debt_open",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("outstanding__range", (0, models.F("points"))), ("points__gt", 0)
                        ),
                        name="points_debt_is_paid_down",
                    )
                ],
            },
        ),
        run_sql(__file__, "reverse"),
    ]
