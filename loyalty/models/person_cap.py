"""What a member had of offers that give each person only so much."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import MerchantManager


class MemberOffer(models.Model):
    """How often, and how much (minor units), an offer with a limit per person gave one member.

    Counted by a conditional update, so that no two tills give the last of it.
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
    uses = models.IntegerField()
    amount = models.BigIntegerField()

    objects: Any = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every counter."""

        db_table = "loyalty_member_offer"
        constraints = (
            models.CheckConstraint(
                condition=Q(uses__gte=0, amount__gte=0), name="member_offer_counts_what_was_given"
            ),
        )

    @override
    def __str__(self) -> str:
        """Return how often."""
        return str(self.uses)


class MemberOfferUse(models.Model):
    """What an offer with a limit per person gave one sale, and what of it came back.

    Its key makes it count once. ``back_uses`` is 1 when all of its goods came back.
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
        db_constraint=False,  # the counter's own
    )
    member = models.ForeignKey(
        "loyalty.Member",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (member, offer) refers to the counter
    )
    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    amount = models.BigIntegerField()
    back_amount = models.BigIntegerField(default=0)
    back_uses = models.SmallIntegerField(default=0)

    objects: Any = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every use."""

        db_table = "loyalty_member_offer_use"
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    amount__gt=0, back_amount__range=(0, F("amount")), back_uses__in=(0, 1)
                ),
                name="member_offer_use_has_at_most_itself_back",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return the amount in minor units."""
        return str(self.amount)
