"""Whose a bank account is, payments approved at the bank, and letters about collections."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import payments.states
from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0004_find_store"),
        ("payments", "0009_acquirers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BankPayment",
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
                (
                    "purpose",
                    models.CharField(choices=[("proof", "proof"), ("debt", "debt")], max_length=8),
                ),
                ("subject_id", models.BigIntegerField()),
                ("amount", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("text", models.CharField(max_length=140)),
                ("end_to_end_id", models.CharField(db_collation="C", max_length=35)),
                ("request_id", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("payment_id", models.CharField(blank=True, max_length=128)),
                ("status", models.CharField(blank=True, max_length=4)),
                (
                    "state",
                    models.CharField(
                        default=payments.states.BankPaymentState["CREATED"], max_length=9
                    ),
                ),
                ("approval_url", models.TextField(blank=True)),
                ("return_url", models.TextField()),
                ("psu_ip", models.GenericIPAddressField(null=True)),
                ("created_at", models.DateTimeField()),
                ("claimed_at", models.DateTimeField(null=True)),
                ("polls", models.PositiveIntegerField(default=0)),
                ("next_poll_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("returned_on", models.DateField(null=True)),
                ("last_error", models.CharField(blank=True, max_length=500)),
            ],
            options={
                "db_table": "payments_bank_payment",
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            (
                                "state__in",
                                (
                                    payments.states.BankPaymentState["COMPLETED"],
                                    payments.states.BankPaymentState["REJECTED"],
                                    payments.states.BankPaymentState["CANCELLED"],
                                ),
                            ),
                            _negated=True,
                        ),
                        fields=["next_poll_at"],
                        name="bank_payment_to_ask_after",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("mode", "end_to_end_id"), name="bank_payment_by_end_to_end_id"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                (
                                    payments.states.BankPaymentState["COMPLETED"],
                                    payments.states.BankPaymentState["REJECTED"],
                                    payments.states.BankPaymentState["CANCELLED"],
                                ),
                            ),
                            _negated=True,
                        ),
                        fields=("purpose", "subject_id"),
                        name="bank_payment_is_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)),
                        name="bank_payment_amount_is_more_than_zero",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("finished_at__isnull", False),
                                ("psu_ip", None),
                                (
                                    "state__in",
                                    (
                                        payments.states.BankPaymentState["COMPLETED"],
                                        payments.states.BankPaymentState["REJECTED"],
                                        payments.states.BankPaymentState["CANCELLED"],
                                    ),
                                ),
                            ),
                            models.Q(
                                models.Q(
                                    (
                                        "state__in",
                                        (
                                            payments.states.BankPaymentState["COMPLETED"],
                                            payments.states.BankPaymentState["REJECTED"],
                                            payments.states.BankPaymentState["CANCELLED"],
                                        ),
                                    ),
                                    _negated=True,
                                ),
                                ("finished_at", None),
                            ),
                            _connector="OR",
                        ),
                        name="bank_payment_is_finished_at_a_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "state__in",
                                    (
                                        payments.states.BankPaymentState["PRESENTED"],
                                        payments.states.BankPaymentState["ACCEPTED"],
                                    ),
                                ),
                                _negated=True,
                            ),
                            models.Q(("payment_id", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="bank_payment_is_known_to_the_bank",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                        name="bank_payment_currency_is_iso",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["live", "test"])),
                        name="bank_payment_mode_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ["proof", "debt"])),
                        name="bank_payment_purpose_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "created",
                                    "sending",
                                    "presented",
                                    "accepted",
                                    "completed",
                                    "rejected",
                                    "cancelled",
                                    "unknown",
                                ],
                            )
                        ),
                        name="bank_payment_state_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Letter",
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
                            ("notice", "notice"),
                            ("returned", "returned"),
                            ("reminder", "reminder"),
                        ],
                        max_length=8,
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(default=1)),
                (
                    "mode",
                    models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4),
                ),
                (
                    "state",
                    models.CharField(default=payments.states.LetterState["WAITING"], max_length=7),
                ),
                ("due_at", models.DateTimeField()),
                ("claimed_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            (
                                "state__in",
                                (
                                    payments.states.LetterState["WAITING"],
                                    payments.states.LetterState["SENDING"],
                                ),
                            )
                        ),
                        fields=["due_at"],
                        name="letter_to_send",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", payments.states.LetterState["SENT"]), _negated=True),
                            ("sent_at__isnull", False),
                            _connector="OR",
                        ),
                        name="letter_sent_at_a_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["notice", "returned", "reminder"])),
                        name="letter_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["live", "test"])),
                        name="letter_mode_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["waiting", "sending", "sent", "dropped", "unknown"])
                        ),
                        name="letter_state_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OwnershipProof",
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
                (
                    "state",
                    models.CharField(default=payments.states.ProofState["REQUESTED"], max_length=9),
                ),
                ("code_hash", models.CharField(blank=True, max_length=64)),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                ("end_to_end_id", models.CharField(blank=True, max_length=35)),
                ("requested_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(null=True)),
                ("closed_reason", models.CharField(blank=True, max_length=35)),
                ("returned_on", models.DateField(null=True)),
            ],
            options={
                "db_table": "payments_ownership_proof",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", payments.states.ProofState["REQUESTED"])),
                        fields=["mode", "id"],
                        name="ownership_proof_to_send",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("tries__lte", 5)),
                        name="ownership_proof_tries_are_counted",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("code_hash", ""),
                                ("expires_at", None),
                                ("state", payments.states.ProofState["REQUESTED"]),
                            ),
                            ("state", payments.states.ProofState["CLOSED"]),
                            models.Q(
                                ("code_hash__regex", "^[0-9a-f]{64}$"),
                                ("expires_at__isnull", False),
                                (
                                    "state__in",
                                    (
                                        payments.states.ProofState["SENT"],
                                        payments.states.ProofState["PROVED"],
                                    ),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="ownership_proof_sent_has_a_code",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(
                                    ("state", payments.states.ProofState["CLOSED"]), _negated=True
                                ),
                                ("closed_reason", ""),
                            ),
                            models.Q(
                                ("state", payments.states.ProofState["CLOSED"]),
                                models.Q(("closed_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="ownership_proof_closed_for_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expires_at", None),
                            ("expires_at__gt", models.F("requested_at")),
                            _connector="OR",
                        ),
                        name="ownership_proof_expires_later",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["live", "test"])),
                        name="ownership_proof_mode_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["requested", "sent", "proved", "closed"])
                        ),
                        name="ownership_proof_state_is_known",
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name="collection",
            name="collection_sent_is_in_a_file",
        ),
        migrations.RemoveConstraint(
            model_name="collection",
            name="collection_returned_leads_on",
        ),
        migrations.RemoveConstraint(
            model_name="collection",
            name="collection_state_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="expectation",
            name="expectation_kind_is_known",
        ),
        migrations.AddField(
            model_name="bankaccount",
            name="name_check",
            field=models.CharField(blank=True, default="", max_length=13),
        ),
        migrations.AddField(
            model_name="bankaccount",
            name="name_checked_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="bankaccount",
            name="proved_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="bankaccount",
            name="proved_by",
            field=models.CharField(blank=True, max_length=8),
        ),
        migrations.AddField(
            model_name="bankaccount",
            name="ready_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="payoutterms",
            name="name_check",
            field=models.CharField(blank=True, db_default="", default="", max_length=13),
        ),
        migrations.AddField(
            model_name="payoutterms",
            name="name_checked_at",
            field=models.DateTimeField(null=True),
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
                    ("proof", "proof"),
                    ("bank_payment", "bank payment"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="bankaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("name_check", ""), ("name_checked_at", None)),
                    models.Q(
                        models.Q(("name_check", ""), _negated=True),
                        ("name_checked_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="bank_account_name_checked_at_a_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="bankaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("proved_at", None), ("proved_by", "")),
                    models.Q(
                        ("proved_at__isnull", False), models.Q(("proved_by", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="bank_account_proved_by_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="bankaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ready_at", None),
                    models.Q(("proved_at__isnull", False), ("removed_at", None)),
                    _connector="OR",
                ),
                name="bank_account_ready_is_proved",
            ),
        ),
        migrations.AddConstraint(
            model_name="bankaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("name_check__in", ["", "match", "close", "no_match", "not_available"])
                ),
                name="bank_account_name_check_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="bankaccount",
            constraint=models.CheckConstraint(
                condition=models.Q(("proved_by__in", ["", "cent", "bank", "voucher"])),
                name="bank_account_proved_by_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="collection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("outgoing_file", None),
                        ("sequence", ""),
                        (
                            "state__in",
                            (
                                payments.states.CollectionState["ANNOUNCED"],
                                payments.states.CollectionState["CANCELLED"],
                            ),
                        ),
                    ),
                    models.Q(
                        ("outgoing_file__isnull", False),
                        ("sequence__in", ("FRST", "RCUR")),
                        (
                            "state__in",
                            (
                                payments.states.CollectionState["SENT"],
                                payments.states.CollectionState["SETTLED"],
                                payments.states.CollectionState["RETURNED"],
                            ),
                        ),
                    ),
                    ("state", payments.states.CollectionState["PAID"]),
                    _connector="OR",
                ),
                name="collection_sent_is_in_a_file",
            ),
        ),
        migrations.AddConstraint(
            model_name="collection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(
                            ("state", payments.states.CollectionState["RETURNED"]), _negated=True
                        ),
                        ("follow_up", payments.states.FollowUp["NONE"]),
                        ("reason", ""),
                        ("returned_on", None),
                    ),
                    models.Q(
                        ("returned_on__isnull", False),
                        (
                            "state__in",
                            (
                                payments.states.CollectionState["RETURNED"],
                                payments.states.CollectionState["PAID"],
                            ),
                        ),
                        models.Q(("follow_up", payments.states.FollowUp["NONE"]), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="collection_returned_leads_on",
            ),
        ),
        migrations.AddConstraint(
            model_name="collection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["announced", "sent", "settled", "returned", "cancelled", "paid"])
                ),
                name="collection_state_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="expectation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        ["collection", "payout", "refund", "invoice", "proof", "bank_payment"],
                    )
                ),
                name="expectation_kind_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="payoutterms",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("name_check", ""), ("name_checked_at", None)),
                    models.Q(
                        models.Q(("name_check", ""), _negated=True),
                        ("name_checked_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="payout_terms_name_checked_at_a_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="payoutterms",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("name_check__in", ["", "match", "close", "no_match", "not_available"])
                ),
                name="payout_terms_name_check_is_known",
            ),
        ),
        migrations.AddField(
            model_name="bankpayment",
            name="bank_account",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="payments.bankaccount",
            ),
        ),
        migrations.AddField(
            model_name="bankpayment",
            name="house_account",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="payments.houseaccount",
            ),
        ),
        migrations.AddField(
            model_name="letter",
            name="collection",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="letters",
                to="payments.collection",
            ),
        ),
        migrations.AddField(
            model_name="ownershipproof",
            name="bank_account",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="payments.bankaccount",
            ),
        ),
        migrations.AddField(
            model_name="ownershipproof",
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
            model_name="ownershipproof",
            name="outgoing_file",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="payments.outgoingfile",
            ),
        ),
        migrations.AddIndex(
            model_name="bankpayment",
            index=models.Index(fields=["bank_account"], name="bank_payment_of"),
        ),
        migrations.AddConstraint(
            model_name="letter",
            constraint=models.UniqueConstraint(
                fields=("collection", "kind", "number"), name="letter_once"
            ),
        ),
        migrations.AddIndex(
            model_name="ownershipproof",
            index=models.Index(fields=["bank_account", "requested_at"], name="ownership_proof_of"),
        ),
        migrations.AddIndex(
            model_name="ownershipproof",
            index=models.Index(fields=["outgoing_file"], name="ownership_proof_by_file"),
        ),
        migrations.AddConstraint(
            model_name="ownershipproof",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        (
                            payments.states.ProofState["REQUESTED"],
                            payments.states.ProofState["SENT"],
                        ),
                    )
                ),
                fields=("bank_account",),
                name="ownership_proof_is_open_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="ownershipproof",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("end_to_end_id", ""), ("house_account", None), ("outgoing_file", None)
                    ),
                    models.Q(
                        ("house_account__isnull", False),
                        ("outgoing_file__isnull", False),
                        models.Q(("end_to_end_id", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="ownership_proof_is_in_a_file",
            ),
        ),
        run_sql(__file__, "ownership"),
    ]
