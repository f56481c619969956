"""Gift cards that members take for points."""

import django.db.models.deletion
from django.db import migrations, models

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("loyalty", "0024_partner_programmes"),
        ("parties", "0007_browser_sessions"),
        ("payments", "0015_gift_cards_online"),
    ]

    operations = [
        migrations.CreateModel(
            name="CardForPoints",
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
                ("uuid", models.UUIDField()),
                ("points", models.BigIntegerField()),
                ("amount", models.BigIntegerField()),
                ("taken_at", models.DateTimeField()),
            ],
            options={
                "db_table": "loyalty_card_for_points",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0), ("points__gt", 0)),
                        name="card_for_points_costs_points",
                    )
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="reward",
            name="reward_kind_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="reward",
            name="reward_is_money_or_goods",
        ),
        migrations.AlterField(
            model_name="reward",
            name="kind",
            field=models.CharField(
                choices=[
                    ("money_off", "Money off a purchase"),
                    ("product", "Something for free"),
                    ("delivery", "Free delivery, online"),
                    ("donation", "A gift to charity"),
                    ("gift_card", "A gift card of yours"),
                ],
                max_length=9,
            ),
        ),
        migrations.AddConstraint(
            model_name="reward",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["money_off", "product", "delivery", "donation", "gift_card"])
                ),
                name="reward_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="reward",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("amount__gt", 0),
                        ("kind__in", ("money_off", "donation", "gift_card")),
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
        ),
        migrations.AddField(
            model_name="cardforpoints",
            name="gift_card",
            field=models.OneToOneField(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="payments.giftcard",
            ),
        ),
        migrations.AddField(
            model_name="cardforpoints",
            name="member",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="loyalty.member",
            ),
        ),
        migrations.AddField(
            model_name="cardforpoints",
            name="merchant",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="parties.merchant",
            ),
        ),
        migrations.AddField(
            model_name="cardforpoints",
            name="reward",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="loyalty.reward",
            ),
        ),
        migrations.AddConstraint(
            model_name="cardforpoints",
            constraint=models.UniqueConstraint(
                fields=("member", "uuid"), name="card_for_points_once"
            ),
        ),
        run_sql(__file__, "gift_card_rewards"),
    ]
