"""Warranties that people set, and receipts that go to their mailboxes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("wallet", "0006_imports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ReceiptLetter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "asked_by",
                    models.CharField(
                        choices=[("person", "person"), ("shop", "shop")], max_length=6
                    ),
                ),
                ("asked_on", models.DateField()),
                ("number", models.PositiveSmallIntegerField()),
                ("asked_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("sending", "sending"),
                            ("sent", "sent"),
                            ("dropped", "dropped"),
                            ("unknown", "unknown"),
                        ],
                        default="waiting",
                        max_length=7,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("claimed_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "receipt",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="wallet.receipt",
                    ),
                ),
            ],
            options={
                "db_table": "wallet_receipt_letter",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("waiting", "sending"))),
                        fields=["due_at"],
                        name="receipt_letter_to_send",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "asked_by", "asked_on", "number"),
                        name="receipt_letter_counted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("asked_by", "person"), ("number__range", (1, 20))),
                            models.Q(("asked_by", "shop"), ("number__range", (1, 3))),
                            _connector="OR",
                        ),
                        name="receipt_letter_within_the_day",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ("waiting", "sending"))),
                        fields=("receipt",),
                        name="receipt_letter_one_under_way",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sent"), _negated=True),
                            ("sent_at__isnull", False),
                            _connector="OR",
                        ),
                        name="receipt_letter_sent_at_a_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["waiting", "sending", "sent", "dropped", "unknown"])
                        ),
                        name="receipt_letter_state_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Warranty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("line", models.PositiveIntegerField(null=True)),
                ("ends_on", models.DateField()),
                ("note", models.CharField(blank=True, max_length=200)),
                ("set_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "receipt",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="wallet.receipt",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("receipt", "line"), name="warranty_once", nulls_distinct=False
                    )
                ],
            },
        ),
        run_sql(__file__, "receipts"),
    ]
