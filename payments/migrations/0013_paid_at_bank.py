"""A purchase that its shopper pays at the bank, also from an account that nobody has signed for."""

import django.db.models.deletion
from django.db import migrations, models

import payments.states
from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0005_merchant_address"),
        ("payments", "0012_doubts_and_refund_fees"),
        ("trade", "0004_returns"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="bankpayment",
            name="bank_payment_purpose_is_known",
        ),
        migrations.AddField(
            model_name="authorisation",
            name="bank_payment",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="payments.bankpayment",
            ),
        ),
        migrations.AddField(
            model_name="bankpayment",
            name="allotted_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="refund",
            name="bank_payment",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="payments.bankpayment",
            ),
        ),
        migrations.AlterField(
            model_name="bankpayment",
            name="purpose",
            field=models.CharField(
                choices=[("proof", "proof"), ("debt", "debt"), ("online", "online")], max_length=8
            ),
        ),
        migrations.AlterField(
            model_name="refund",
            name="payment",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="payments.payment",
            ),
        ),
        migrations.AlterField(
            model_name="refund",
            name="sale_return",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="trade.return",
            ),
        ),
        migrations.AddIndex(
            model_name="bankpayment",
            index=models.Index(
                condition=models.Q(
                    ("allotted_at", None),
                    ("purpose", "online"),
                    ("state", payments.states.BankPaymentState["COMPLETED"]),
                ),
                fields=["id"],
                name="bank_payment_to_allot",
            ),
        ),
        migrations.AddIndex(
            model_name="bankpayment",
            index=models.Index(fields=["purpose", "subject_id"], name="bank_payment_for"),
        ),
        migrations.AddConstraint(
            model_name="bankpayment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("allotted_at", None),
                    models.Q(
                        ("purpose", "online"),
                        ("state", payments.states.BankPaymentState["COMPLETED"]),
                    ),
                    _connector="OR",
                ),
                name="bank_payment_allotted_is_of_a_purchase",
            ),
        ),
        migrations.AddConstraint(
            model_name="bankpayment",
            constraint=models.CheckConstraint(
                condition=models.Q(("purpose__in", ["proof", "debt", "online"])),
                name="bank_payment_purpose_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.UniqueConstraint(
                fields=("bank_payment", "attempt"), name="given_back_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("bank_payment__isnull", True),
                        ("payment__isnull", False),
                        ("sale_return__isnull", False),
                    ),
                    models.Q(
                        ("bank_payment__isnull", False),
                        ("payment__isnull", True),
                        ("sale_return__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="refund_is_of_a_return_or_given_back",
            ),
        ),
        run_sql(__file__, "paid_at_bank"),
    ]
