"""Money set aside for a sale, and captured in parts."""

import django.db.models.deletion
from django.db import migrations, models

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0004_find_store"),
        ("payments", "0010_ownership"),
        ("trade", "0003_lines_fit"),
    ]

    operations = [
        migrations.CreateModel(
            name="Authorisation",
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
                ("amount", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("captured", models.BigIntegerField(default=0)),
                ("parts", models.IntegerField(default=0)),
                ("authorised_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "bank_account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.bankaccount",
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant", "mode", "sale"), name="authorisation_by_mode"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)),
                        name="authorisation_amount_is_more_than_zero",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("captured__gte", 0), ("captured__lte", models.F("amount"))
                        ),
                        name="captured_is_at_most_authorised",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Capture",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "sale_id",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("number", models.IntegerField()),
                (
                    "mode",
                    models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4),
                ),
                ("amount", models.BigIntegerField()),
                ("captured_at", models.DateTimeField()),
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
                        to="payments.authorisation",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)),
                        name="capture_amount_is_more_than_zero",
                    )
                ],
            },
        ),
        run_sql(__file__, "online"),
    ]
