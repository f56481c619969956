"""The bank lines that we expect, and which lines came for them.

Amounts are integers in minor units as our account sees them: positive is credited, negative
debited.
"""

from django.db import models
from django.db.models import F, Func, Q, Value
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.parties.checks import choice_check, currency_check


class ExpectationKind(models.TextChoices):
    """What the line is expected for; ``subject_id`` is the primary key of that row."""

    COLLECTION = "collection", "collection"
    PAYOUT = "payout", "payout"
    REFUND = "refund", "refund"
    INVOICE = "invoice", "invoice"
    PROOF = "proof", "proof"
    BANK_PAYMENT = "bank_payment", "bank payment"


class ExpectationState(models.TextChoices):
    """An expectation is fulfilled by its whole amount, or returned, or cancelled while open."""

    OPEN = "open", "open"
    FULFILLED = "fulfilled", "fulfilled"
    RETURNED = "returned", "returned"
    CANCELLED = "cancelled", "cancelled"


class Expectation(models.Model):
    """A bank line that we expect, written in the transaction that gives the reason for it.

    ``reference`` is what we ask people to write, ``normalised_reference`` the same without what
    they and banks change (``payments.references``). ``iban`` is the counterparty's. ``batch_id`` is
    the payment information id of a batch that the bank may book as one line. ``outstanding`` is
    what has not come yet; also a returned expectation may have some, when the return came first.
    ``changed_at`` is when something last became of it.
    """

    mode = models.CharField(max_length=4, choices=Mode.choices)
    house_account = models.ForeignKey(
        "payments.HouseAccount",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (house_account, mode) refers to it
    )
    kind = models.CharField(max_length=16, choices=ExpectationKind.choices)
    subject_id = models.BigIntegerField()
    amount = models.BigIntegerField()
    outstanding = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    end_to_end_id = models.CharField(max_length=35, db_collation="C")
    reference = models.CharField(max_length=140, blank=True, db_collation="C")
    normalised_reference = models.CharField(max_length=280, blank=True, db_collation="C")
    iban = models.CharField(max_length=34, blank=True, db_collation="C")
    batch_id = models.CharField(max_length=35, blank=True, db_collation="C")
    due_on = models.DateField()
    state = models.CharField(
        max_length=9, choices=ExpectationState.choices, default=ExpectationState.OPEN
    )
    reason = models.CharField(max_length=35, blank=True)
    expected_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True)

    class Meta:
        """What PostgreSQL holds for every expectation; each index is one way of finding it."""

        constraints = (
            models.UniqueConstraint(
                fields=("end_to_end_id", "mode"), name="expectation_by_end_to_end_id"
            ),
            # What matches refer to.
            models.UniqueConstraint(
                fields=("id", "house_account", "mode"), name="expectation_by_house_account"
            ),
            models.UniqueConstraint(
                fields=("subject_id", "kind"),
                condition=Q(state=ExpectationState.OPEN.value),
                name="expectation_is_open_once",
            ),
            models.CheckConstraint(condition=~Q(amount=0), name="expectation_is_of_something"),
            models.CheckConstraint(
                condition=~Q(end_to_end_id=""), name="expectation_has_an_end_to_end_id"
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, outstanding__range=(0, F("amount")))
                | Q(amount__lt=0, outstanding__range=(F("amount"), 0)),
                name="expectation_outstanding_is_a_part",
            ),
            models.CheckConstraint(
                condition=Q(state=ExpectationState.RETURNED.value)
                | Q(state=ExpectationState.FULFILLED.value, outstanding=0)
                | Q(state=ExpectationState.OPEN.value) & ~Q(outstanding=0)
                | Q(state=ExpectationState.CANCELLED.value, outstanding=F("amount")),
                name="expectation_state_agrees_with_what_came",
            ),
            choice_check("expectation", "mode", Mode),
            choice_check("expectation", "kind", ExpectationKind),
            choice_check("expectation", "state", ExpectationState),
            currency_check("expectation"),
        )
        indexes = (
            # A structured reference, without its spaces.
            models.Index(
                Func(
                    Func(
                        F("reference"),
                        Value("[^A-Za-z0-9]"),
                        Value(""),
                        Value("g"),
                        function="regexp_replace",
                        output_field=models.TextField(),
                    ),
                    function="upper",
                    output_field=models.TextField(),
                ),
                name="expectation_by_structured",
                condition=~Q(reference=""),
            ),
            # The digits of a reference in a text: few have the same, and those are looked at whole.
            models.Index(
                Func(
                    F("normalised_reference"),
                    Value("[^1-9]"),
                    Value(""),
                    Value("g"),
                    function="regexp_replace",
                    output_field=models.TextField(),
                ),
                name="expectation_by_digits",
                condition=~Q(normalised_reference=""),
            ),
            models.Index(
                fields=("house_account", "batch_id"),
                condition=~Q(batch_id=""),
                name="expectation_of_batch",
            ),
            models.Index(
                fields=("house_account", "iban", "outstanding"),
                condition=~Q(outstanding=0),
                name="expectation_by_iban",
            ),
            # What is overdue.
            models.Index(
                fields=("house_account", "due_on"),
                condition=Q(state=ExpectationState.OPEN.value),
                name="expectation_open",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return what the bank calls it."""
        return self.end_to_end_id


class Match(models.Model):
    """A part of a bank entry that came for an expectation; written once, never changed.

    Several entries may fulfil one expectation, and one entry many. ``is_return`` when the bank
    undid the whole: then ``amount`` has the other sign.
    """

    pk = models.CompositePrimaryKey("entry_id", "expectation_id")
    entry = models.ForeignKey(
        "payments.BankEntry",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (entry, house_account, mode) refers to it
    )
    expectation = models.ForeignKey(
        "payments.Expectation",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,  # (expectation, house_account, mode) refers to it
    )
    house_account = models.ForeignKey(
        "payments.HouseAccount",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    amount = models.BigIntegerField()
    is_return = models.BooleanField()

    class Meta:
        """What PostgreSQL holds for every match."""

        verbose_name_plural = "matches"
        constraints = (
            models.UniqueConstraint(
                fields=("expectation",),
                condition=Q(is_return=True),
                name="expectation_is_returned_once",
            ),
            models.CheckConstraint(condition=~Q(amount=0), name="match_is_of_something"),
        )

    @override
    def __str__(self) -> str:
        """Return what came for what."""
        return f"entry {self.entry_id} for expectation {self.expectation_id}"
