"""Stamp cards, and the stamps of members."""

import django.db.models.deletion
from django.db import migrations, models

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("loyalty", "0011_spending"),
        ("parties", "0007_browser_sessions"),
        ("trade", "0005_product_warranty"),
    ]

    operations = [
        migrations.CreateModel(
            name="MemberStamps",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "member_id",
                        "offer_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
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
                    "mode",
                    models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4),
                ),
                ("count", models.IntegerField()),
                ("last_at", models.DateTimeField()),
            ],
            options={
                "db_table": "loyalty_member_stamps",
            },
        ),
        migrations.CreateModel(
            name="StampUse",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "sale_id",
                        "offer_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
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
                    "mode",
                    models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4),
                ),
                ("size", models.SmallIntegerField()),
                ("stamps", models.IntegerField()),
                ("rewards", models.IntegerField()),
                ("lapsed", models.IntegerField()),
                ("lines", models.JSONField()),
                ("used_at", models.DateTimeField()),
                ("back_stamps", models.IntegerField(default=0)),
                ("back_rewards", models.IntegerField(default=0)),
            ],
            options={
                "db_table": "loyalty_stamp_use",
                "indexes": [
                    models.Index(fields=["member", "offer", "used_at"], name="stamp_use_of_card")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("back_rewards__range", (0, models.F("rewards"))),
                            ("back_stamps__range", (0, models.F("stamps"))),
                            ("lapsed__gte", 0),
                            ("rewards__gte", 0),
                            ("size__gt", 1),
                            ("stamps__gt", 0),
                        ),
                        name="stamp_use_has_at_most_itself_back",
                    )
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="offer",
            name="offer_kind_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="offer",
            name="offer_has_its_kinds_numbers",
        ),
        migrations.AddField(
            model_name="offer",
            name="lapse_days",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="offer",
            name="per_visit",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AlterField(
            model_name="offer",
            name="kind",
            field=models.CharField(
                choices=[
                    ("percentage", "a percentage off"),
                    ("amount_off", "money off"),
                    ("fixed_price", "another price"),
                    ("nth", "every so many, one cheaper or free"),
                    ("set_price", "several for one price"),
                    ("bundle", "together for one price"),
                    ("stamps", "a stamp card"),
                ],
                default="percentage",
                max_length=11,
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "percentage",
                            "amount_off",
                            "fixed_price",
                            "nth",
                            "set_price",
                            "bundle",
                            "stamps",
                        ],
                    )
                ),
                name="offer_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("amount__isnull", True),
                        ("kind", "percentage"),
                        ("percentage_bp__isnull", False),
                        ("pieces__isnull", True),
                        ("also_references__len", 0),
                    ),
                    models.Q(
                        ("amount__isnull", False),
                        ("kind", "amount_off"),
                        ("percentage_bp__isnull", True),
                        ("pieces__isnull", True),
                        ("also_references__len", 0),
                    ),
                    models.Q(
                        ("amount__isnull", False),
                        ("kind", "fixed_price"),
                        ("percentage_bp__isnull", True),
                        ("pieces__isnull", True),
                        ("also_references__len", 0),
                    ),
                    models.Q(
                        ("amount__isnull", True),
                        ("kind", "nth"),
                        ("percentage_bp__isnull", False),
                        ("pieces__isnull", False),
                        ("also_references__len", 0),
                    ),
                    models.Q(
                        ("amount__isnull", False),
                        ("kind", "set_price"),
                        ("percentage_bp__isnull", True),
                        ("pieces__isnull", False),
                        ("also_references__len", 0),
                    ),
                    models.Q(
                        ("amount__isnull", False),
                        ("kind", "bundle"),
                        ("percentage_bp__isnull", True),
                        ("pieces__isnull", True),
                        models.Q(("also_references__len", 0), _negated=True),
                    ),
                    models.Q(
                        ("amount__isnull", True),
                        ("kind", "stamps"),
                        ("percentage_bp__isnull", False),
                        ("pieces__isnull", False),
                        ("also_references__len", 0),
                    ),
                    _connector="OR",
                ),
                name="offer_has_its_kinds_numbers",
            ),
        ),
        migrations.AddConstraint(
            model_name="offer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("assigned", False),
                        ("by_code", False),
                        ("kind", "stamps"),
                        models.Q(("lapse_days", None), ("lapse_days__gt", 0), _connector="OR"),
                    ),
                    models.Q(
                        models.Q(("kind", "stamps"), _negated=True),
                        ("lapse_days", None),
                        ("per_visit", False),
                    ),
                    _connector="OR",
                ),
                name="offer_stamps_are_of_stamp_cards",
            ),
        ),
        run_sql(__file__, "stamps"),
    ]
