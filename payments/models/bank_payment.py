"""A payment that a person approves at the bank, and that is here within seconds."""

import uuid

from django.db import models
from django.db.models import Q
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.parties.checks import choice_check, currency_check
from payments.states import BankPaymentState

FINAL: tuple[BankPaymentState, ...] = (
    BankPaymentState.COMPLETED,
    BankPaymentState.REJECTED,
    BankPaymentState.CANCELLED,
)


class BankPaymentPurpose(models.TextChoices):
    """What it is for; ``subject_id`` is the primary key of that row.

    The proof of a bank account (its id), or a debt: a collection that came to nothing (its id), or
    a purchase: an online payment of a shop (its id).
    """

    PROOF = "proof", "proof"
    DEBT = "debt", "debt"
    ONLINE = "online", "online"


class BankPayment(models.Model):
    """One instant credit transfer to an account of ours, initiated through a bank's PIS interface.

    ``bank_account`` is the shopper's account that pays, and whose debt becomes less. ``amount`` is
    in minor units. ``request_id`` is the X-Request-ID of the initiation, the same each time it is
    sent; ``payment_id`` is the bank's name for it, ``status`` the bank's last word (ISO 20022),
    ``approval_url`` where the person approves. ``psu_ip`` is asked for by the standard, and
    forgotten when the payment is over. ``next_poll_at`` is when we ask again. ``returned_on`` is
    the day on which a completed one was taken back. ``allotted_at`` is when that of a purchase
    became its sale's money, or was given back.
    """

    mode = models.CharField(max_length=4, choices=Mode.choices)
    house_account = models.ForeignKey(
        "payments.HouseAccount",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (house_account, mode) refers to it
    )
    bank_account = models.ForeignKey(
        "payments.BankAccount",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (bank_account, mode) refers to it
    )
    purpose = models.CharField(max_length=8, choices=BankPaymentPurpose.choices)
    subject_id = models.BigIntegerField()
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    text = models.CharField(max_length=140)
    end_to_end_id = models.CharField(max_length=35, db_collation="C")
    request_id = models.UUIDField(default=uuid.uuid4, unique=True)
    payment_id = models.CharField(max_length=128, blank=True)
    status = models.CharField(max_length=4, blank=True)
    state = models.CharField(max_length=9, default=BankPaymentState.CREATED)
    approval_url = models.TextField(blank=True)
    return_url = models.TextField()
    psu_ip = models.GenericIPAddressField(null=True)
    created_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    polls = models.PositiveIntegerField(default=0)
    next_poll_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    allotted_at = models.DateTimeField(null=True)
    returned_on = models.DateField(null=True)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        """What is not over is found by the moment at which we ask again."""

        db_table = "payments_bank_payment"
        constraints = (
            models.UniqueConstraint(
                fields=("mode", "end_to_end_id"), name="bank_payment_by_end_to_end_id"
            ),
            # Whoever presses twice goes on with the first.
            models.UniqueConstraint(
                fields=("purpose", "subject_id"),
                condition=~Q(state__in=FINAL),
                name="bank_payment_is_open_once",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="bank_payment_amount_is_more_than_zero"
            ),
            models.CheckConstraint(
                condition=Q(state__in=FINAL, finished_at__isnull=False, psu_ip=None)
                | ~Q(state__in=FINAL) & Q(finished_at=None),
                name="bank_payment_is_finished_at_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(BankPaymentState.PRESENTED, BankPaymentState.ACCEPTED))
                | ~Q(payment_id=""),
                name="bank_payment_is_known_to_the_bank",
            ),
            models.CheckConstraint(
                condition=Q(allotted_at=None)
                | Q(purpose=BankPaymentPurpose.ONLINE, state=BankPaymentState.COMPLETED),
                name="bank_payment_allotted_is_of_a_purchase",
            ),
            currency_check("bank_payment"),
            choice_check("bank_payment", "mode", Mode),
            choice_check("bank_payment", "purpose", BankPaymentPurpose),
            choice_check("bank_payment", "state", BankPaymentState),
        )
        indexes = (
            models.Index(
                fields=("next_poll_at",),
                condition=~Q(state__in=FINAL),
                name="bank_payment_to_ask_after",
            ),
            models.Index(fields=("bank_account",), name="bank_payment_of"),
            models.Index(
                fields=("id",),
                condition=Q(
                    purpose=BankPaymentPurpose.ONLINE,
                    state=BankPaymentState.COMPLETED,
                    allotted_at=None,
                ),
                name="bank_payment_to_allot",
            ),
            models.Index(fields=("purpose", "subject_id"), name="bank_payment_for"),
        )

    @override
    def __str__(self) -> str:
        """Return what banks call it."""
        return self.end_to_end_id

    @property
    def is_final(self) -> bool:
        """Say whether the bank has said its last word."""
        return self.state in FINAL
