"""Mandates, collections, payouts, and the files that go to the bank for them."""

import django.db.models.deletion
from django.db import migrations, models

import payments.models.fields
from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0004_find_store"),
        ("payments", "0003_reconciliation"),
    ]

    operations = [
        migrations.CreateModel(
            name="Mandate",
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
                ("reference", models.CharField(max_length=35, unique=True)),
                ("text_version", models.PositiveSmallIntegerField()),
                ("signed_at", models.DateTimeField()),
                ("state", models.CharField(default="active", max_length=8)),
                ("closed_at", models.DateTimeField(null=True)),
                ("closed_reason", models.CharField(blank=True, max_length=16)),
                ("first_settled_at", models.DateTimeField(null=True)),
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
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "active")),
                        fields=("bank_account",),
                        name="mandate_is_signed_once",
                    ),
                    models.UniqueConstraint(
                        fields=("bank_account", "mode", "id"), name="mandate_by_bank_account"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reference__regex", "^[A-Z0-9-]{1,35}$")),
                        name="mandate_reference_is_plain",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_at", None), ("closed_reason", ""), ("state", "active")
                            ),
                            models.Q(
                                ("closed_at__isnull", False),
                                ("state", "closed"),
                                models.Q(("closed_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="mandate_closed_for_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["live", "test"])),
                        name="mandate_mode_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["active", "closed"])),
                        name="mandate_state_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OutgoingFile",
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
                ("kind", models.CharField(max_length=8)),
                ("name", models.CharField(max_length=80, unique=True)),
                ("message_id", models.CharField(max_length=35, unique=True)),
                ("content", models.BinaryField()),
                ("sha256", models.CharField(max_length=64)),
                ("transactions", models.PositiveIntegerField()),
                ("total", models.BigIntegerField()),
                ("state", models.CharField(default="made", max_length=7)),
                ("made_at", models.DateTimeField()),
                ("claimed_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("last_error", models.CharField(blank=True, max_length=500)),
                (
                    "house_account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.houseaccount",
                    ),
                ),
            ],
            options={
                "db_table": "payments_outgoing_file",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "sent"), _negated=True),
                        fields=["state", "id"],
                        name="outgoing_file_to_send",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("name__regex", "^[A-Za-z0-9][A-Za-z0-9._-]*$")),
                        name="outgoing_file_name_is_plain",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="outgoing_file_hash_is_sha256",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("total__gt", 0), ("transactions__gt", 0)),
                        name="outgoing_file_is_not_empty",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "sent"), _negated=True),
                            ("sent_at__isnull", False),
                            _connector="OR",
                        ),
                        name="outgoing_file_sent_at_a_moment",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["live", "test"])),
                        name="outgoing_file_mode_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["pain.001", "pain.008"])),
                        name="outgoing_file_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["made", "sending", "sent", "unknown"])),
                        name="outgoing_file_state_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Collection",
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
                ("end_to_end_id", models.CharField(max_length=35)),
                ("attempt", models.PositiveSmallIntegerField(default=1)),
                ("announced_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                ("state", models.CharField(default="announced", max_length=9)),
                ("sequence", models.CharField(blank=True, max_length=4)),
                ("settled_on", models.DateField(null=True)),
                ("returned_on", models.DateField(null=True)),
                ("reason", models.CharField(blank=True, max_length=35)),
                ("follow_up", models.CharField(blank=True, max_length=11)),
                ("dunning_level", models.PositiveSmallIntegerField(default=0)),
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
                    "house_account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.houseaccount",
                    ),
                ),
                (
                    "retry_of",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="retry",
                        to="payments.collection",
                    ),
                ),
                (
                    "mandate",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.mandate",
                    ),
                ),
                (
                    "outgoing_file",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.outgoingfile",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "announced")),
                        fields=["house_account", "due_on"],
                        name="collection_to_send",
                    ),
                    models.Index(
                        condition=models.Q(("state", "returned")),
                        fields=["follow_up"],
                        name="collection_in_arrears",
                    ),
                    models.Index(fields=["outgoing_file"], name="collection_by_file"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("mode", "end_to_end_id"), name="collection_by_end_to_end_id"
                    ),
                    models.UniqueConstraint(
                        fields=("bank_account", "mode", "id"), name="collection_by_bank_account"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)),
                        name="collection_amount_is_more_than_zero",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("attempt", 1), ("retry_of", None)),
                            models.Q(("attempt__gt", 1), ("retry_of__isnull", False)),
                            _connector="OR",
                        ),
                        name="collection_retry_has_its_first_attempt",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("outgoing_file", None),
                                ("sequence", ""),
                                ("state__in", ("announced", "cancelled")),
                            ),
                            models.Q(
                                ("outgoing_file__isnull", False),
                                ("sequence__in", ("FRST", "RCUR")),
                                ("state__in", ("sent", "settled", "returned")),
                            ),
                            _connector="OR",
                        ),
                        name="collection_sent_is_in_a_file",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("state", "returned"), _negated=True),
                                ("follow_up", ""),
                                ("reason", ""),
                                ("returned_on", None),
                            ),
                            models.Q(
                                ("returned_on__isnull", False),
                                ("state", "returned"),
                                models.Q(("follow_up", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="collection_returned_leads_on",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "settled"), _negated=True),
                            ("settled_on__isnull", False),
                            _connector="OR",
                        ),
                        name="collection_settled_on_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                        name="collection_currency_is_iso",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["live", "test"])),
                        name="collection_mode_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["announced", "sent", "settled", "returned", "cancelled"])
                        ),
                        name="collection_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("follow_up__in", ["", "retry", "new_mandate", "ask_person", "look"])
                        ),
                        name="collection_follow_up_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Payout",
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
                ("iban", models.CharField(max_length=34, verbose_name="IBAN")),
                ("holder", models.CharField(max_length=70)),
                ("amount", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("end_to_end_id", models.CharField(max_length=35)),
                ("cut_at", models.DateTimeField()),
                ("ordered_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                ("state", models.CharField(default="ordered", max_length=8)),
                ("paid_on", models.DateField(null=True)),
                ("returned_on", models.DateField(null=True)),
                ("reason", models.CharField(blank=True, max_length=35)),
                (
                    "house_account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.houseaccount",
                    ),
                ),
                (
                    "merchant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.merchant",
                    ),
                ),
                (
                    "outgoing_file",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.outgoingfile",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["outgoing_file"], name="payout_by_file")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("mode", "end_to_end_id"), name="payout_by_end_to_end_id"
                    ),
                    models.UniqueConstraint(
                        fields=("merchant", "mode", "id"), name="payout_by_merchant"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount__gt", 0)),
                        name="payout_amount_is_more_than_zero",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "paid"), _negated=True),
                            ("paid_on__isnull", False),
                            _connector="OR",
                        ),
                        name="payout_paid_on_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(("state", "returned"), _negated=True),
                                ("reason", ""),
                                ("returned_on", None),
                            ),
                            models.Q(("returned_on__isnull", False), ("state", "returned")),
                            _connector="OR",
                        ),
                        name="payout_returned_on_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                        name="payout_currency_is_iso",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["live", "test"])),
                        name="payout_mode_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["ordered", "paid", "returned"])),
                        name="payout_state_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PayoutItem",
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
                ("booked_at", models.DateTimeField()),
                (
                    "merchant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.merchant",
                    ),
                ),
                (
                    "payout",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="payments.payout",
                    ),
                ),
                (
                    "posting",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.posting",
                    ),
                ),
            ],
            options={
                "db_table": "payments_payout_item",
                "indexes": [
                    models.Index(
                        condition=models.Q(("payout", None)),
                        fields=["merchant", "mode", "booked_at", "posting"],
                        name="payout_item_waiting",
                    ),
                    models.Index(fields=["payout"], name="payout_item_of"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("posting", "merchant"), name="payout_item_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PayoutTerms",
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
                ("iban", models.CharField(max_length=34, verbose_name="IBAN")),
                ("holder", models.CharField(max_length=70)),
                ("schedule", models.CharField(default="daily", max_length=7)),
                ("threshold", models.BigIntegerField(default=1)),
                ("reserve", models.BigIntegerField(default=0)),
                ("paused_reason", models.CharField(blank=True, max_length=35)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "db_table": "payments_payout_terms",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("iban__regex", "^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$")),
                        name="payout_terms_iban_is_plain",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reserve__gte", 0), ("threshold__gt", 0)),
                        name="payout_terms_threshold_and_reserve",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("schedule__in", ["instant", "hourly", "daily", "weekly"])
                        ),
                        name="payout_terms_schedule_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SettlementMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("through", payments.models.fields.Xid8()),
            ],
            options={
                "db_table": "payments_settlement_mark",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="settlement_mark_is_one_row"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CollectionItem",
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
                ("booked_at", models.DateTimeField()),
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
                    "collection",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="payments.collection",
                    ),
                ),
                (
                    "posting",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.posting",
                    ),
                ),
            ],
            options={
                "db_table": "payments_collection_item",
                "indexes": [
                    models.Index(
                        condition=models.Q(("collection", None)),
                        fields=["bank_account"],
                        name="collection_item_waiting",
                    ),
                    models.Index(fields=["collection"], name="collection_item_of"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("posting", "bank_account"), name="collection_item_once"
                    )
                ],
            },
        ),
        run_sql(__file__, "settlement_keys"),
        run_sql(__file__, "settlement"),
    ]
