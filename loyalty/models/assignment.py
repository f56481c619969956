"""Offers that members were given personally."""

from typing import Any

from django.db import models
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import MerchantManager


class Assignment(models.Model):
    """A member has a personal offer; it counts while they consent to personal offers there."""

    pk = models.CompositePrimaryKey("member_id", "offer_id")
    member = models.ForeignKey(
        "loyalty.Member",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, mode, member) refers to them
    )
    offer = models.ForeignKey(
        "loyalty.Offer",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,  # (merchant, offer) refers to it
    )
    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    assigned_at = models.DateTimeField()

    objects: Any = MerchantManager()

    class Meta:
        """Read by member; counted by offer."""

        db_table = "loyalty_assignment"

    @override
    def __str__(self) -> str:
        """Return who has what."""
        return f"offer {self.offer_id} of member {self.member_id}"
