"""What came back of a sale: goods, money, or both."""

import django.db.models.deletion
from django.db import migrations, models

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0004_find_store"),
        ("trade", "0003_lines_fit"),
    ]

    operations = [
        migrations.CreateModel(
            name="Return",
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
                ("operator", models.CharField(blank=True, max_length=64)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("language", models.CharField(max_length=2)),
                ("currency", models.CharField(max_length=3)),
                ("amount", models.BigIntegerField()),
                ("vat", models.BigIntegerField()),
                ("request_hash", models.BinaryField(max_length=32)),
                ("returned_at", models.DateTimeField()),
                ("trace_id", models.CharField(blank=True, max_length=32)),
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
                (
                    "store",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.store",
                    ),
                ),
                (
                    "terminal",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.terminal",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["merchant", "mode", "returned_at"], name="return_live")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant", "mode", "uuid"), name="return_by_uuid"
                    ),
                    models.UniqueConstraint(
                        fields=("merchant", "mode", "id"), name="return_by_mode"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount__gt", 0), ("vat__gte", 0), ("vat__lte", models.F("amount"))
                        ),
                        name="return_gives_something_back",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["live", "test"])),
                        name="return_mode_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                        name="return_currency_is_iso",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnLine",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "sale_return_id",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("number", models.IntegerField()),
                ("quantity", models.BigIntegerField()),
                ("amount", models.BigIntegerField()),
                ("vat", models.BigIntegerField()),
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
                    "sale_return",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="trade.return",
                    ),
                ),
            ],
            options={
                "db_table": "trade_return_line",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount__gte", 0),
                            ("quantity__gte", 0),
                            ("vat__gte", 0),
                            ("vat__lte", models.F("amount")),
                            models.Q(("amount", 0), ("quantity", 0), _negated=True),
                        ),
                        name="return_line_brings_something_back",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnTender",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "sale_return_id",
                        "kind",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("ok", "OK"),
                            ("pin", "PIN card"),
                            ("cash", "cash"),
                            ("points", "points"),
                            ("voucher", "voucher"),
                            ("gift_card", "gift card"),
                            ("other", "other"),
                        ],
                        max_length=9,
                    ),
                ),
                ("amount", models.BigIntegerField()),
                ("reference", models.CharField(blank=True, max_length=64)),
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
                    "sale_return",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="trade.return",
                    ),
                ),
            ],
            options={
                "db_table": "trade_return_tender",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)),
                        name="return_tender_is_more_than_zero",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["ok", "pin", "cash", "points", "voucher", "gift_card", "other"],
                            )
                        ),
                        name="return_tender_kind_is_known",
                    ),
                ],
            },
        ),
        run_sql(__file__, "returns"),
    ]
