"""A chain's own loyalty system, and the sales it is told of."""

import django.db.models.deletion
from django.db import migrations, models

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("loyalty", "0019_suppliers"),
        ("parties", "0007_browser_sessions"),
        ("trade", "0007_product_cost"),
    ]

    operations = [
        migrations.CreateModel(
            name="Connector",
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
                ("name", models.CharField(max_length=40)),
                ("url", models.CharField(max_length=500)),
                ("secret", models.BinaryField()),
                ("salt", models.BinaryField()),
                ("limit_ms", models.IntegerField()),
                ("is_on", models.BooleanField(default=True)),
                ("failures", models.IntegerField(default=0)),
                ("rests_until", models.DateTimeField(null=True)),
                ("last_error", models.CharField(blank=True, default="", max_length=24)),
                ("changed_at", models.DateTimeField()),
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
                    models.UniqueConstraint(
                        fields=("merchant", "mode"), name="connector_of_merchant"
                    ),
                    models.UniqueConstraint(
                        fields=("merchant", "mode", "id"), name="connector_by_merchant"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("limit_ms__range", (50, 1000))),
                        name="connector_keeps_no_till_waiting",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("failures__gte", 0)),
                        name="connector_failures_are_counted",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConnectedSale",
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
                ("state", models.CharField(max_length=11)),
                ("given", models.BigIntegerField()),
                (
                    "member",
                    models.ForeignKey(
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
                    "connector",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="loyalty.connector",
                    ),
                ),
            ],
            options={
                "db_table": "loyalty_connected_sale",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("given", 0),
                            models.Q(("given__gt", 0), ("state", "answered")),
                            _connector="OR",
                        ),
                        name="connected_sale_gives_what_was_answered",
                    )
                ],
            },
        ),
        run_sql(__file__, "connectors"),
    ]
