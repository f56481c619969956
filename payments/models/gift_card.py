"""Gift cards of a merchant: what they are, what was booked on them, and who keeps them."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check, currency_check

LEAST, MOST = 100, 50_000
"""What may be put on a card at once, and what it may hold, in minor units: € 1 to € 500."""

MOST_WRONG_PINS = 20
"""After so many wrong PINs a card is blocked, until the shop unblocks it."""


class GiftCardState(models.TextChoices):
    """A card is active or blocked; one that was replaced never comes back."""

    ACTIVE = "active", _("active")
    BLOCKED = "blocked", _("blocked")
    REPLACED = "replaced", _("replaced")


class BookingKind(models.TextChoices):
    """What happened to a card; the ledger calls it ``gift_card_<kind>``."""

    SOLD = "sold", _("sold")
    TOPPED_UP = "topped_up", _("topped up")
    HELD = "held", _("set aside")
    RELEASED = "released", _("no longer set aside")
    SPENT = "spent", _("spent")
    REFUNDED = "refunded", _("given back on the card")
    TAKEN_BACK = "taken_back", _("taken back")
    MOVED_OUT = "moved_out", _("moved to a new card")
    MOVED_IN = "moved_in", _("moved from an old card")
    REWARDED = "rewarded", _("for points")
    LAPSED = "lapsed", _("written off")
    REVIVED = "revived", _("brought back")


class PaidBy(models.TextChoices):
    """How somebody paid for what was put on a card: always to the shop itself."""

    PIN = "pin", _("PIN card")
    CASH = "cash", _("cash")
    INVOICE = "invoice", _("on account")
    GIFT = "gift", _("given away")


LOADS = (BookingKind.SOLD, BookingKind.TOPPED_UP)
OUT = (
    BookingKind.HELD,
    BookingKind.SPENT,
    BookingKind.TAKEN_BACK,
    BookingKind.MOVED_OUT,
    BookingKind.LAPSED,
)
OF_A_SALE = (
    BookingKind.HELD,
    BookingKind.RELEASED,
    BookingKind.SPENT,
    BookingKind.REFUNDED,
)


class GiftCardTerms(models.Model):
    """That a merchant sells gift cards; ``valid_months`` is None where they never expire."""

    merchant = models.OneToOneField(
        "parties.Merchant", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    is_selling = models.BooleanField()
    valid_months = models.PositiveSmallIntegerField(null=True)
    changed_at = models.DateTimeField()

    objects: ClassVar[models.Manager["GiftCardTerms"]] = MerchantManager()

    class Meta:
        """What PostgreSQL holds."""

        db_table = "payments_gift_card_terms"
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_months=None) | Q(valid_months__range=(1, 120)),
                name="gift_card_valid_months_are_sensible",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return whose."""
        return f"merchant {self.merchant_id}"


