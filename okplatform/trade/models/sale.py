"""A sale: one basket at one store, with its lines and what paid for them.

All amounts are integers in minor units of the sale's currency, VAT included.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check, currency_check
from okplatform.trade.models.catalogue import Unit


class SaleState(models.TextChoices):
    """A sale begins open and ends closed (paid) or cancelled; it never comes back."""

    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")
    CANCELLED = "cancelled", _("cancelled")


class TenderKind(models.TextChoices):
    """What paid a part of a sale."""

    OK = "ok", "OK"
    PIN = "pin", _("PIN card")
    CASH = "cash", _("cash")
    POINTS = "points", _("points")
    VOUCHER = "voucher", _("voucher")
    GIFT_CARD = "gift_card", _("gift card")
    OTHER = "other", _("other")


class LineKind(models.TextChoices):
    """What a line is of: goods, or money that comes or goes with them (docs/adr/0046).

    Offers and points touch goods alone. A deposit return takes off: its amounts are negative.
    """

    GOODS = "goods", _("goods")
    DEPOSIT = "deposit", _("deposit")
    DEPOSIT_RETURN = "deposit_return", _("returned empties")
    TIP = "tip", _("tip")


OLDEST_MINIMUM_AGE = 25


class Sale(models.Model):
    """One basket at one store.

    The till makes ``uuid``; it is unique per merchant and mode, so nobody collides with another's
    sale. While open, ``draft`` holds the request and its quote; ``basket_hash`` is the fingerprint
    by which a repeated call is told from a changed one. Lines and tenders are written once, when it
    closes. A sale cancelled before anyone saw it (a tombstone) may have no store.
    """

    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # the composite keys refer to store, terminal and person
    )
    store = models.ForeignKey(
        "parties.Store",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    terminal = models.ForeignKey(
        "parties.Terminal",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    person = models.ForeignKey(
        "parties.Person",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    uuid = models.UUIDField()
    revision = models.IntegerField(default=0)
    state = models.CharField(max_length=9, choices=SaleState.choices, default=SaleState.OPEN)
    currency = models.CharField(max_length=3)
    gross = models.BigIntegerField(default=0)
    discount = models.BigIntegerField(default=0)
    due = models.BigIntegerField(default=0)
    points_earned = models.BigIntegerField(default=0)
    basket_hash = models.BinaryField(max_length=32, default=b"")
    draft = models.JSONField(default=dict)
    operator = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=2)
    reference = models.CharField(max_length=64, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    trace_id = models.CharField(max_length=32, blank=True)

    objects: ClassVar[models.Manager["Sale"]] = MerchantManager()

    class Meta:
        """Each index costs every sale, so each says whom it is for."""

        constraints = (
            # The till's retries: found by UUID.
            models.UniqueConstraint(fields=("merchant", "mode", "uuid"), name="sale_by_uuid"),
            # What lines, tenders, payments and receipts refer to.
            models.UniqueConstraint(fields=("merchant", "mode", "id"), name="sale_by_mode"),
            choice_check("sale", "mode", Mode),
            currency_check("sale"),
            models.CheckConstraint(
                condition=Q(due=F("gross") - F("discount"), discount__gte=0, due__gte=0),
                name="sale_due_is_gross_less_discount",
            ),
            models.CheckConstraint(
                condition=Q(points_earned__gte=0), name="sale_earns_no_negative_points"
            ),
            models.CheckConstraint(
                condition=Q(store__isnull=False)
                | Q(state=SaleState.CANCELLED.value, terminal=None),
                name="sale_has_a_store",
            ),
            models.CheckConstraint(
                condition=Q(state=SaleState.OPEN.value, closed_at=None, cancelled_at=None)
                | Q(
                    state=SaleState.CLOSED.value,
                    closed_at__isnull=False,
                    cancelled_at=None,
                    draft={},
                )
                | Q(
                    state=SaleState.CANCELLED.value,
                    closed_at=None,
                    cancelled_at__isnull=False,
                    draft={},
                ),
                name="sale_state_agrees_with_its_times",
            ),
        )
        indexes = (
            # The merchant's live page and its history, newest first; one store's own part of it,
            # which its tills add up at the end of a shift; and, where ``closed_at`` is not there
            # yet, what a store's tills have not settled. One index for all: each costs every sale.
            models.Index(
                "merchant",
                "mode",
                "closed_at",
                "store",
                condition=Q(closed_at__isnull=False) | Q(state=SaleState.OPEN.value),
                name="sale_live",
            ),
            # A shopper's own purchases: newest first.
            models.Index(
                "person", "closed_at", condition=Q(person__isnull=False), name="sale_of_person"
            ),
        )

    @override
    def __str__(self) -> str:
        """Return the till's number for it."""
        return str(self.uuid)


