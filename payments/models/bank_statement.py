"""What the bank says: files, the statements in them, and their lines.

Amounts are integers in minor units as our account sees them: positive is credited, negative
debited. Texts are kept as the bank wrote them, however long.
"""

from django.db import models
from django.db.models import Q
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.parties.checks import choice_check


class BankFile(models.Model):
    """A file that a bank delivered; written once.

    ``refusal`` is the code for which nothing of it was booked, empty for a file that was imported;
    ``line`` and ``sentence`` say where and why. ``sha256`` is the digest of its bytes.
    """

    sha256 = models.BinaryField(max_length=32)
    name = models.CharField(max_length=255)
    received_at = models.DateTimeField()
    refusal = models.CharField(max_length=64, blank=True, db_collation="C")
    line = models.BigIntegerField(null=True)
    sentence = models.TextField(blank=True)

    class Meta:
        """A file is imported once, and refused once for the same reason."""

        db_table = "payments_bank_file"
        constraints = (
            models.UniqueConstraint(fields=("sha256", "refusal"), name="bank_file_once"),
        )

    @override
    def __str__(self) -> str:
        """Return what the bank called it."""
        return self.name


class BankStatement(models.Model):
    """One statement or report of one account, written when all of it was read.

    ``kind`` is its form (``payments.bankfiles.lines``), ``number`` the bank's. ``opening`` and
    ``closing`` are the booked balances around its lines; camt.052 and camt.054 have none.
    """

    file = models.ForeignKey("payments.BankFile", on_delete=models.PROTECT, related_name="+")
    house_account = models.ForeignKey(
        "payments.HouseAccount",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (house_account, mode) refers to it
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    kind = models.CharField(max_length=8, db_collation="C")
    number = models.TextField(db_collation="C")
    message_id = models.TextField(blank=True)
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    opening = models.BigIntegerField(null=True)
    closing = models.BigIntegerField(null=True)
    lines = models.IntegerField()
    total = models.BigIntegerField()

    class Meta:
        """A statement is imported once, in whatever file it comes."""

        db_table = "payments_bank_statement"
        constraints = (
            models.UniqueConstraint(
                fields=("house_account", "kind", "number"), name="bank_statement_once"
            ),
            # What entries refer to.
            models.UniqueConstraint(
                fields=("id", "house_account", "mode"), name="bank_statement_by_house_account"
            ),
            models.CheckConstraint(
                condition=Q(opening=None)
                | Q(closing=None)
                | Q(closing=models.F("opening") + models.F("total")),
                name="bank_statement_adds_up",
            ),
            models.CheckConstraint(condition=Q(lines__gte=0), name="bank_statement_counts_lines"),
        )

    @override
    def __str__(self) -> str:
        """Return its number."""
        return f"{self.kind} {self.number}"


class EntryState(models.TextChoices):
    """Where a line stands. It begins in the work queue, and leaves it once.

    ``matched`` came for one expectation, ``split`` for several (or one and the suspense account),
    ``suspense`` waits on that account. ``notice`` books nothing: it announces what a statement
    will book, or is of 0.
    """

    QUEUED = "queued", "queued"
    MATCHED = "matched", "matched"
    SPLIT = "split", "split"
    SUSPENSE = "suspense", "suspense"
    NOTICE = "notice", "notice"


class MatchRule(models.TextChoices):
    """By what a line was matched, in the order in which it is tried; at last by a person."""

    END_TO_END_ID = "end_to_end_id", "end-to-end id"
    STRUCTURED = "structured", "structured reference"
    REFERENCE = "reference", "reference in a text"
    BATCH = "batch", "batch"
    AMOUNT_AND_IBAN = "amount_and_iban", "amount and IBAN"
    PERSON = "person", "a person"


class Doubt(models.TextChoices):
    """Why a line waits for a person."""

    UNKNOWN = "unknown", "unknown"
    AMOUNT_DIFFERS = "amount_differs", "amount differs"
    CAME_BEFORE = "came_before", "came before"
    CANCELLED = "cancelled", "cancelled"
    RETURN_DIFFERS = "return_differs", "return differs"
    AMBIGUOUS = "ambiguous", "ambiguous"


class BankEntry(models.Model):
    """One line of a statement. What the bank said never changes; ``state`` says what became of it.

    ``entry`` and ``part`` are its place in the statement. ``reason`` is the code of a return
    (ISO 20022 ExternalReturnReason1Code). ``rule`` is by what it left the work queue, ``doubt`` why
    it did not when we last tried.
    """

    statement = models.ForeignKey(
        "payments.BankStatement",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (statement, house_account, mode) refers to it
    )
    house_account = models.ForeignKey(
        "payments.HouseAccount",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    entry = models.IntegerField()
    part = models.IntegerField()
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    booked_on = models.DateField()
    valued_on = models.DateField(null=True)
    end_to_end_id = models.TextField(db_collation="C")
    batch_id = models.TextField(db_collation="C")
    batch_size = models.IntegerField()
    mandate_id = models.TextField()
    bank_reference = models.TextField()
    structured = models.TextField(db_collation="C")
    text = models.TextField()
    name = models.TextField()
    iban = models.TextField(db_collation="C")
    reason = models.TextField(db_collation="C")
    is_reversal = models.BooleanField()
    state = models.CharField(max_length=8, choices=EntryState.choices, db_collation="C")
    rule = models.CharField(
        max_length=15, choices=MatchRule.choices, default="", db_default="", db_collation="C"
    )
    doubt = models.CharField(
        max_length=14, choices=Doubt.choices, default="", db_default="", db_collation="C"
    )

    class Meta:
        """What PostgreSQL holds for every line."""

        db_table = "payments_bank_entry"
        verbose_name_plural = "bank entries"
        constraints = (
            models.UniqueConstraint(fields=("statement", "entry", "part"), name="bank_entry_once"),
            # What matches refer to.
            models.UniqueConstraint(
                fields=("id", "house_account", "mode"), name="bank_entry_by_house_account"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("queued", "notice"), rule="")
                | Q(state__in=("matched", "split", "suspense"), doubt="") & ~Q(rule=""),
                name="bank_entry_state_agrees_with_its_rule",
            ),
            models.CheckConstraint(
                condition=Q(state="notice") | ~Q(amount=0), name="bank_entry_books_something"
            ),
            choice_check("bank_entry", "state", EntryState),
        )
        indexes = (
            # The work queue, in the order in which it came.
            models.Index(
                fields=("house_account", "id"),
                condition=Q(state="queued"),
                name="bank_entry_queue",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return its place in the statement."""
        return f"{self.entry}.{self.part} of statement {self.statement_id}"


class Suggestion(models.Model):
    """An expectation for which a queued entry may have come; at most five, the likeliest first."""

    pk = models.CompositePrimaryKey("entry_id", "rank")
    entry = models.ForeignKey(
        "payments.BankEntry",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # written by the thousand, from rows of the same statement
    )
    rank = models.SmallIntegerField()
    expectation = models.ForeignKey(
        "payments.Expectation",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    rule = models.CharField(max_length=15, choices=MatchRule.choices, db_collation="C")

    class Meta:
        """Forgotten once the entry is decided."""

    @override
    def __str__(self) -> str:
        """Return what may have come for what."""
        return f"entry {self.entry_id} for expectation {self.expectation_id}?"
