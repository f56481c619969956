"""Money paid back to shoppers: refunds, and on whose risk they go at once."""

import django.db.models.deletion
from django.db import migrations, models

import payments.states
from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0004_find_store"),
        ("payments", "0004_settlement"),
        ("trade", "0004_returns"),
    ]

    operations = [
        migrations.CreateModel(
            name="Refund",
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
                ("amount", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("attempt", models.PositiveSmallIntegerField(default=1)),
                ("refunded_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(default=payments.states.RefundState["WAITING"], max_length=8),
                ),
                ("iban", models.CharField(blank=True, max_length=34, verbose_name="IBAN")),
                ("holder", models.CharField(blank=True, max_length=70)),
                ("end_to_end_id", models.CharField(max_length=35)),
                ("ordered_at", models.DateTimeField(null=True)),
                ("due_on", models.DateField(null=True)),
                ("paid_on", models.DateField(null=True)),
                ("returned_on", models.DateField(null=True)),
                ("reason", models.CharField(blank=True, max_length=35)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", payments.states.RefundState["WAITING"])),
                        fields=["mode", "id"],
                        name="refund_to_order",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("mode", "end_to_end_id"), name="refund_by_end_to_end_id"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)),
                        name="refund_amount_is_more_than_zero",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", payments.states.RefundState["PAID"]), _negated=True),
                            ("paid_on__isnull", False),
                            _connector="OR",
                        ),
                        name="refund_paid_on_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(
                                    ("state", payments.states.RefundState["RETURNED"]),
                                    _negated=True,
                                ),
                                ("reason", ""),
                                ("returned_on", None),
                            ),
                            models.Q(
                                ("returned_on__isnull", False),
                                ("state", payments.states.RefundState["RETURNED"]),
                            ),
                            _connector="OR",
                        ),
                        name="refund_returned_on_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                        name="refund_currency_is_iso",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["live", "test"])),
                        name="refund_mode_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["waiting", "set_off", "ordered", "paid", "returned"])
                        ),
                        name="refund_state_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RefundTerms",
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
                ("at_once", models.BooleanField()),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "db_table": "payments_refund_terms",
            },
        ),
        migrations.RemoveConstraint(
            model_name="collection",
            name="collection_follow_up_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="expectation",
            name="expectation_kind_is_known",
        ),
        migrations.AlterField(
            model_name="expectation",
            name="kind",
            field=models.CharField(
                choices=[("collection", "collection"), ("payout", "payout"), ("refund", "refund")],
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="collection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "follow_up__in",
                        ["", "retry", "new_mandate", "ask_person", "look", "refunded"],
                    )
                ),
                name="collection_follow_up_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="expectation",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["collection", "payout", "refund"])),
                name="expectation_kind_is_known",
            ),
        ),
        migrations.AddField(
            model_name="refund",
            name="bank_account",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="payments.bankaccount",
            ),
        ),
        migrations.AddField(
            model_name="refund",
            name="house_account",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="payments.houseaccount",
            ),
        ),
        migrations.AddField(
            model_name="refund",
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
            model_name="refund",
            name="outgoing_file",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="payments.outgoingfile",
            ),
        ),
        migrations.AddField(
            model_name="refund",
            name="pay_to",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="payments.bankaccount",
            ),
        ),
        migrations.AddField(
            model_name="refund",
            name="payment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="payments.payment"
            ),
        ),
        migrations.AddField(
            model_name="refund",
            name="retry_of",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="retry",
                to="payments.refund",
            ),
        ),
        migrations.AddField(
            model_name="refund",
            name="sale_return",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="trade.return",
            ),
        ),
        migrations.AddIndex(
            model_name="refund",
            index=models.Index(fields=["outgoing_file"], name="refund_by_file"),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.UniqueConstraint(
                fields=("sale_return", "attempt"), name="refund_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="refund",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("attempt", 1), ("retry_of", None)),
                    models.Q(("attempt__gt", 1), ("retry_of__isnull", False)),
                    _connector="OR",
                ),
                name="refund_retry_has_its_first_attempt",
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
        run_sql(__file__, "refunds"),
    ]