class SaleLine(models.Model):
    """A line of a closed sale, with its stored split: what was asked, what came off, what was paid.

    ``unit_price`` is per piece, or per 1,000 gram or millilitre. ``vat`` is the VAT contained in
    ``paid``. ``reasons`` lists what came off: ``[{"kind", "id", "text": {"nl", "en"}, "amount"}]``.
    Its key is (sale, number), so a sale's lines lie together and need no index of their own.
    ``minimum_age`` is how old its buyer must be, in years; 0 asks nothing.
    """

    pk = models.CompositePrimaryKey("sale_id", "number")
    sale = models.ForeignKey(
        "trade.Sale",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, mode, sale) refers to it
    )
    number = models.IntegerField()
    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    product = models.ForeignKey(
        "trade.Product",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    sku = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=200)
    quantity = models.BigIntegerField()
    unit = models.CharField(max_length=10, choices=Unit.choices)
    unit_price = models.BigIntegerField()
    gross = models.BigIntegerField()
    discount = models.BigIntegerField()
    paid = models.BigIntegerField()
    vat_rate_bp = models.IntegerField()
    vat = models.BigIntegerField()
    points = models.BigIntegerField()
    reasons = models.JSONField(default=list)
    category_reference = models.CharField(max_length=64, blank=True)
    kind = models.CharField(
        max_length=14,
        choices=LineKind.choices,
        default=LineKind.GOODS,
        db_default=LineKind.GOODS.value,
    )
    minimum_age = models.SmallIntegerField(default=0, db_default=0)

    objects: ClassVar[models.Manager["SaleLine"]] = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every line."""

        db_table = "trade_sale_line"
        constraints = (
            models.CheckConstraint(
                condition=Q(paid=F("gross") - F("discount"), discount__gte=0)
                & (Q(paid__gte=0) | Q(kind=LineKind.DEPOSIT_RETURN.value)),
                name="line_paid_is_gross_less_discount",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=0, unit_price__gte=0, points__gte=0),
                name="line_counts_are_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(vat_rate_bp__range=(0, 10_000))
                & (
                    Q(vat__gte=0, vat__lte=F("paid"))
                    | Q(kind=LineKind.DEPOSIT_RETURN.value, vat__lte=0, vat__gte=F("paid"))
                ),
                name="line_vat_is_contained_in_paid",
            ),
            models.CheckConstraint(
                condition=Q(kind=LineKind.GOODS.value)
                | Q(discount=0, points=0)
                & (
                    Q(kind=LineKind.DEPOSIT.value)
                    | Q(kind=LineKind.DEPOSIT_RETURN.value, paid__lte=0)
                    | Q(kind=LineKind.TIP.value, vat=0)
                ),
                name="line_beside_goods_is_plain",
            ),
            models.CheckConstraint(
                condition=Q(minimum_age__range=(0, OLDEST_MINIMUM_AGE)),
                name="line_minimum_age_is_some_years",
            ),
            choice_check("line", "unit", Unit),
        )

    @override
    def __str__(self) -> str:
        """Return the line as it stands on the receipt."""
        return self.name


class Tender(models.Model):
    """What paid a part of a closed sale. ``reference`` is the payment terminal's number, if any."""

    pk = models.CompositePrimaryKey("sale_id", "number")
    sale = models.ForeignKey(
        "trade.Sale",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    number = models.IntegerField()
    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    kind = models.CharField(max_length=9, choices=TenderKind.choices)
    amount = models.BigIntegerField()
    reference = models.CharField(max_length=64, blank=True)

    objects: ClassVar[models.Manager["Tender"]] = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every tender."""

        constraints = (
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="tender_amount_is_more_than_zero"
            ),
            choice_check("tender", "kind", TenderKind),
        )

    @override
    def __str__(self) -> str:
        """Return what paid."""
        return self.kind
