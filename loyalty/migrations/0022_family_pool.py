"""Points that a family spends together."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("loyalty", "0021_birthdays"),
        ("parties", "0007_browser_sessions"),
        ("trade", "0007_product_cost"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="giftterms",
            name="families",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name="Pool",
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
                ("opened_at", models.DateTimeField()),
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
                    "programme",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="loyalty.programme",
                    ),
                ),
            ],
            options={
                "db_table": "loyalty_pool",
                "constraints": [
                    models.UniqueConstraint(fields=("merchant", "mode", "id"), name="pool_by_mode")
                ],
            },
        ),
        migrations.AddField(
            model_name="member",
            name="pool",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="loyalty.pool",
            ),
        ),
        migrations.CreateModel(
            name="PoolAsk",
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
                ("spends", models.BooleanField()),
                ("asked_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "by",
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
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pool",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="loyalty.pool",
                    ),
                ),
            ],
            options={
                "db_table": "loyalty_pool_ask",
                "constraints": [
                    models.UniqueConstraint(fields=("pool", "person"), name="pool_ask_once"),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("asked_at"))),
                        name="pool_ask_ends_later",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PoolDraw",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("spent", "spent"),
                            ("settled", "settled"),
                            ("forgiven", "forgiven"),
                        ],
                        max_length=8,
                    ),
                ),
                ("points", models.BigIntegerField()),
                ("drawn_at", models.DateTimeField()),
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
                    "pool",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="loyalty.pool",
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
                "db_table": "loyalty_pool_draw",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["spent", "settled", "forgiven"])),
                        name="pool_draw_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("points__gt", 0), models.Q(("giver", models.F("taker")), _negated=True)
                        ),
                        name="pool_draw_is_of_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "spent"), ("sale__isnull", False)),
                            models.Q(models.Q(("kind", "spent"), _negated=True), ("sale", None)),
                            _connector="OR",
                        ),
                        name="pool_draw_pays_a_sale",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PoolSeat",
            fields=[
                (
                    "member",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="loyalty.member",
                    ),
                ),
                (
                    "mode",
                    models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4),
                ),
                ("spends", models.BooleanField()),
                ("joined_at", models.DateTimeField()),
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
                    "pool",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="loyalty.pool",
                    ),
                ),
            ],
            options={
                "db_table": "loyalty_pool_seat",
            },
        ),
        run_sql(__file__, "family_pool"),
    ]
