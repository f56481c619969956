"""What is paid to a merchant: on which terms, how much, and which bookings it is made of."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check, currency_check
from payments.calendar import Schedule
from payments.models.bank_account import NameCheck
from payments.models.in_doubt import InDoubt, doubt_checks
from payments.states import PayoutState


class PayoutTerms(models.Model):
    """How a merchant wants its money; without a row: daily, all of it, to the IBAN it signed with.

    ``threshold`` is the least that is paid out, ``reserve`` what stays behind, both in minor
    units. ``paused_reason`` is the bank's code of a payout that came back: nothing goes out until
    the merchant has set its account anew. ``name_check`` is what the account's bank said of
    ``holder``.
    """

    merchant = models.OneToOneField(
        "parties.Merchant", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    iban = models.CharField("IBAN", max_length=34)
    holder = models.CharField(max_length=70)
    schedule = models.CharField(max_length=7, default=Schedule.DAILY)
    threshold = models.BigIntegerField(default=1)
    reserve = models.BigIntegerField(default=0)
    paused_reason = models.CharField(max_length=35, blank=True)
    changed_at = models.DateTimeField()
    name_check = models.CharField(
        max_length=13, default=NameCheck.NOT_ASKED, db_default=NameCheck.NOT_ASKED, blank=True
    )
    name_checked_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["PayoutTerms"]] = MerchantManager()

    class Meta:
        """What PostgreSQL holds for all terms."""

        db_table = "payments_payout_terms"
        constraints = (
            models.CheckConstraint(
                condition=Q(iban__regex=r"^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$"),
                name="payout_terms_iban_is_plain",
            ),
            models.CheckConstraint(
                condition=Q(threshold__gt=0, reserve__gte=0),
                name="payout_terms_threshold_and_reserve",
            ),
            models.CheckConstraint(
                condition=Q(name_check="", name_checked_at=None)
                | ~Q(name_check="") & Q(name_checked_at__isnull=False),
                name="payout_terms_name_checked_at_a_moment",
            ),
            choice_check("payout_terms", "schedule", Schedule),
            choice_check("payout_terms", "name_check", NameCheck),
        )

    @override
    def __str__(self) -> str:
        """Return how often."""
        return str(self.schedule)


class Payout(InDoubt):
    """One credit transfer to a merchant, in minor units, to the account that its terms then named.

    It is the sum of its items: what was booked for the merchant before ``cut_at`` and was in no
    payout yet.
    """

    merchant = models.ForeignKey(
        "parties.Merchant", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    house_account = models.ForeignKey(
        "payments.HouseAccount",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (house_account, mode) refers to it
    )
    iban = models.CharField("IBAN", max_length=34)
    holder = models.CharField(max_length=70)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    end_to_end_id = models.CharField(max_length=35)
    cut_at = models.DateTimeField()
    ordered_at = models.DateTimeField()
    due_on = models.DateField()
    state = models.CharField(max_length=8, default=PayoutState.ORDERED)
    outgoing_file = models.ForeignKey(
        "payments.OutgoingFile",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
    )
    paid_on = models.DateField(null=True)
    returned_on = models.DateField(null=True)
    reason = models.CharField(max_length=35, blank=True)

    objects: ClassVar[models.Manager["Payout"]] = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every payout."""

        constraints = (
            models.UniqueConstraint(
                fields=("mode", "end_to_end_id"), name="payout_by_end_to_end_id"
            ),
            # What items refer to, and how a merchant's payouts are found.
            models.UniqueConstraint(fields=("merchant", "mode", "id"), name="payout_by_merchant"),
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="payout_amount_is_more_than_zero"
            ),
            models.CheckConstraint(
                condition=~Q(state=PayoutState.PAID) | Q(paid_on__isnull=False),
                name="payout_paid_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state=PayoutState.RETURNED) & Q(returned_on=None, reason="")
                | Q(state=PayoutState.RETURNED, returned_on__isnull=False),
                name="payout_returned_on_a_day",
            ),
            *doubt_checks("payout"),
            currency_check("payout"),
            choice_check("payout", "mode", Mode),
            choice_check("payout", "state", PayoutState),
        )
        indexes = (
            models.Index(fields=("outgoing_file",), name="payout_by_file"),
            # The few that are in doubt.
            models.Index(
                fields=("doubted_on",),
                condition=Q(state=PayoutState.UNKNOWN),
                name="payout_in_doubt",
            ),
            # How much stands where: summed without a look at the rows.
            models.Index(
                fields=("merchant", "mode", "state"),
                include=("amount", "ordered_at", "paid_on"),
                name="payout_by_state",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return what banks call it."""
        return self.end_to_end_id


class PayoutItem(models.Model):
    """One booking on what a merchant is owed, waiting to be paid out or in a payout.

    ``amount`` is what it adds to the payout: sales above zero, what the merchant owes below. A
    payout that came back is such a booking too, so it is paid out anew, and can be followed back.
    """

    posting = models.ForeignKey(
        "payments.Posting", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    merchant = models.ForeignKey(
        "parties.Merchant", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    amount = models.BigIntegerField()
    booked_at = models.DateTimeField()
    payout = models.ForeignKey(
        "payments.Payout",
        on_delete=models.PROTECT,
        null=True,
        related_name="items",
        db_index=False,
        db_constraint=False,  # (merchant, mode, payout) refers to it
    )

    objects: ClassVar[models.Manager["PayoutItem"]] = MerchantManager()

    class Meta:
        """A booking is paid out once; those that wait are found by their merchant, oldest first."""

        db_table = "payments_payout_item"
        constraints = (
            models.UniqueConstraint(fields=("posting", "merchant"), name="payout_item_once"),
        )
        indexes = (
            models.Index(
                fields=("merchant", "mode", "booked_at", "posting"),
                include=("amount",),
                condition=Q(payout=None),
                name="payout_item_waiting",
            ),
            models.Index(fields=("payout", "booked_at", "posting"), name="payout_item_of"),
        )

    @override
    def __str__(self) -> str:
        """Return which booking."""
        return f"posting {self.posting_id}"
