"""Money paid back to a shopper: what of a payment, to where, and on whose risk."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check, currency_check
from payments.models.in_doubt import InDoubt, doubt_checks
from payments.states import RefundState


class RefundTerms(models.Model):
    """Whether a merchant's refunds wait; without a row they do.

    With ``at_once`` a refund goes out although the bank can still return the collection.
    """

    merchant = models.OneToOneField(
        "parties.Merchant", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    at_once = models.BooleanField()
    changed_at = models.DateTimeField()

    objects: ClassVar[models.Manager["RefundTerms"]] = MerchantManager()

    class Meta:
        """One row per merchant."""

        db_table = "payments_refund_terms"

    @override
    def __str__(self) -> str:
        """Return when refunds go."""
        return "at once" if self.at_once else "after the bank's days"


class Refund(InDoubt):
    """The OK part of what came back of a sale, in minor units, or money paid for none.

    That is what a ``bank_payment`` for a purchase brought and no sale took; it has no return.

    It goes back to the account that paid, ``bank_account``, or to ``pay_to``, another one of that
    person, where the first is gone. While the purchase was not collected it lowers what is owed and
    no bank hears of it. A transfer that comes back is owed again: ``retry_of`` is the one before,
    ``attempt`` counts from 1. ``iban`` and ``holder`` are where it was sent.
    """

    sale_return = models.ForeignKey(
        "trade.Return",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, mode, sale_return) refers to it
    )
    payment = models.ForeignKey(
        "payments.Payment", on_delete=models.PROTECT, null=True, related_name="+"
    )
    bank_payment = models.ForeignKey(
        "payments.BankPayment",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    bank_account = models.ForeignKey(
        "payments.BankAccount",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,  # (bank_account, mode) refers to it
    )
    pay_to = models.ForeignKey(
        "payments.BankAccount",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (pay_to, mode) refers to it
    )
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    attempt = models.PositiveSmallIntegerField(default=1)
    retry_of = models.OneToOneField(
        "payments.Refund", on_delete=models.PROTECT, null=True, related_name="retry"
    )
    refunded_at = models.DateTimeField()
    state = models.CharField(max_length=8, default=RefundState.WAITING)
    house_account = models.ForeignKey(
        "payments.HouseAccount",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (house_account, mode) refers to it
    )
    iban = models.CharField("IBAN", max_length=34, blank=True)
    holder = models.CharField(max_length=70, blank=True)
    end_to_end_id = models.CharField(max_length=35)
    ordered_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    outgoing_file = models.ForeignKey(
        "payments.OutgoingFile",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
    )
    paid_on = models.DateField(null=True)
    returned_on = models.DateField(null=True)
    reason = models.CharField(max_length=35, blank=True)

    objects: ClassVar[models.Manager["Refund"]] = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every refund; that it fits its payment, ``refunds.sql``."""

        constraints = (
            models.UniqueConstraint(fields=("sale_return", "attempt"), name="refund_once"),
            models.UniqueConstraint(fields=("bank_payment", "attempt"), name="given_back_once"),
            models.CheckConstraint(
                condition=Q(
                    sale_return__isnull=False, payment__isnull=False, bank_payment__isnull=True
                )
                | Q(sale_return__isnull=True, payment__isnull=True, bank_payment__isnull=False),
                name="refund_is_of_a_return_or_given_back",
            ),
            models.UniqueConstraint(
                fields=("mode", "end_to_end_id"), name="refund_by_end_to_end_id"
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="refund_amount_is_more_than_zero"
            ),
            models.CheckConstraint(
                condition=Q(attempt=1, retry_of=None) | Q(attempt__gt=1, retry_of__isnull=False),
                name="refund_retry_has_its_first_attempt",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=(RefundState.WAITING, RefundState.SET_OFF),
                    outgoing_file=None,
                    house_account=None,
                    iban="",
                )
                | Q(
                    state__in=(
                        RefundState.ORDERED,
                        RefundState.UNKNOWN,
                        RefundState.PAID,
                        RefundState.RETURNED,
                    ),
                    outgoing_file__isnull=False,
                    house_account__isnull=False,
                    due_on__isnull=False,
                    iban__regex=r"^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$",
                ),
                name="refund_ordered_is_in_a_file",
            ),
            models.CheckConstraint(
                condition=~Q(state=RefundState.PAID) | Q(paid_on__isnull=False),
                name="refund_paid_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state=RefundState.RETURNED) & Q(returned_on=None, reason="")
                | Q(state=RefundState.RETURNED, returned_on__isnull=False),
                name="refund_returned_on_a_day",
            ),
            *doubt_checks("refund"),
            currency_check("refund"),
            choice_check("refund", "mode", Mode),
            choice_check("refund", "state", RefundState),
        )
        indexes = (
            models.Index(
                fields=("mode", "id"),
                condition=Q(state=RefundState.WAITING),
                name="refund_to_order",
            ),
            models.Index(fields=("outgoing_file",), name="refund_by_file"),
            models.Index(
                fields=("doubted_on",),
                condition=Q(state=RefundState.UNKNOWN),
                name="refund_in_doubt",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return what banks call it."""
        return self.end_to_end_id

    @property
    def told_to(self) -> int | None:
        """Return the merchant that hears of it; of money that no sale took none does."""
        return None if self.bank_payment_id is not None else self.merchant_id
