"""Suppliers that pay a part of offers."""

import django.db.models.deletion
from django.db import migrations, models

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("loyalty", "0018_least_margin"),
        ("parties", "0007_browser_sessions"),
        ("trade", "0007_product_cost"),
    ]

    operations = [
        migrations.CreateModel(
            name="Supplier",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
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
                    models.UniqueConstraint(fields=("merchant", "name"), name="supplier_by_name"),
                    models.UniqueConstraint(fields=("merchant", "id"), name="supplier_by_merchant"),
                ],
            },
        ),
        migrations.CreateModel(
            name="OfferShare",
            fields=[
                (
                    "offer",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="loyalty.offer",
                    ),
                ),
                ("share_bp", models.IntegerField()),
                (
                    "merchant",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.merchant",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="loyalty.supplier",
                    ),
                ),
            ],
            options={
                "db_table": "loyalty_offer_share",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("share_bp__range", (1, 10000))),
                        name="offer_share_is_a_share",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SupplierShare",
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
                    "mode",
                    models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4),
                ),
                ("share_bp", models.IntegerField()),
                ("amount", models.BigIntegerField(default=0)),
                ("steps", models.SmallIntegerField(default=0)),
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
                    "supplier",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="loyalty.supplier",
                    ),
                ),
            ],
            options={
                "db_table": "loyalty_supplier_share",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)),
                        name="supplier_share_is_not_negative",
                    )
                ],
            },
        ),
        run_sql(__file__, "suppliers"),
    ]
