"""Until when somebody said that a purchase is under warranty."""

from typing import Any

from django.db import models
from typing_extensions import override

from okplatform.kernel.tenancy import MerchantManager

LONGEST_NOTE = 200


class Warranty(models.Model):
    """A day and a note of the person's own, about one line of a receipt, or all of it (None).

    It says what shop or maker promised. What the law gives beside that has no fixed end in the
    Netherlands (Burgerlijk Wetboek 7:17), so nothing here says that a right has ended.
    """

    person = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="+")
    receipt = models.ForeignKey(
        "wallet.Receipt", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    line = models.PositiveIntegerField(null=True)
    ends_on = models.DateField()
    note = models.CharField(max_length=LONGEST_NOTE, blank=True)
    set_at = models.DateTimeField()

    objects: Any = MerchantManager()

    class Meta:
        """One per line; that it is of the receipt's person and line, ``receipts.sql`` holds."""

        constraints = (
            models.UniqueConstraint(
                fields=("receipt", "line"), name="warranty_once", nulls_distinct=False
            ),
        )

    @override
    def __str__(self) -> str:
        """Return of what, until when."""
        return f"receipt {self.receipt_id} until {self.ends_on}"
