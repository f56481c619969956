"""What came back of a sale: goods, money, or both.

All amounts are integers in minor units of the sale's currency, VAT included.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check, currency_check
from okplatform.trade.models.sale import TenderKind


class Return(models.Model):
    """What one visit brought back of one closed sale; written once, never changed.

    Whoever asks for it makes ``uuid``; it is unique per merchant and mode, and ``request_hash`` is
    the fingerprint by which a repeated request is told from another one. ``store`` is where it came
    back, any of the merchant's. ``vat`` is the VAT contained in ``amount``.
    """

    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, store) refers to it
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    uuid = models.UUIDField()
    sale = models.ForeignKey(
        "trade.Sale",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,  # return_fits holds it to its sale, so that closing one pays nothing
    )
    store = models.ForeignKey(
        "parties.Store",
        on_delete=models.PROTECT,
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
    operator = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    vat = models.BigIntegerField()
    request_hash = models.BinaryField(max_length=32)
    returned_at = models.DateTimeField()
    trace_id = models.CharField(max_length=32, blank=True)

    objects: ClassVar[models.Manager["Return"]] = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every return; that it fits its sale, ``returns.sql`` holds."""

        constraints = (
            models.UniqueConstraint(fields=("merchant", "mode", "uuid"), name="return_by_uuid"),
            # What refunds and corrected points refer to.
            models.UniqueConstraint(fields=("merchant", "mode", "id"), name="return_by_mode"),
            models.CheckConstraint(
                condition=Q(amount__gte=0, vat__gte=0, vat__lte=F("amount")),
                name="return_gives_no_less_than_nothing",
            ),
            choice_check("return", "mode", Mode),
            currency_check("return"),
        )
        indexes = (
            # A store's returns of a day, for the live figures' proof.
            models.Index(fields=("merchant", "mode", "returned_at"), name="return_live"),
        )

    @override
    def __str__(self) -> str:
        """Return its number, as whoever asked for it made it."""
        return str(self.uuid)


class ReturnLine(models.Model):
    """What came back of one line of the sale; ``number`` is the sale line's.

    Where the goods stay with the shopper and the price is lowered after all, ``quantity`` is 0.
    """

    pk = models.CompositePrimaryKey("sale_return_id", "number")
    sale_return = models.ForeignKey(
        "trade.Return", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    number = models.IntegerField()
    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # the return's own
    )
    quantity = models.BigIntegerField()
    amount = models.BigIntegerField()
    vat = models.BigIntegerField()

    objects: ClassVar[models.Manager["ReturnLine"]] = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every line that came back."""

        db_table = "trade_return_line"
        constraints = (
            models.CheckConstraint(
                condition=Q(quantity__gte=0, amount__gte=0, vat__gte=0, vat__lte=F("amount"))
                & ~Q(quantity=0, amount=0),
                name="return_line_brings_something_back",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return which line of the sale."""
        return f"line {self.number}"


class ReturnTender(models.Model):
    """By what a part was given back: what had paid it. OK's part OK gives, the rest the till."""

    pk = models.CompositePrimaryKey("sale_return_id", "kind")
    sale_return = models.ForeignKey(
        "trade.Return", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=9, choices=TenderKind.choices)
    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # the return's own
    )
    amount = models.BigIntegerField()
    reference = models.CharField(max_length=64, blank=True)

    objects: ClassVar[models.Manager["ReturnTender"]] = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every tender that gave back."""

        db_table = "trade_return_tender"
        constraints = (
            models.CheckConstraint(
                condition=Q(amount__gt=0), name="return_tender_is_more_than_zero"
            ),
            choice_check("return_tender", "kind", TenderKind),
        )

    @override
    def __str__(self) -> str:
        """Return what gave back."""
        return self.kind
