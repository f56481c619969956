"""Keys that rotate, are held to networks and limits, and till vendors with keys of their own."""

import datetime

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0007_browser_sessions"),
    ]

    operations = [
        migrations.CreateModel(
            name="PartnerKey",
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
                ("name", models.CharField(max_length=120)),
                ("prefix", models.CharField(max_length=12)),
                ("digest", models.CharField(max_length=64)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("sales:read", "Sales Read"),
                                ("sales:write", "Sales Write"),
                                ("payments:write", "Payments Write"),
                                ("products:write", "Products Write"),
                                ("refunds:write", "Refunds Write"),
                                ("ledger:read", "Ledger Read"),
                                ("proofs:read", "Proofs Read"),
                                ("test:codes", "Test Codes"),
                            ],
                            max_length=32,
                        ),
                        size=None,
                    ),
                ),
                (
                    "networks",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=43),
                        db_default=[],
                        default=list,
                        size=None,
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField(null=True)),
                ("last_used_from", models.CharField(db_default="", default="", max_length=43)),
                ("revoked_at", models.DateTimeField(null=True)),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.partner",
                    ),
                ),
            ],
            options={
                "db_table": "parties_partner_key",
                "constraints": [
                    models.UniqueConstraint(fields=("prefix",), name="partner_key_by_prefix"),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["live", "test"])),
                        name="partner_key_mode_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "scopes__contained_by",
                                [
                                    "sales:read",
                                    "sales:write",
                                    "payments:write",
                                    "products:write",
                                    "refunds:write",
                                    "ledger:read",
                                    "proofs:read",
                                    "test:codes",
                                ],
                            )
                        ),
                        name="partner_key_scopes_are_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("mode", "test"),
                            models.Q(("scopes__contains", ["test:codes"]), _negated=True),
                            _connector="OR",
                        ),
                        name="partner_key_test_codes_in_test_only",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RefundCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("holder", models.CharField(max_length=32)),
                ("day", models.DateField()),
                ("reference", models.CharField(blank=True, default="", max_length=64)),
                ("amount", models.BigIntegerField()),
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
                "db_table": "parties_refund_count",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("holder", "day", "reference"), name="refund_count_by_holder"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gte", 0)),
                        name="refund_count_amount_not_below_zero",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="apikey",
            name="calls_per_minute",
            field=models.IntegerField(null=True),
        ),
        migrations.AddField(
            model_name="apikey",
            name="ends_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="apikey",
            name="last_used_from",
            field=models.CharField(db_default="", default="", max_length=43),
        ),
        migrations.AddField(
            model_name="apikey",
            name="made_by",
            field=models.CharField(db_default="", default="", max_length=80),
        ),
        migrations.AddField(
            model_name="apikey",
            name="networks",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=43), db_default=[], default=list, size=None
            ),
        ),
        migrations.AddField(
            model_name="apikey",
            name="origin",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="parties.apikey",
            ),
        ),
        migrations.AddField(
            model_name="apikey",
            name="refunds_a_day",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="apikey",
            name="refunds_a_reference",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="apikey",
            name="rotated_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="partnergrant",
            name="live_scopes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("sales:read", "Sales Read"),
                        ("sales:write", "Sales Write"),
                        ("payments:write", "Payments Write"),
                        ("products:write", "Products Write"),
                        ("refunds:write", "Refunds Write"),
                        ("ledger:read", "Ledger Read"),
                        ("proofs:read", "Proofs Read"),
                        ("test:codes", "Test Codes"),
                    ],
                    max_length=32,
                ),
                db_default=[],
                default=list,
                size=None,
            ),
        ),
        migrations.AddField(
            model_name="partnergrant",
            name="refunds_a_day",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="partnergrant",
            name="refunds_a_reference",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="partnergrant",
            name="test_scopes",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("sales:read", "Sales Read"),
                        ("sales:write", "Sales Write"),
                        ("payments:write", "Payments Write"),
                        ("products:write", "Products Write"),
                        ("refunds:write", "Refunds Write"),
                        ("ledger:read", "Ledger Read"),
                        ("proofs:read", "Proofs Read"),
                        ("test:codes", "Test Codes"),
                    ],
                    max_length=32,
                ),
                db_default=[],
                default=list,
                size=None,
            ),
        ),
        migrations.AddConstraint(
            model_name="apikey",
            constraint=models.UniqueConstraint(
                fields=("merchant", "id"), name="api_key_by_merchant"
            ),
        ),
        migrations.AddConstraint(
            model_name="apikey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ends_at", None), ("rotated_at", None)),
                    models.Q(
                        ("ends_at__gte", models.F("rotated_at")),
                        ("ends_at__isnull", False),
                        (
                            "ends_at__lte",
                            django.db.models.expressions.CombinedExpression(
                                models.F("rotated_at"),
                                "+",
                                models.Value(datetime.timedelta(days=7)),
                            ),
                        ),
                        ("rotated_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="api_key_ends_within_a_week",
            ),
        ),
        migrations.AddConstraint(
            model_name="apikey",
            constraint=models.CheckConstraint(
                condition=models.Q(("calls_per_minute__gte", 1)), name="api_key_may_be_used"
            ),
        ),
        migrations.AddConstraint(
            model_name="apikey",
            constraint=models.CheckConstraint(
                condition=models.Q(("refunds_a_day__gte", 0)),
                name="api_key_refunds_a_day_not_below_zero",
            ),
        ),
        migrations.AddConstraint(
            model_name="apikey",
            constraint=models.CheckConstraint(
                condition=models.Q(("refunds_a_reference__gte", 0)),
                name="api_key_refunds_a_reference_not_below_zero",
            ),
        ),
        migrations.AddConstraint(
            model_name="partnergrant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "live_scopes__contained_by",
                        [
                            "sales:read",
                            "sales:write",
                            "payments:write",
                            "products:write",
                            "refunds:write",
                            "ledger:read",
                            "proofs:read",
                        ],
                    ),
                    (
                        "test_scopes__contained_by",
                        [
                            "sales:read",
                            "sales:write",
                            "payments:write",
                            "products:write",
                            "refunds:write",
                            "ledger:read",
                            "proofs:read",
                            "test:codes",
                        ],
                    ),
                ),
                name="grant_scopes_are_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="partnergrant",
            constraint=models.CheckConstraint(
                condition=models.Q(("refunds_a_day__gte", 0)),
                name="grant_refunds_a_day_not_below_zero",
            ),
        ),
        migrations.AddConstraint(
            model_name="partnergrant",
            constraint=models.CheckConstraint(
                condition=models.Q(("refunds_a_reference__gte", 0)),
                name="grant_refunds_a_reference_not_below_zero",
            ),
        ),
        run_sql(__file__, "keys"),
    ]
