"""Points that buy: as money, as rewards, for charity; what sales took of them and gave back."""

import django.db.models.deletion
from django.db import migrations, models

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("loyalty", "0010_free_part"),
        ("parties", "0007_browser_sessions"),
        ("trade", "0006_spending"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reward",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.JSONField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("money_off", "Money off a purchase"),
                            ("product", "Something for free"),
                            ("delivery", "Free delivery, online"),
                            ("donation", "A gift to charity"),
                        ],
                        max_length=9,
                    ),
                ),
                ("cost", models.IntegerField()),
                ("amount", models.IntegerField(default=0)),
                (
                    "target",
                    models.CharField(
                        choices=[
                            ("basket", "the whole basket"),
                            ("categories", "categories"),
                            ("products", "products"),
                        ],
                        max_length=10,
                    ),
                ),
                ("target_references", models.JSONField(default=list)),
                ("charity", models.CharField(blank=True, max_length=80)),
                (
                    "state",
                    models.CharField(
                        choices=[("active", "active"), ("paused", "paused")], max_length=6
                    ),
                ),
                ("made_at", models.DateTimeField()),
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
                    models.UniqueConstraint(fields=("merchant", "id"), name="reward_by_merchant"),
                    models.CheckConstraint(
                        condition=models.Q(("name__has_keys", ["nl", "en"])),
                        name="reward_name_in_every_language",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["money_off", "product", "delivery", "donation"])
                        ),
                        name="reward_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["active", "paused"])),
                        name="reward_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cost__gt", 0)), name="reward_costs_points"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("amount__gt", 0),
                                ("kind__in", ("money_off", "donation")),
                                ("target_references", []),
                            ),
                            models.Q(
                                ("amount", 0),
                                ("kind__in", ("product", "delivery")),
                                models.Q(("target_references", []), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="reward_is_money_or_goods",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "donation"), models.Q(("charity", ""), _negated=True)
                            ),
                            models.Q(
                                models.Q(("kind", "donation"), _negated=True), ("charity", "")
                            ),
                            _connector="OR",
                        ),
                        name="reward_that_is_given_has_its_charity",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Donation",
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
                ("points", models.BigIntegerField()),
                ("amount", models.BigIntegerField()),
                ("given_at", models.DateTimeField()),
                (
                    "member",
                    models.ForeignKey(
                        db_constraint=False,
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
                    "reward",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="loyalty.reward",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0), ("points__gt", 0)),
                        name="donation_is_of_points",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Spend",
            fields=[
                (
                    "sale",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="trade.sale",
                    ),
                ),
                (
                    "mode",
                    models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4),
                ),
                ("points", models.BigIntegerField()),
                ("amount", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[("held", "held"), ("spent", "spent"), ("released", "released")],
                        max_length=8,
                    ),
                ),
                ("given_back", models.BigIntegerField(default=0)),
                ("spent_at", models.DateTimeField()),
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
                    "reward",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="loyalty.reward",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["member", "-spent_at"], name="spend_of_member")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["held", "spent", "released"])),
                        name="spend_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount__gt", 0),
                            ("given_back__range", (0, models.F("points"))),
                            ("points__gt", 0),
                        ),
                        name="spend_gives_back_at_most_its_points",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("given_back__gt", 0), ("state", "held"), _negated=True),
                            models.Q(
                                models.Q(("state", "released"), _negated=True),
                                ("given_back", models.F("points")),
                                _connector="OR",
                            ),
                        ),
                        name="spend_state_agrees_with_its_points",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SpendBack",
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
                ("points", models.BigIntegerField()),
                ("given_at", models.DateTimeField()),
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
                    "spend",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="loyalty.spend",
                    ),
                ),
            ],
            options={
                "db_table": "loyalty_spend_back",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("points__gt", 0)), name="spend_back_is_of_points"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SpendingTerms",
            fields=[
                (
                    "merchant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="parties.merchant",
                    ),
                ),
                ("points", models.IntegerField()),
                ("amount", models.IntegerField()),
                ("step", models.IntegerField()),
                ("minimum", models.IntegerField()),
                ("most_bp", models.IntegerField()),
                ("grace_days", models.SmallIntegerField()),
                ("is_on", models.BooleanField()),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "db_table": "loyalty_spending",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount__gt", 0),
                            ("points__gt", 0),
                            ("step__gt", 0),
                            ("minimum__gte", models.F("step")),
                            ("most_bp__range", (1, 10000)),
                        ),
                        name="spending_terms_say_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("grace_days__range", (0, 365))),
                        name="spending_grace_is_days",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Wish",
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
                ("points", models.BigIntegerField(null=True)),
                ("made_at", models.DateTimeField()),
                (
                    "member",
                    models.OneToOneField(
                        db_constraint=False,
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
                    "reward",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="loyalty.reward",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("points", None),
                            models.Q(("points__gt", 0), ("reward", None)),
                            _connector="OR",
                        ),
                        name="wish_is_for_points",
                    )
                ],
            },
        ),
        run_sql(__file__, "spending"),
    ]
