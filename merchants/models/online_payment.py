"""A payment that a shopper confirms on a page of OK instead of at a till."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check, currency_check
from okplatform.parties.models import Language

OPEN_STATES = ("created", "presented", "authorising")
HELD_STATES = ("authorised", "partially_captured")
PAID_STATES = (*HELD_STATES, "captured")


class CaptureMode(models.TextChoices):
    """When money is taken: as soon as the shopper confirms, or when the shop says so."""

    AUTOMATIC = "automatic", "automatic"
    MANUAL = "manual", "manual"


class OnlinePayment(models.Model):
    """One request to pay with its basket, from its making to its end; amounts in minor units.

    ``asked`` is what the basket costs without benefits; ``amount`` what the shopper confirmed, and
    ``captured`` how much of that was taken. The states and their moves are
    ``merchants.checkout.online_states``. ``token`` is the unguessable part of the page's address.
    The sale comes into being when the shopper confirms, under ``sale_uuid``, which nobody knows
    before: so no till can meet it. ``claimed_at`` is when the shopper who is confirming now began.
    ``cards`` are the gift cards that ``chooser`` wants to pay with, in that order; ``by_cards`` is
    what they pay of the amount that was confirmed, and what is captured is taken from them first.
    ``promise`` is what the benefits of an authorised payment rest on, until its sale closes.
    """

    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # the composite keys refer to store, link, person and sale
    )
    store = models.ForeignKey(
        "parties.Store",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    uuid = models.UUIDField()
    token = models.CharField(max_length=43)
    link = models.ForeignKey(
        "merchants.PaymentLink",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    only_once = models.BooleanField(default=False)
    state = models.CharField(max_length=18, default="created")
    capture_mode = models.CharField(max_length=9, choices=CaptureMode.choices)
    currency = models.CharField(max_length=3)
    asked = models.BigIntegerField()
    basket = models.JSONField()
    description = models.CharField(max_length=140, blank=True)
    reference = models.CharField(max_length=64, blank=True)
    return_url = models.CharField(max_length=500, blank=True)
    language = models.CharField(max_length=2, choices=Language.choices)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    person = models.ForeignKey(
        "parties.Person",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    claimed_at = models.DateTimeField(null=True)
    sale_uuid = models.UUIDField()
    sale = models.ForeignKey(
        "trade.Sale",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    amount = models.BigIntegerField(null=True)
    captured = models.BigIntegerField(default=0)
    chooser = models.ForeignKey(
        "parties.Person",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (chooser, mode) refers to them
    )
    cards = models.JSONField(default=list)
    by_cards = models.BigIntegerField(default=0)
    capture_until = models.DateTimeField(null=True)
    promise = models.JSONField(default=dict)
    ended_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["OnlinePayment"]] = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every online payment."""

        db_table = "merchants_online_payment"
        constraints = (
            models.UniqueConstraint(fields=("token",), name="online_payment_by_token"),
            models.UniqueConstraint(
                fields=("merchant", "mode", "uuid"), name="online_payment_by_uuid"
            ),
            # The first who pays a link that is paid once is the last.
            models.UniqueConstraint(
                fields=("link",),
                condition=Q(only_once=True, state__in=PAID_STATES),
                name="link_is_paid_once",
            ),
            models.CheckConstraint(
                condition=Q(asked__gt=0), name="online_payment_asks_for_something"
            ),
            models.CheckConstraint(
                condition=Q(captured=0) | Q(amount__isnull=False, captured__range=(0, F("amount"))),
                name="online_payment_captured_is_confirmed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=PAID_STATES)
                | Q(person__isnull=False, sale__isnull=False, amount__gte=0),
                name="online_payment_is_somebodys_sale",
            ),
            choice_check("online_payment", "mode", Mode),
            choice_check("online_payment", "capture_mode", CaptureMode),
            choice_check("online_payment", "language", Language),
            currency_check("online_payment"),
        )
        indexes = (
            # A shop's list: newest first.
            models.Index(fields=("merchant", "mode", "-id"), name="online_payment_listed"),
            # What comes to its end by itself.
            models.Index(
                fields=("expires_at",),
                condition=Q(state__in=OPEN_STATES),
                name="online_payment_open",
            ),
            models.Index(
                fields=("capture_until",),
                condition=Q(state__in=HELD_STATES),
                name="online_payment_held",
            ),
            models.Index(
                fields=("link", "state"),
                condition=Q(link__isnull=False),
                name="online_payment_of_link",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return the shop's number for it."""
        return str(self.uuid)
