"""What the shopper keeps of a sale."""

from typing import Any

from django.db import models
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check


class Receipt(models.Model):
    """A closed sale, filed with the person whose code was scanned; its lines are the sale's own."""

    person = models.ForeignKey(
        "parties.Person",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,  # (person, mode) refers to the person
    )
    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, mode, sale) refers to the sale, and so to its merchant
    )
    sale = models.OneToOneField(
        "trade.Sale", on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    filed_at = models.DateTimeField()

    objects: Any = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every receipt."""

        constraints = (choice_check("receipt", "mode", Mode),)

    @override
    def __str__(self) -> str:
        """Return which sale."""
        return f"receipt of sale {self.sale_id}"
