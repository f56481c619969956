"""Decisions about bank lines that can be taken back, and acquirers; payouts found by their state."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0004_find_store"),
        ("payments", "0007_fees"),
        ("trade", "0003_lines_fit"),
    ]

    operations = [
        migrations.CreateModel(
            name="AcquirerAccount",
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
                ("name", models.CharField(max_length=80)),
                ("iban", models.CharField(blank=True, max_length=34, verbose_name="IBAN")),
                ("currency", models.CharField(max_length=3)),
                ("mapping", models.JSONField()),
                ("since", models.DateField()),
                ("gathered_until", models.DateTimeField(null=True)),
                ("opened_at", models.DateTimeField()),
                (
                    "merchant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.merchant",
                    ),
                ),
            ],
            options={
                "db_table": "payments_acquirer_account",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merchant", "mode", "name"), name="acquirer_account_by_name"
                    ),
                    models.UniqueConstraint(
                        fields=("merchant", "mode", "id"), name="acquirer_account_by_merchant"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("iban", ""),
                            ("iban__regex", "^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$"),
                            _connector="OR",
                        ),
                        name="acquirer_account_iban_is_plain",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["live", "test"])),
                        name="acquirer_account_mode_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                        name="acquirer_account_currency_is_iso",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AcquirerFile",
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
                ("form", models.CharField(db_collation="C", max_length=8)),
                ("sha256", models.BinaryField(max_length=32)),
                ("name", models.CharField(max_length=255)),
                ("received_at", models.DateTimeField()),
                ("lines", models.IntegerField(default=0)),
                ("refusal", models.CharField(blank=True, db_collation="C", max_length=64)),
                ("line", models.BigIntegerField(null=True)),
                ("sentence", models.TextField(blank=True)),
                ("content", models.BinaryField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.acquireraccount",
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
            ],
            options={
                "db_table": "payments_acquirer_file",
                "indexes": [
                    models.Index(fields=["merchant", "mode", "-id"], name="acquirer_file_latest")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("account", "sha256", "refusal"), name="acquirer_file_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("content", None), ("refusal", "")),
                            models.Q(
                                models.Q(("refusal", ""), _negated=True), ("content__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="acquirer_file_refused_is_kept",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AcquirerBatch",
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
                ("reference", models.CharField(max_length=64)),
                ("last_day", models.DateField()),
                ("lines", models.IntegerField()),
                ("gross", models.BigIntegerField()),
                ("fee", models.BigIntegerField()),
                ("arrived", models.BigIntegerField(default=0)),
                ("arrived_on", models.DateField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.acquireraccount",
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
            ],
            options={
                "db_table": "payments_acquirer_batch",
                "indexes": [
                    models.Index(fields=["merchant", "mode", "-id"], name="acquirer_batch_latest"),
                    models.Index(
                        condition=models.Q(
                            (
                                "arrived",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("gross"), "-", models.F("fee")
                                ),
                            ),
                            _negated=True,
                        ),
                        fields=["account", "id"],
                        name="acquirer_batch_to_come",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("account", "reference"), name="acquirer_batch_by_reference"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("lines__gt", 0)), name="acquirer_batch_has_lines"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AcquirerLine",
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
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("matched", "matched"),
                            ("explained", "explained"),
                        ],
                        db_collation="C",
                        default="open",
                        max_length=9,
                    ),
                ),
                (
                    "rule",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reference", "by reference"),
                            ("amount_day", "by amount and day"),
                            ("person", "by a person"),
                        ],
                        db_collation="C",
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("number", models.IntegerField()),
                ("amount", models.BigIntegerField()),
                ("fee", models.BigIntegerField()),
                ("booked_on", models.DateField()),
                ("reference", models.TextField(db_collation="C")),
                ("bank_reference", models.TextField(db_collation="C")),
                ("text", models.TextField()),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.acquireraccount",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.acquirerbatch",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.acquirerfile",
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
            ],
            options={
                "db_table": "payments_acquirer_line",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["merchant", "mode", "id"],
                        include=("amount",),
                        name="acquirer_line_open",
                    ),
                    models.Index(
                        condition=models.Q(("rule", "person"), ("state", "explained")),
                        fields=["merchant", "mode", "id"],
                        name="acquirer_line_explained",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("file", "number"), name="acquirer_line_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("bank_reference", ""), _negated=True),
                        fields=("account", "bank_reference"),
                        name="acquirer_line_by_its_number",
                    ),
                    models.UniqueConstraint(
                        fields=("merchant", "mode", "id"), name="acquirer_line_by_merchant"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "matched", "explained"])),
                        name="acquirer_line_state_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AcquirerArrival",
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
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("matched", "matched"),
                            ("explained", "explained"),
                        ],
                        db_collation="C",
                        default="open",
                        max_length=9,
                    ),
                ),
                (
                    "rule",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reference", "by reference"),
                            ("amount_day", "by amount and day"),
                            ("person", "by a person"),
                        ],
                        db_collation="C",
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("statement", models.TextField(db_collation="C")),
                ("entry", models.IntegerField()),
                ("part", models.IntegerField()),
                ("amount", models.BigIntegerField()),
                ("booked_on", models.DateField()),
                ("text", models.TextField()),
                (
                    "account",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.acquireraccount",
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
                    "batch",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.acquirerbatch",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.acquirerfile",
                    ),
                ),
            ],
            options={
                "db_table": "payments_acquirer_arrival",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["merchant", "mode", "id"],
                        name="acquirer_arrival_open",
                    ),
                    models.Index(
                        condition=models.Q(("rule", "person"), ("state", "explained")),
                        fields=["merchant", "mode", "id"],
                        name="acquirer_arrival_explained",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("account", "statement", "entry", "part"),
                        name="acquirer_arrival_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("batch__isnull", False), ("state", "matched")),
                            models.Q(
                                models.Q(("state", "matched"), _negated=True), ("batch", None)
                            ),
                            _connector="OR",
                        ),
                        name="acquirer_arrival_matched_has_its_batch",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "matched", "explained"])),
                        name="acquirer_arrival_state_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="EntryDecision",
            fields=[
                ("number", models.PositiveSmallIntegerField()),
                ("shares", models.JSONField()),
                ("suspense", models.BigIntegerField()),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("actor_kind", models.TextField()),
                ("actor_id", models.TextField()),
                ("decided_at", models.DateTimeField()),
                (
                    "entry",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.bankentry",
                    ),
                ),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "entry_id",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
            options={
                "db_table": "payments_entry_decision",
                "indexes": [
                    models.Index(fields=["-decided_at", "entry"], name="entry_decision_latest"),
                    models.Index(
                        condition=models.Q(("suspense", 0), _negated=True),
                        fields=["entry", "number"],
                        name="entry_decision_in_suspense",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number__gt", 0)), name="entry_decision_counts_from_one"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ExternalTender",
            fields=[
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("matched", "matched"),
                            ("explained", "explained"),
                        ],
                        db_collation="C",
                        default="open",
                        max_length=9,
                    ),
                ),
                (
                    "rule",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("reference", "by reference"),
                            ("amount_day", "by amount and day"),
                            ("person", "by a person"),
                        ],
                        db_collation="C",
                        max_length=10,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("number", models.IntegerField()),
                (
                    "mode",
                    models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4),
                ),
                ("kind", models.CharField(db_collation="C", max_length=4)),
                ("amount", models.BigIntegerField()),
                ("reference", models.CharField(blank=True, db_collation="C", max_length=64)),
                ("sold_at", models.DateTimeField()),
                (
                    "line",
                    models.OneToOneField(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.acquirerline",
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
                    "sale",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="trade.sale",
                    ),
                ),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "sale_id",
                        "number",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
            ],
            options={
                "db_table": "payments_external_tender",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["merchant", "mode", "amount", "sold_at"],
                        name="external_tender_by_amount",
                    ),
                    models.Index(
                        condition=models.Q(("rule", "person")),
                        fields=["merchant", "mode", "sold_at", "sale"],
                        name="external_tender_decided",
                    ),
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["merchant", "mode", "sold_at", "sale"],
                        include=("amount",),
                        name="external_tender_open",
                    ),
                    models.Index(
                        fields=["merchant", "mode", "kind", "sold_at"],
                        include=("amount",),
                        name="external_tender_by_day",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("line__isnull", False), ("state", "matched")),
                            models.Q(models.Q(("state", "matched"), _negated=True), ("line", None)),
                            _connector="OR",
                        ),
                        name="external_tender_matched_has_its_line",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "pin"),
                            models.Q(("kind", "cash"), ("line", None), ("state", "explained")),
                            _connector="OR",
                        ),
                        name="external_tender_cash_follows_no_further",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "matched", "explained"])),
                        name="external_tender_state_is_known",
                    ),
                ],
            },
        ),
        migrations.RemoveIndex(
            model_name="payoutitem",
            name="payout_item_waiting",
        ),
        migrations.RemoveIndex(
            model_name="payoutitem",
            name="payout_item_of",
        ),
        migrations.AddIndex(
            model_name="payout",
            index=models.Index(
                fields=["merchant", "mode", "state"],
                include=("amount", "ordered_at", "paid_on"),
                name="payout_by_state",
            ),
        ),
        migrations.AddIndex(
            model_name="payoutitem",
            index=models.Index(
                condition=models.Q(("payout", None)),
                fields=["merchant", "mode", "booked_at", "posting"],
                include=("amount",),
                name="payout_item_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="payoutitem",
            index=models.Index(fields=["payout", "booked_at", "posting"], name="payout_item_of"),
        ),
        run_sql(__file__, "decisions"),
        run_sql(__file__, "acquirers"),
    ]
