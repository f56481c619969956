"""Plans and what accrues by them, invoices, and bookkeeping programs elsewhere."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0005_merchant_address"),
        ("payments", "0006_limits"),
        ("trade", "0003_lines_fit"),
    ]

    operations = [
        migrations.CreateModel(
            name="BookkeepingLink",
            fields=[
                (
                    "merchant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="parties.merchant",
                    ),
                ),
                ("administration", models.CharField(max_length=20)),
                ("financial_account", models.CharField(max_length=20)),
                ("contact", models.CharField(max_length=20)),
                ("tax_rate", models.CharField(max_length=20)),
                ("token", models.BinaryField()),
                ("since", models.DateField()),
                ("connected_at", models.DateTimeField()),
            ],
            options={
                "db_table": "payments_bookkeeping_link",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("administration__regex", "^[0-9]{1,20}$"),
                            ("contact__regex", "^[0-9]{1,20}$"),
                            ("financial_account__regex", "^[0-9]{1,20}$"),
                            ("tax_rate__regex", "^[0-9]{1,20}$"),
                        ),
                        name="bookkeeping_link_numbers_are_plain",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="BookkeepingPush",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("invoice", "invoice"), ("statement", "statement")], max_length=9
                    ),
                ),
                ("subject", models.CharField(max_length=20)),
                ("state", models.CharField(default="due", max_length=7)),
                ("external_id", models.CharField(blank=True, max_length=20)),
                ("attempts", models.IntegerField(default=0)),
                ("next_attempt_at", models.DateTimeField()),
                ("claimed_at", models.DateTimeField(null=True)),
                ("last_error", models.CharField(blank=True, max_length=500)),
            ],
            options={
                "db_table": "payments_bookkeeping_push",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["sent", "refused"]), _negated=True),
                        fields=["next_attempt_at"],
                        name="bookkeeping_push_waiting",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["invoice", "statement"])),
                        name="bookkeeping_push_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["due", "sending", "sent", "unknown", "refused"])
                        ),
                        name="bookkeeping_push_state_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Fee",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("monthly", "monthly"),
                            ("payment", "payment"),
                            ("refund", "refund"),
                        ],
                        max_length=8,
                    ),
                ),
                ("subject_id", models.BigIntegerField()),
                ("channel", models.CharField(blank=True, max_length=8)),
                ("amount", models.BigIntegerField()),
                ("vat_rate_bp", models.IntegerField()),
                ("accrued_on", models.DateField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount__lte", 0), ("kind", "refund")),
                            models.Q(
                                models.Q(("kind", "refund"), _negated=True), ("amount__gte", 0)
                            ),
                            _connector="OR",
                        ),
                        name="fee_is_asked_or_given_back",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("vat_rate_bp__range", (1, 10000))),
                        name="fee_vat_rate_is_a_rate",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["monthly", "payment", "refund"])),
                        name="fee_kind_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Invoice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("invoice", "invoice"), ("credit_note", "credit note")],
                        max_length=11,
                    ),
                ),
                ("year", models.IntegerField()),
                ("sequence", models.IntegerField()),
                ("number", models.CharField(max_length=20, unique=True)),
                ("issued_on", models.DateField()),
                ("due_on", models.DateField()),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("currency", models.CharField(max_length=3)),
                ("language", models.CharField(max_length=2)),
                ("net", models.BigIntegerField()),
                ("vat", models.BigIntegerField()),
                ("gross", models.BigIntegerField()),
                ("rounding", models.BigIntegerField()),
                ("settled", models.BigIntegerField()),
                ("settled_on", models.DateField(null=True)),
                ("seller", models.JSONField()),
                ("buyer", models.JSONField()),
                ("reason", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("year", "sequence"), name="invoice_by_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "gross",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("net"), "+", models.F("vat")
                                ),
                            ),
                            ("gross__gt", 0),
                            ("net__gt", 0),
                            ("vat__gte", 0),
                        ),
                        name="invoice_gross_is_net_and_vat",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("settled__gte", 0), ("settled__lte", models.F("gross"))
                        ),
                        name="invoice_settled_is_a_part",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("due_on__gte", models.F("issued_on")),
                            ("last_day__gte", models.F("first_day")),
                        ),
                        name="invoice_days_are_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                        name="invoice_currency_is_iso",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["invoice", "credit_note"])),
                        name="invoice_kind_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InvoiceFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("form", models.CharField(choices=[("pdf", "PDF"), ("ubl", "UBL")], max_length=3)),
                ("content", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
            ],
            options={
                "db_table": "payments_invoice_file",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="invoice_file_hash_is_sha256",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("form__in", ["pdf", "ubl"])),
                        name="invoice_file_form_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InvoiceLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.SmallIntegerField()),
                ("kind", models.CharField(max_length=8)),
                ("channel", models.CharField(blank=True, max_length=8)),
                ("fixed", models.BigIntegerField()),
                ("percentage_bp", models.IntegerField()),
                ("vat_rate_bp", models.IntegerField()),
                ("count", models.BigIntegerField()),
                ("accrued", models.BigIntegerField()),
                ("net", models.BigIntegerField()),
                ("name", models.CharField(max_length=120)),
                ("detail", models.CharField(blank=True, max_length=200)),
            ],
            options={
                "db_table": "payments_invoice_line",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "accrued__range",
                                (
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("net"), "*", models.Value(100)
                                        ),
                                        "-",
                                        models.Value(50),
                                    ),
                                    django.db.models.expressions.CombinedExpression(
                                        django.db.models.expressions.CombinedExpression(
                                            models.F("net"), "*", models.Value(100)
                                        ),
                                        "+",
                                        models.Value(50),
                                    ),
                                ),
                            )
                        ),
                        name="invoice_line_is_rounded_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("count__gt", 0)), name="invoice_line_counts_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["monthly", "payment", "refund"])),
                        name="invoice_line_kind_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="InvoiceSeries",
            fields=[
                ("year", models.IntegerField(primary_key=True, serialize=False)),
                ("last", models.IntegerField()),
            ],
            options={
                "db_table": "payments_invoice_series",
            },
        ),
        migrations.CreateModel(
            name="MerchantPlan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateField()),
            ],
            options={
                "db_table": "payments_merchant_plan",
            },
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=32, unique=True)),
                ("name", models.JSONField()),
                ("is_default", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_default", True)),
                        fields=("is_default",),
                        name="plan_has_one_default",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9-]{1,64}$")),
                        name="plan_code_is_plain",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanPrice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateField()),
                ("monthly", models.BigIntegerField()),
                ("in_store_fixed", models.BigIntegerField()),
                ("in_store_bp", models.IntegerField()),
                ("online_fixed", models.BigIntegerField()),
                ("online_bp", models.IntegerField()),
                ("returns_fees", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "payments_plan_price",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("in_store_bp__range", (0, 10000)),
                            ("in_store_fixed__gte", 0),
                            ("monthly__gte", 0),
                            ("online_bp__range", (0, 10000)),
                            ("online_fixed__gte", 0),
                        ),
                        name="plan_price_is_not_negative",
                    )
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="expectation",
            name="expectation_kind_is_known",
        ),
        migrations.AlterField(
            model_name="expectation",
            name="kind",
            field=models.CharField(
                choices=[
                    ("collection", "collection"),
                    ("payout", "payout"),
                    ("refund", "refund"),
                    ("invoice", "invoice"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="expectation",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["collection", "payout", "refund", "invoice"])),
                name="expectation_kind_is_known",
            ),
        ),
        migrations.AddField(
            model_name="bookkeepingpush",
            name="merchant",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="parties.merchant",
            ),
        ),
        migrations.AddField(
            model_name="fee",
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
            model_name="fee",
            name="sale",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="trade.sale",
            ),
        ),
        migrations.AddField(
            model_name="invoice",
            name="credits",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="credited_by",
                to="payments.invoice",
            ),
        ),
        migrations.AddField(
            model_name="invoice",
            name="house_account",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="payments.houseaccount",
            ),
        ),
        migrations.AddField(
            model_name="invoice",
            name="merchant",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="parties.merchant",
            ),
        ),
        migrations.AddField(
            model_name="fee",
            name="invoice",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="payments.invoice",
            ),
        ),
        migrations.AddField(
            model_name="invoicefile",
            name="invoice",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="payments.invoice",
            ),
        ),
        migrations.AddField(
            model_name="invoiceline",
            name="invoice",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="payments.invoice",
            ),
        ),
        migrations.AddField(
            model_name="merchantplan",
            name="merchant",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="parties.merchant",
            ),
        ),
        migrations.AddField(
            model_name="merchantplan",
            name="plan",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="payments.plan",
            ),
        ),
        migrations.AddField(
            model_name="planprice",
            name="plan",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="payments.plan",
            ),
        ),
        migrations.AddField(
            model_name="fee",
            name="price",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="payments.planprice",
            ),
        ),
        migrations.AddConstraint(
            model_name="bookkeepingpush",
            constraint=models.UniqueConstraint(
                fields=("merchant", "kind", "subject"), name="bookkeeping_push_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.UniqueConstraint(
                fields=("merchant", "id"), name="invoice_by_merchant"
            ),
        ),
        migrations.AddConstraint(
            model_name="invoice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("credits", None), ("kind", "invoice"), ("reason", "")),
                    models.Q(
                        ("credits__isnull", False),
                        ("kind", "credit_note"),
                        models.Q(("reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="invoice_is_credited_for_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoicefile",
            constraint=models.UniqueConstraint(
                fields=("invoice", "form"), name="invoice_file_by_form"
            ),
        ),
        migrations.AddConstraint(
            model_name="invoiceline",
            constraint=models.UniqueConstraint(
                fields=("invoice", "number"), name="invoice_line_by_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="merchantplan",
            constraint=models.UniqueConstraint(
                fields=("merchant", "since"), name="merchant_plan_since"
            ),
        ),
        migrations.AddConstraint(
            model_name="planprice",
            constraint=models.UniqueConstraint(fields=("plan", "since"), name="plan_price_since"),
        ),
        migrations.AddIndex(
            model_name="fee",
            index=models.Index(
                condition=models.Q(("invoice", None)),
                fields=["merchant", "accrued_on"],
                name="fee_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="fee",
            index=models.Index(
                condition=models.Q(("invoice__isnull", False)),
                fields=["invoice", "kind", "channel", "id"],
                name="fee_of_invoice",
            ),
        ),
        migrations.AddIndex(
            model_name="fee",
            index=models.Index(
                condition=models.Q(("kind", "refund")), fields=["sale"], name="fee_given_back"
            ),
        ),
        migrations.AddConstraint(
            model_name="fee",
            constraint=models.UniqueConstraint(
                fields=("subject_id", "kind", "merchant"), name="fee_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="fee",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("channel", ""), ("kind", "monthly"), ("sale", None)),
                    models.Q(
                        models.Q(("kind", "monthly"), _negated=True),
                        ("sale__isnull", False),
                        models.Q(("channel", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="fee_of_a_month_or_a_sale",
            ),
        ),
        run_sql(__file__, "fees"),
    ]
