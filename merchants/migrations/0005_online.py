"""Online payments and payment links."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("merchants", "0004_refunds"),
        ("parties", "0004_find_store"),
        ("trade", "0003_lines_fit"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PaymentLink",
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
                ("token", models.CharField(max_length=43)),
                ("amount", models.BigIntegerField(null=True)),
                ("least", models.BigIntegerField(null=True)),
                ("most", models.BigIntegerField(null=True)),
                ("currency", models.CharField(max_length=3)),
                ("vat_rate_bp", models.IntegerField()),
                ("description", models.CharField(max_length=140)),
                ("reference", models.CharField(blank=True, max_length=64)),
                ("only_once", models.BooleanField()),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
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
                    "store",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.store",
                    ),
                ),
            ],
            options={
                "db_table": "merchants_payment_link",
                "constraints": [
                    models.UniqueConstraint(fields=("token",), name="link_by_token"),
                    models.UniqueConstraint(
                        fields=("merchant", "mode", "uuid"), name="link_by_uuid"
                    ),
                    models.UniqueConstraint(
                        fields=("merchant", "mode", "id"), name="link_by_merchant"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount__gt", 0), ("least", None), ("most", None)),
                            models.Q(
                                ("amount", None), ("least__gt", 0), ("most__gte", models.F("least"))
                            ),
                            _connector="OR",
                        ),
                        name="link_amount_is_fixed_or_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("vat_rate_bp__range", (0, 10000))),
                        name="link_vat_rate_is_a_rate",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["live", "test"])),
                        name="link_mode_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                        name="link_currency_is_iso",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OnlinePayment",
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
                ("token", models.CharField(max_length=43)),
                ("only_once", models.BooleanField(default=False)),
                ("state", models.CharField(default="created", max_length=18)),
                (
                    "capture_mode",
                    models.CharField(
                        choices=[("automatic", "automatic"), ("manual", "manual")], max_length=9
                    ),
                ),
                ("currency", models.CharField(max_length=3)),
                ("asked", models.BigIntegerField()),
                ("basket", models.JSONField()),
                ("description", models.CharField(blank=True, max_length=140)),
                ("reference", models.CharField(blank=True, max_length=64)),
                ("return_url", models.CharField(blank=True, max_length=500)),
                (
                    "language",
                    models.CharField(
                        choices=[("nl", "Nederlands"), ("en", "English")], max_length=2
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("claimed_at", models.DateTimeField(null=True)),
                ("sale_uuid", models.UUIDField()),
                ("amount", models.BigIntegerField(null=True)),
                ("captured", models.BigIntegerField(default=0)),
                ("capture_until", models.DateTimeField(null=True)),
                ("promise", models.JSONField(default=dict)),
                ("ended_at", models.DateTimeField(null=True)),
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
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                    "link",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="merchants.paymentlink",
                    ),
                ),
            ],
            options={
                "db_table": "merchants_online_payment",
                "indexes": [
                    models.Index(fields=["merchant", "mode", "-id"], name="online_payment_listed"),
                    models.Index(
                        condition=models.Q(("state__in", ("created", "presented", "authorising"))),
                        fields=["expires_at"],
                        name="online_payment_open",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ("authorised", "partially_captured"))),
                        fields=["capture_until"],
                        name="online_payment_held",
                    ),
                    models.Index(
                        condition=models.Q(("link__isnull", False)),
                        fields=["link", "state"],
                        name="online_payment_of_link",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("token",), name="online_payment_by_token"),
                    models.UniqueConstraint(
                        fields=("merchant", "mode", "uuid"), name="online_payment_by_uuid"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("only_once", True),
                            ("state__in", ("authorised", "partially_captured", "captured")),
                        ),
                        fields=("link",),
                        name="link_is_paid_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("asked__gt", 0)),
                        name="online_payment_asks_for_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("captured", 0),
                            models.Q(
                                ("amount__isnull", False),
                                ("captured__range", (0, models.F("amount"))),
                            ),
                            _connector="OR",
                        ),
                        name="online_payment_captured_is_confirmed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ("authorised", "partially_captured", "captured")),
                                _negated=True,
                            ),
                            models.Q(
                                ("amount__gte", 0),
                                ("person__isnull", False),
                                ("sale__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="online_payment_is_somebodys_sale",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["live", "test"])),
                        name="online_payment_mode_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("capture_mode__in", ["automatic", "manual"])),
                        name="online_payment_capture_mode_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("language__in", ["nl", "en"])),
                        name="online_payment_language_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                        name="online_payment_currency_is_iso",
                    ),
                ],
            },
        ),
        run_sql(__file__, "online"),
    ]
