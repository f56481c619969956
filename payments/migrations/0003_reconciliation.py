"""The bank lines that we expect, what the bank says, and what came for what."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

from okplatform.kernel.sqlfile import run_sql


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0002_ledger"),
    ]

    operations = [
        migrations.CreateModel(
            name="BankFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.BinaryField(max_length=32)),
                ("name", models.CharField(max_length=255)),
                ("received_at", models.DateTimeField()),
                ("refusal", models.CharField(blank=True, db_collation="C", max_length=64)),
                ("line", models.BigIntegerField(null=True)),
                ("sentence", models.TextField(blank=True)),
            ],
            options={
                "db_table": "payments_bank_file",
                "constraints": [
                    models.UniqueConstraint(fields=("sha256", "refusal"), name="bank_file_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="HouseAccount",
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
                ("currency", models.CharField(max_length=3)),
                (
                    "statement_kind",
                    models.CharField(
                        choices=[("camt.053", "camt.053"), ("MT940", "MT940")], max_length=8
                    ),
                ),
                ("opened_at", models.DateTimeField()),
            ],
            options={
                "db_table": "payments_house_account",
                "constraints": [
                    models.UniqueConstraint(fields=("iban",), name="house_account_once"),
                    models.UniqueConstraint(fields=("id", "mode"), name="house_account_by_mode"),
                    models.CheckConstraint(
                        condition=models.Q(("iban__regex", "^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$")),
                        name="house_account_iban_is_plain",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["live", "test"])),
                        name="house_account_mode_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("statement_kind__in", ["camt.053", "MT940"])),
                        name="house_account_statement_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                        name="house_account_currency_is_iso",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Expectation",
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
                    "kind",
                    models.CharField(
                        choices=[("collection", "collection"), ("payout", "payout")], max_length=16
                    ),
                ),
                ("subject_id", models.BigIntegerField()),
                ("amount", models.BigIntegerField()),
                ("outstanding", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("end_to_end_id", models.CharField(db_collation="C", max_length=35)),
                ("reference", models.CharField(blank=True, db_collation="C", max_length=140)),
                (
                    "normalised_reference",
                    models.CharField(blank=True, db_collation="C", max_length=280),
                ),
                ("iban", models.CharField(blank=True, db_collation="C", max_length=34)),
                ("batch_id", models.CharField(blank=True, db_collation="C", max_length=35)),
                ("due_on", models.DateField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("fulfilled", "fulfilled"),
                            ("returned", "returned"),
                            ("cancelled", "cancelled"),
                        ],
                        default="open",
                        max_length=9,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=35)),
                ("expected_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField(null=True)),
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
                "indexes": [
                    models.Index(
                        models.Func(
                            models.Func(
                                models.F("reference"),
                                models.Value("[^A-Za-z0-9]"),
                                models.Value(""),
                                models.Value("g"),
                                function="regexp_replace",
                                output_field=models.TextField(),
                            ),
                            function="upper",
                            output_field=models.TextField(),
                        ),
                        condition=models.Q(("reference", ""), _negated=True),
                        name="expectation_by_structured",
                    ),
                    models.Index(
                        models.Func(
                            models.F("normalised_reference"),
                            models.Value("[^1-9]"),
                            models.Value(""),
                            models.Value("g"),
                            function="regexp_replace",
                            output_field=models.TextField(),
                        ),
                        condition=models.Q(("normalised_reference", ""), _negated=True),
                        name="expectation_by_digits",
                    ),
                    models.Index(
                        condition=models.Q(("batch_id", ""), _negated=True),
                        fields=["house_account", "batch_id"],
                        name="expectation_of_batch",
                    ),
                    models.Index(
                        condition=models.Q(("outstanding", 0), _negated=True),
                        fields=["house_account", "iban", "outstanding"],
                        name="expectation_by_iban",
                    ),
                    models.Index(
                        condition=models.Q(("state", "open")),
                        fields=["house_account", "due_on"],
                        name="expectation_open",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("end_to_end_id", "mode"), name="expectation_by_end_to_end_id"
                    ),
                    models.UniqueConstraint(
                        fields=("id", "house_account", "mode"), name="expectation_by_house_account"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("subject_id", "kind"),
                        name="expectation_is_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount", 0), _negated=True),
                        name="expectation_is_of_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("end_to_end_id", ""), _negated=True),
                        name="expectation_has_an_end_to_end_id",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("amount__gt", 0), ("outstanding__range", (0, models.F("amount")))
                            ),
                            models.Q(
                                ("amount__lt", 0), ("outstanding__range", (models.F("amount"), 0))
                            ),
                            _connector="OR",
                        ),
                        name="expectation_outstanding_is_a_part",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "returned"),
                            models.Q(("outstanding", 0), ("state", "fulfilled")),
                            models.Q(
                                ("state", "open"), models.Q(("outstanding", 0), _negated=True)
                            ),
                            models.Q(("outstanding", models.F("amount")), ("state", "cancelled")),
                            _connector="OR",
                        ),
                        name="expectation_state_agrees_with_what_came",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["live", "test"])),
                        name="expectation_mode_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["collection", "payout"])),
                        name="expectation_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["open", "fulfilled", "returned", "cancelled"])
                        ),
                        name="expectation_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("currency__regex", "^[A-Z]{3}$")),
                        name="expectation_currency_is_iso",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BankStatement",
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
                ("kind", models.CharField(db_collation="C", max_length=8)),
                ("number", models.TextField(db_collation="C")),
                ("message_id", models.TextField(blank=True)),
                ("first_day", models.DateField(null=True)),
                ("last_day", models.DateField(null=True)),
                ("opening", models.BigIntegerField(null=True)),
                ("closing", models.BigIntegerField(null=True)),
                ("lines", models.IntegerField()),
                ("total", models.BigIntegerField()),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.bankfile",
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
            ],
            options={
                "db_table": "payments_bank_statement",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("house_account", "kind", "number"), name="bank_statement_once"
                    ),
                    models.UniqueConstraint(
                        fields=("id", "house_account", "mode"),
                        name="bank_statement_by_house_account",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("opening", None),
                            ("closing", None),
                            (
                                "closing",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("opening"), "+", models.F("total")
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="bank_statement_adds_up",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("lines__gte", 0)), name="bank_statement_counts_lines"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BankEntry",
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
                ("entry", models.IntegerField()),
                ("part", models.IntegerField()),
                ("amount", models.BigIntegerField()),
                ("currency", models.CharField(max_length=3)),
                ("booked_on", models.DateField()),
                ("valued_on", models.DateField(null=True)),
                ("end_to_end_id", models.TextField(db_collation="C")),
                ("batch_id", models.TextField(db_collation="C")),
                ("batch_size", models.IntegerField()),
                ("mandate_id", models.TextField()),
                ("bank_reference", models.TextField()),
                ("structured", models.TextField(db_collation="C")),
                ("text", models.TextField()),
                ("name", models.TextField()),
                ("iban", models.TextField(db_collation="C")),
                ("reason", models.TextField(db_collation="C")),
                ("is_reversal", models.BooleanField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "queued"),
                            ("matched", "matched"),
                            ("split", "split"),
                            ("suspense", "suspense"),
                            ("notice", "notice"),
                        ],
                        db_collation="C",
                        max_length=8,
                    ),
                ),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("end_to_end_id", "end-to-end id"),
                            ("structured", "structured reference"),
                            ("reference", "reference in a text"),
                            ("batch", "batch"),
                            ("amount_and_iban", "amount and IBAN"),
                            ("person", "a person"),
                        ],
                        db_collation="C",
                        db_default="",
                        default="",
                        max_length=15,
                    ),
                ),
                (
                    "doubt",
                    models.CharField(
                        choices=[
                            ("unknown", "unknown"),
                            ("amount_differs", "amount differs"),
                            ("came_before", "came before"),
                            ("cancelled", "cancelled"),
                            ("return_differs", "return differs"),
                            ("ambiguous", "ambiguous"),
                        ],
                        db_collation="C",
                        db_default="",
                        default="",
                        max_length=14,
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.bankstatement",
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
            ],
            options={
                "verbose_name_plural": "bank entries",
                "db_table": "payments_bank_entry",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "queued")),
                        fields=["house_account", "id"],
                        name="bank_entry_queue",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("rule", ""), ("state__in", ("queued", "notice"))),
                            models.Q(
                                ("doubt", ""),
                                ("state__in", ("matched", "split", "suspense")),
                                models.Q(("rule", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="bank_entry_state_agrees_with_its_rule",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "notice"),
                            models.Q(("amount", 0), _negated=True),
                            _connector="OR",
                        ),
                        name="bank_entry_books_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["queued", "matched", "split", "suspense", "notice"])
                        ),
                        name="bank_entry_state_is_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Match",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "entry_id",
                        "expectation_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "mode",
                    models.CharField(choices=[("live", "Live"), ("test", "Test")], max_length=4),
                ),
                ("amount", models.BigIntegerField()),
                ("is_return", models.BooleanField()),
                (
                    "entry",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.bankentry",
                    ),
                ),
                (
                    "expectation",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.expectation",
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
            ],
            options={
                "verbose_name_plural": "matches",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("is_return", True)),
                        fields=("expectation",),
                        name="expectation_is_returned_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount", 0), _negated=True),
                        name="match_is_of_something",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Suggestion",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "entry_id",
                        "rank",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("rank", models.SmallIntegerField()),
                (
                    "rule",
                    models.CharField(
                        choices=[
                            ("end_to_end_id", "end-to-end id"),
                            ("structured", "structured reference"),
                            ("reference", "reference in a text"),
                            ("batch", "batch"),
                            ("amount_and_iban", "amount and IBAN"),
                            ("person", "a person"),
                        ],
                        db_collation="C",
                        max_length=15,
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.bankentry",
                    ),
                ),
                (
                    "expectation",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="payments.expectation",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="bankentry",
            constraint=models.UniqueConstraint(
                fields=("statement", "entry", "part"), name="bank_entry_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="bankentry",
            constraint=models.UniqueConstraint(
                fields=("id", "house_account", "mode"), name="bank_entry_by_house_account"
            ),
        ),
        run_sql(__file__, "house_keys"),
        run_sql(__file__, "bank_guards"),
        run_sql(__file__, "ledger_many"),
    ]
