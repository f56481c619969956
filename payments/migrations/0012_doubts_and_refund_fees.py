"""Payouts and refunds that the bank timed out on; and what a refund itself costs."""

from django.db import migrations, models

import payments.bookkeeping.fees
import payments.states
from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0005_merchant_address"),
        ("payments", "0011_online"),
        ("trade", "0004_returns"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="payout",
            name="payout_state_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="refund",
            name="refund_ordered_is_in_a_file",
        ),
        migrations.RemoveConstraint(
            model_name="refund",
            name="refund_state_is_known",
        ),
        migrations.AddField(
            model_name="payout",
            name="doubt",
            field=models.CharField(blank=True, db_default="", default="", max_length=35),
        ),
        migrations.AddField(
            model_name="payout",
            name="doubted_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="payout",
            name="given_up_by",
            field=models.CharField(blank=True, db_default="", default="", max_length=9),
        ),
        migrations.AddField(
            model_name="refund",
            name="doubt",
            field=models.CharField(blank=True, db_default="", default="", max_length=35),
        ),
        migrations.AddField(
            model_name="refund",
            name="doubted_on",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="refund",
            name="given_up_by",
            field=models.CharField(blank=True, db_default="", default="", max_length=9),
        ),
        migrations.AddIndex(
            model_name="payout",
            index=models.Index(
                condition=models.Q(("state", payments.states.PayoutState["UNKNOWN"])),
                fields=["doubted_on"],
                name="payout_in_doubt",
            ),
        ),
        migrations.AddIndex(
            model_name="refund",
            index=models.Index(
                condition=models.Q(("state", payments.states.RefundState["UNKNOWN"])),
                fields=["doubted_on"],
                name="refund_in_doubt",
            ),
        ),
        migrations.AddConstraint(
            model_name="payout",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("doubt", ""),
                        ("doubted_on", None),
                        models.Q(("state", payments.states.PayoutState["UNKNOWN"]), _negated=True),
                    ),
                    models.Q(models.Q(("doubt", ""), _negated=True), ("doubted_on__isnull", False)),
                    _connector="OR",
                ),
                name="payout_doubted_on_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="payout",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("given_up_by", ""),
                    models.Q(
                        ("given_up_by__in", ["statement", "person"]),
                        ("state", payments.states.PayoutState["RETURNED"]),
                        models.Q(("doubt", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="payout_given_up_by_evidence",
            ),
        ),
        migrations.AddConstraint(
            model_name="payout",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["ordered", "unknown", "paid", "returned"])),
                name="payout_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("house_account", None),
                        ("iban", ""),
                        ("outgoing_file", None),
                        (
                            "state__in",
                            (
                                payments.states.RefundState["WAITING"],
                                payments.states.RefundState["SET_OFF"],
                            ),
                        ),
                    ),
                    models.Q(
                        ("due_on__isnull", False),
                        ("house_account__isnull", False),
                        ("iban__regex", "^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$"),
                        ("outgoing_file__isnull", False),
                        (
                            "state__in",
                            (
                                payments.states.RefundState["ORDERED"],
                                payments.states.RefundState["UNKNOWN"],
                                payments.states.RefundState["PAID"],
                                payments.states.RefundState["RETURNED"],
                            ),
                        ),
                    ),
                    _connector="OR",
                ),
                name="refund_ordered_is_in_a_file",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("doubt", ""),
                        ("doubted_on", None),
                        models.Q(("state", payments.states.PayoutState["UNKNOWN"]), _negated=True),
                    ),
                    models.Q(models.Q(("doubt", ""), _negated=True), ("doubted_on__isnull", False)),
                    _connector="OR",
                ),
                name="refund_doubted_on_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("given_up_by", ""),
                    models.Q(
                        ("given_up_by__in", ["statement", "person"]),
                        ("state", payments.states.PayoutState["RETURNED"]),
                        models.Q(("doubt", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="refund_given_up_by_evidence",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["waiting", "set_off", "ordered", "unknown", "paid", "returned"])
                ),
                name="refund_state_is_known",
            ),
        ),
        run_sql(__file__, "doubts"),
        migrations.RemoveConstraint(
            model_name="fee",
            name="fee_of_a_month_or_a_sale",
        ),
        migrations.RemoveConstraint(
            model_name="fee",
            name="fee_kind_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="invoiceline",
            name="invoice_line_kind_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="planprice",
            name="plan_price_is_not_negative",
        ),
        migrations.AddField(
            model_name="planprice",
            name="refund_fixed",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AlterField(
            model_name="fee",
            name="kind",
            field=models.CharField(
                choices=[
                    ("monthly", "monthly"),
                    ("payment", "payment"),
                    ("refund", "refund"),
                    ("handling", "handling"),
                ],
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="fee",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("channel", ""),
                        ("kind", payments.bookkeeping.fees.FeeKind["MONTHLY"]),
                        ("sale", None),
                    ),
                    models.Q(
                        ("channel", ""),
                        ("kind", payments.bookkeeping.fees.FeeKind["HANDLING"]),
                        ("sale__isnull", False),
                    ),
                    models.Q(
                        models.Q(
                            (
                                "kind__in",
                                (
                                    payments.bookkeeping.fees.FeeKind["MONTHLY"],
                                    payments.bookkeeping.fees.FeeKind["HANDLING"],
                                ),
                            ),
                            _negated=True,
                        ),
                        ("sale__isnull", False),
                        models.Q(("channel", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="fee_of_a_month_or_a_sale",
            ),
        ),
        migrations.AddConstraint(
            model_name="fee",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["monthly", "payment", "refund", "handling"])),
                name="fee_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="invoiceline",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["monthly", "payment", "refund", "handling"])),
                name="invoice_line_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="planprice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("in_store_bp__range", (0, 10000)),
                    ("in_store_fixed__gte", 0),
                    ("monthly__gte", 0),
                    ("online_bp__range", (0, 10000)),
                    ("online_fixed__gte", 0),
                    ("refund_fixed__gte", 0),
                ),
                name="plan_price_is_not_negative",
            ),
        ),
        run_sql(__file__, "refund_fees"),
    ]
