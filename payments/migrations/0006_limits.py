"""Limits of spending, and payments that wait for their payer's yes."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import payments.states
from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0004_find_store"),
        ("payments", "0005_refunds"),
        ("trade", "0003_lines_fit"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PersonLimit",
            fields=[
                ("daily", models.BigIntegerField(db_default=100000)),
                ("monthly", models.BigIntegerField(db_default=500000)),
                ("hourly_payments", models.IntegerField(db_default=20)),
                ("day", models.DateField()),
                ("day_spent", models.BigIntegerField(db_default=0)),
                ("month", models.DateField()),
                ("month_spent", models.BigIntegerField(db_default=0)),
                ("hour_from", models.DateTimeField()),
                ("hour_payments", models.IntegerField(db_default=0)),
                ("opened_at", models.DateTimeField()),
                (
                    "person",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "payments_person_limit",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("daily__range", (0, 500000)), ("monthly__range", (0, 2500000))
                        ),
                        name="person_limit_within_bounds",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Confirmation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "mode",
                    models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4),
                ),
                ("amount", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("asked_at", models.DateTimeField()),
                ("deadline", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        default=payments.states.ConfirmationState["ASKED"], max_length=10
                    ),
                ),
                ("decided_at", models.DateTimeField(null=True)),
                ("confirmed_by", models.CharField(blank=True, max_length=7)),
                ("refusal", models.CharField(blank=True, max_length=64)),
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
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    models.Index(
                        condition=models.Q(("state", payments.states.ConfirmationState["ASKED"])),
                        fields=["person"],
                        name="confirmation_asked",
                    ),
                    models.Index(
                        condition=models.Q(("state", payments.states.ConfirmationState["ASKED"])),
                        fields=["deadline"],
                        name="confirmation_due",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                (
                                    payments.states.ConfirmationState["ASKED"],
                                    payments.states.ConfirmationState["AUTHORISED"],
                                ),
                            )
                        ),
                        fields=("sale",),
                        name="confirmation_waits_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)), name="confirmation_asks_for_money"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("deadline__gt", models.F("asked_at"))),
                        name="confirmation_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at", None),
                                ("state", payments.states.ConfirmationState["ASKED"]),
                            ),
                            models.Q(
                                models.Q(
                                    ("state", payments.states.ConfirmationState["ASKED"]),
                                    _negated=True,
                                ),
                                ("decided_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="confirmation_decided_at_a_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["live", "test"])),
                        name="confirmation_mode_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "asked",
                                    "authorised",
                                    "captured",
                                    "declined",
                                    "expired",
                                    "withdrawn",
                                    "refused",
                                ],
                            )
                        ),
                        name="confirmation_state_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AccountLimit",
            fields=[
                ("daily", models.BigIntegerField(db_default=100000)),
                ("monthly", models.BigIntegerField(db_default=500000)),
                ("hourly_payments", models.IntegerField(db_default=20)),
                ("day", models.DateField()),
                ("day_spent", models.BigIntegerField(db_default=0)),
                ("month", models.DateField()),
                ("month_spent", models.BigIntegerField(db_default=0)),
                ("hour_from", models.DateTimeField()),
                ("hour_payments", models.IntegerField(db_default=0)),
                ("opened_at", models.DateTimeField()),
                (
                    "bank_account",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="limit",
                        serialize=False,
                        to="payments.bankaccount",
                    ),
                ),
                ("unconfirmed", models.BigIntegerField(db_default=0)),
                (
                    "person",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accounts",
                        to="payments.personlimit",
                    ),
                ),
            ],
            options={
                "db_table": "payments_account_limit",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("daily__range", (0, 500000)), ("monthly__range", (0, 2500000))
                        ),
                        name="account_limit_within_bounds",
                    )
                ],
            },
        ),
        run_sql(__file__, "limits"),
        run_sql(__file__, "confirmation"),
    ]