class GiftCard(models.Model):
    """One card; what is on it, the ledger says (``gift_card`` of this row).

    ``number_digest`` finds it by its number, ``number_end`` are the digits that people may see.
    Number and PIN follow from ``seed`` (``payments.gift_card_numbers``).
    """

    merchant = models.ForeignKey("parties.Merchant", on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(max_length=4, choices=Mode.choices)
    seed = models.UUIDField()
    number_digest = models.BinaryField(unique=True)
    number_end = models.CharField(max_length=4)
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=8, choices=GiftCardState.choices)
    expires_on = models.DateField(null=True)
    wrong_pins = models.PositiveSmallIntegerField(default=0)
    replaced_by = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="replaces"
    )
    issued_at = models.DateTimeField()

    objects: ClassVar[models.Manager["GiftCard"]] = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every card."""

        db_table = "payments_gift_card"
        constraints = (
            models.UniqueConstraint(
                fields=("merchant", "mode", "id"), name="gift_card_of_merchant"
            ),
            models.CheckConstraint(
                condition=Q(state=GiftCardState.REPLACED, replaced_by__isnull=False)
                | (~Q(state=GiftCardState.REPLACED) & Q(replaced_by=None)),
                name="gift_card_replaced_by_another",
            ),
            models.CheckConstraint(
                condition=Q(number_end__regex=r"^\d{4}$"), name="gift_card_end_is_digits"
            ),
            choice_check("gift_card", "mode", Mode),
            choice_check("gift_card", "state", GiftCardState),
            currency_check("gift_card"),
        )

    @override
    def __str__(self) -> str:
        """Return the digits that people may see."""
        return f"•••• {self.number_end}"


class GiftCardBooking(models.Model):
    """One thing that happened to a card, and what was on it afterwards; never changed.

    Its posting in the ledger has the kind ``gift_card_<kind>`` and this id as its reference.
    ``uuid`` and ``request_hash`` tell a repeated load from another one; ``sale`` and ``number``
    are the tender that a card paid, ``sale_return`` what brought that back.
    """

    card = models.ForeignKey(GiftCard, on_delete=models.PROTECT, related_name="bookings")
    merchant = models.ForeignKey(
        "parties.Merchant", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    kind = models.CharField(max_length=10, choices=BookingKind.choices)
    amount = models.BigIntegerField()
    balance = models.BigIntegerField()
    booked_at = models.DateTimeField()
    store = models.ForeignKey(
        "parties.Store", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    sale = models.ForeignKey(
        "trade.Sale",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,  # (merchant, mode, sale) refers to it
    )
    number = models.PositiveSmallIntegerField(null=True)
    sale_return = models.ForeignKey(
        "trade.Return",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, mode, sale_return) refers to it
    )
    uuid = models.UUIDField(null=True)
    request_hash = models.BinaryField(null=True)
    paid_by = models.CharField(max_length=7, blank=True, default="")
    operator = models.CharField(max_length=64, blank=True, default="")
    reference = models.CharField(max_length=64, blank=True, default="")

    objects: ClassVar[models.Manager["GiftCardBooking"]] = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every booking."""

        db_table = "payments_gift_card_booking"
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=OUT, amount__lt=0) | (~Q(kind__in=OUT) & Q(amount__gt=0)),
                name="gift_card_booking_has_its_sign",
            ),
            models.CheckConstraint(
                condition=Q(balance__gte=0), name="gift_card_is_never_below_zero"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=OF_A_SALE, sale__isnull=False, number__isnull=False)
                | (~Q(kind__in=OF_A_SALE) & Q(sale=None, number=None)),
                name="gift_card_spent_on_a_sale",
            ),
            models.CheckConstraint(
                condition=Q(kind=BookingKind.REFUNDED, sale_return__isnull=False)
                | (~Q(kind=BookingKind.REFUNDED) & Q(sale_return=None)),
                name="gift_card_refunded_by_a_return",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=LOADS,
                    uuid__isnull=False,
                    request_hash__isnull=False,
                    store__isnull=False,
                )
                | (~Q(kind__in=LOADS) & Q(request_hash=None)),
                name="gift_card_load_has_its_number",
            ),
            models.UniqueConstraint(
                fields=("merchant", "mode", "uuid"),
                condition=Q(kind__in=LOADS),
                name="gift_card_load_once",
            ),
            models.UniqueConstraint(
                fields=("merchant", "mode", "uuid"),
                condition=Q(kind=BookingKind.TAKEN_BACK),
                name="gift_card_load_taken_back_once",
            ),
            models.UniqueConstraint(
                F("sale"),
                F("number"),
                condition=Q(kind=BookingKind.SPENT),
                name="gift_card_tender_once",
            ),
            choice_check("gift_card_booking", "mode", Mode),
            choice_check("gift_card_booking", "kind", BookingKind),
        )
        indexes = (
            models.Index(fields=("merchant", "mode", "booked_at"), name="gift_card_by_month"),
        )

    @override
    def __str__(self) -> str:
        """Return what happened."""
        return f"{self.kind} {self.amount}"


class LoadTill(models.Model):
    """At which till something was put on a card or taken back: its drawer holds what was paid."""

    booking = models.OneToOneField(
        GiftCardBooking, on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    terminal = models.ForeignKey(
        "parties.Terminal", on_delete=models.PROTECT, related_name="+", db_index=False
    )

    class Meta:
        """Once per booking."""

        db_table = "payments_gift_card_load_till"

    @override
    def __str__(self) -> str:
        """Return which booking."""
        return f"booking {self.booking_id}"


class StoppedLoad(models.Model):
    """A load that was given up before it arrived: a late original never puts anything on a card."""

    merchant = models.ForeignKey(
        "parties.Merchant", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    uuid = models.UUIDField()
    stopped_at = models.DateTimeField()

    objects: ClassVar[models.Manager["StoppedLoad"]] = MerchantManager()

    class Meta:
        """Once per merchant and mode."""

        db_table = "payments_stopped_load"
        constraints = (
            models.UniqueConstraint(
                fields=("merchant", "mode", "uuid"), name="gift_card_load_stopped_once"
            ),
            choice_check("stopped_load", "mode", Mode),
        )

    @override
    def __str__(self) -> str:
        """Return the till's number for it."""
        return str(self.uuid)


class KeptGiftCard(models.Model):
    """That a person keeps a card in the wallet: whoever showed its number and PIN."""

    card = models.ForeignKey(GiftCard, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()

    class Meta:
        """Once per person."""

        db_table = "payments_kept_gift_card"
        constraints = (
            models.UniqueConstraint(fields=("person", "card"), name="gift_card_kept_once"),
        )

    @override
    def __str__(self) -> str:
        """Return who keeps which."""
        return f"card {self.card_id} of person {self.person_id}"
