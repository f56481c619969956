"""The stamps of members, and what each sale did to them."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import MerchantManager


class MemberStamps(models.Model):
    """The stamps of one member on one card (an offer of kind stamps), and when the last one came.

    Counted by a conditional update, so that no two tills give one full card away. Below zero where
    goods came back whose stamps had been used; more than the card holds where two sales were priced
    at once, or no piece could be free.
    """

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
        db_index=False,
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
    count = models.IntegerField()
    last_at = models.DateTimeField()

    objects: Any = MerchantManager()

    class Meta:
        """Found by member and card."""

        db_table = "loyalty_member_stamps"

    @override
    def __str__(self) -> str:
        """Return how many."""
        return str(self.count)


class StampUse(models.Model):
    """What one sale did to a stamp card, and what of it came back. Its key makes it count once.

    ``stamps`` came on it, each of ``rewards`` took ``size`` off, and ``lapsed`` had ended before.
    ``lines`` are triples: the line's number, its pieces that counted, and those that were free.
    """

    pk = models.CompositePrimaryKey("sale_id", "offer_id")
    sale = models.ForeignKey(
        "trade.Sale",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, mode, sale) refers to it
    )
    offer = models.ForeignKey(
        "loyalty.Offer",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # the card's own
    )
    member = models.ForeignKey(
        "loyalty.Member",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (member, offer) refers to the card
    )
    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    size = models.SmallIntegerField()
    stamps = models.IntegerField()
    rewards = models.IntegerField()
    lapsed = models.IntegerField()
    lines = models.JSONField()
    used_at = models.DateTimeField()
    back_stamps = models.IntegerField(default=0)
    back_rewards = models.IntegerField(default=0)

    objects: Any = MerchantManager()

    class Meta:
        """Read by card: what came back of stamps that ended is not asked for."""

        db_table = "loyalty_stamp_use"
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    size__gt=1,
                    stamps__gt=0,
                    rewards__gte=0,
                    lapsed__gte=0,
                    back_stamps__range=(0, F("stamps")),
                    back_rewards__range=(0, F("rewards")),
                ),
                name="stamp_use_has_at_most_itself_back",
            ),
        )
        indexes = (models.Index(fields=("member", "offer", "used_at"), name="stamp_use_of_card"),)

    @override
    def __str__(self) -> str:
        """Return how many stamps came."""
        return str(self.stamps)
