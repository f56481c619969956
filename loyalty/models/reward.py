"""What a fixed number of points buys, and what members gave to charities."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from loyalty.models.offer import OfferState, Target
from loyalty.models.programme import texts_check
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check


class RewardKind(models.TextChoices):
    """Kinds of rewards; a donation and a gift card are had at once, the others in a sale."""

    MONEY_OFF = "money_off", _("Money off a purchase")
    PRODUCT = "product", _("Something for free")
    DELIVERY = "delivery", _("Free delivery, online")
    DONATION = "donation", _("A gift to charity")
    GIFT_CARD = "gift_card", _("A gift card of yours")


WITHOUT_SALE = (RewardKind.DONATION, RewardKind.GIFT_CARD)
"""Had at once, for points alone: no basket knows them."""


class Reward(models.Model):
    """What ``cost`` points buy; ``name`` is a text per language.

    Money off is ``amount``, in minor units; of a donation that is what the merchant owes the
    ``charity``, of a gift card what is on it. Goods, and the article that delivery is rung up as,
    are named by ``target_references``.
    """

    merchant = models.ForeignKey(
        "parties.Merchant", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    name = models.JSONField()
    kind = models.CharField(max_length=9, choices=RewardKind.choices)
    cost = models.IntegerField()
    amount = models.IntegerField(default=0)
    target = models.CharField(max_length=10, choices=Target.choices)
    target_references = models.JSONField(default=list)
    charity = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=6, choices=OfferState.choices)
    made_at = models.DateTimeField()

    objects: Any = MerchantManager()

    class Meta:
        """UNIQUE (merchant, id) is what composite foreign keys point at."""

        constraints = (
            models.UniqueConstraint(fields=("merchant", "id"), name="reward_by_merchant"),
            texts_check("reward", "name"),
            choice_check("reward", "kind", RewardKind),
            choice_check("reward", "state", OfferState),
            models.CheckConstraint(condition=Q(cost__gt=0), name="reward_costs_points"),
            models.CheckConstraint(
                condition=Q(
                    kind__in=(
                        RewardKind.MONEY_OFF.value,
                        RewardKind.DONATION.value,
                        RewardKind.GIFT_CARD.value,
                    ),
                    amount__gt=0,
                    target_references=[],
                )
                | Q(
                    kind__in=(RewardKind.PRODUCT.value, RewardKind.DELIVERY.value),
                    amount=0,
                )
                & ~Q(target_references=[]),
                name="reward_is_money_or_goods",
            ),
            models.CheckConstraint(
                condition=Q(kind=RewardKind.DONATION.value) & ~Q(charity="")
                | ~Q(kind=RewardKind.DONATION.value) & Q(charity=""),
                name="reward_that_is_given_has_its_charity",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return the name there is."""
        return str(next(iter(self.name.values()), ""))


class Donation(models.Model):
    """Points that a member gave to a charity, and what the merchant owes it for them."""

    member = models.ForeignKey(
        "loyalty.Member",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,  # (merchant, mode, member) refers to them
    )
    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    reward = models.ForeignKey(
        "loyalty.Reward",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,  # (merchant, reward) refers to it
    )
    points = models.BigIntegerField()
    amount = models.BigIntegerField()
    given_at = models.DateTimeField()

    objects: Any = MerchantManager()

    class Meta:
        """What PostgreSQL holds for a gift."""

        constraints = (
            models.CheckConstraint(
                condition=Q(points__gt=0, amount__gt=0), name="donation_is_of_points"
            ),
        )

    @override
    def __str__(self) -> str:
        """Return the points."""
        return str(self.points)


class CardForPoints(models.Model):
    """A gift card that a member took for points; once under its ``uuid``, however often asked."""

    member = models.ForeignKey(
        "loyalty.Member",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,  # (merchant, mode, member) refers to them
    )
    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    reward = models.ForeignKey(
        "loyalty.Reward",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,  # (merchant, reward) refers to it
    )
    gift_card = models.OneToOneField(
        "payments.GiftCard",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,  # (merchant, mode, gift card) refers to it
    )
    uuid = models.UUIDField()
    points = models.BigIntegerField()
    amount = models.BigIntegerField()
    taken_at = models.DateTimeField()

    objects: Any = MerchantManager()

    class Meta:
        """What PostgreSQL holds for a card."""

        db_table = "loyalty_card_for_points"
        constraints = (
            models.UniqueConstraint(fields=("member", "uuid"), name="card_for_points_once"),
            models.CheckConstraint(
                condition=Q(points__gt=0, amount__gt=0), name="card_for_points_costs_points"
            ),
        )

    @override
    def __str__(self) -> str:
        """Return the points."""
        return str(self.points)
