"""Points that buy something: on which terms, who wants it, and which sale took how many."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.kernel.money import BASIS_POINTS
from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check

MOST_GRACE_DAYS = 365


class SpendingTerms(models.Model):
    """What a merchant's points are worth when they pay a part of a basket.

    Each ``points`` take ``amount`` off, in minor units. They go in steps of ``step``, a multiple of
    ``points``, from ``minimum`` on, and pay at most ``most_bp`` basis points of a basket. Points
    that come back after their end may be spent for ``grace_days`` more.
    """

    merchant = models.OneToOneField(
        "parties.Merchant", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    points = models.IntegerField()
    amount = models.IntegerField()
    step = models.IntegerField()
    minimum = models.IntegerField()
    most_bp = models.IntegerField()
    grace_days = models.SmallIntegerField()
    is_on = models.BooleanField()
    changed_at = models.DateTimeField()

    objects: Any = MerchantManager()

    class Meta:
        """What PostgreSQL holds for the terms."""

        db_table = "loyalty_spending"
        constraints = (
            models.CheckConstraint(
                condition=Q(points__gt=0, amount__gt=0, step__gt=0)
                & Q(minimum__gte=F("step"), most_bp__range=(1, BASIS_POINTS)),
                name="spending_terms_say_something",
            ),
            models.CheckConstraint(
                condition=Q(grace_days__range=(0, MOST_GRACE_DAYS)), name="spending_grace_is_days"
            ),
        )

    @override
    def __str__(self) -> str:
        """Return the rate."""
        return f"{self.points}:{self.amount}"


class Wish(models.Model):
    """What a member wants at the next payment: a reward, or so many points (None: as many as may).

    Made and taken back on the phone, and used up by the sale that fulfils it.
    """

    member = models.OneToOneField(
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
    points = models.BigIntegerField(null=True)
    reward = models.ForeignKey(
        "loyalty.Reward",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        db_constraint=False,  # (merchant, reward) refers to it
    )
    made_at = models.DateTimeField()

    objects: Any = MerchantManager()

    class Meta:
        """One per member."""

        constraints = (
            models.CheckConstraint(
                condition=Q(points=None) | Q(points__gt=0, reward=None), name="wish_is_for_points"
            ),
        )

    @override
    def __str__(self) -> str:
        """Return how many."""
        return "all" if self.points is None else str(self.points)


class SpendState(models.TextChoices):
    """Set aside for a payment that is captured later, spent, or given back without a sale."""

    HELD = "held", "held"
    SPENT = "spent", "spent"
    RELEASED = "released", "released"


class Spend(models.Model):
    """The points that one sale took. Its key makes it take them once.

    ``amount`` is what they took off, in minor units, as money or by a ``reward``; ``given_back``
    how many have come back since.
    """

    sale = models.OneToOneField(
        "trade.Sale",
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="+",
        db_constraint=False,  # (merchant, mode, sale) refers to it
    )
    member = models.ForeignKey(
        "loyalty.Member",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
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
    points = models.BigIntegerField()
    amount = models.BigIntegerField()
    reward = models.ForeignKey(
        "loyalty.Reward",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        db_index=False,
        db_constraint=False,  # (merchant, reward) refers to it
    )
    state = models.CharField(max_length=8, choices=SpendState.choices)
    given_back = models.BigIntegerField(default=0)
    spent_at = models.DateTimeField()

    objects: Any = MerchantManager()

    class Meta:
        """Read by member, newest first."""

        constraints = (
            choice_check("spend", "state", SpendState),
            models.CheckConstraint(
                condition=Q(points__gt=0, amount__gt=0, given_back__range=(0, F("points"))),
                name="spend_gives_back_at_most_its_points",
            ),
            models.CheckConstraint(
                condition=~Q(state=SpendState.HELD.value, given_back__gt=0)
                & (~Q(state=SpendState.RELEASED.value) | Q(given_back=F("points"))),
                name="spend_state_agrees_with_its_points",
            ),
        )
        indexes = (models.Index(fields=("member", "-spent_at"), name="spend_of_member"),)

    @override
    def __str__(self) -> str:
        """Return the points."""
        return str(self.points)


class SpendBack(models.Model):
    """Spent points that one return gave back. Its key makes it give them once."""

    sale_return = models.OneToOneField(
        "trade.Return",
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="+",
        db_constraint=False,  # (merchant, mode, sale_return) refers to it
    )
    spend = models.ForeignKey("loyalty.Spend", on_delete=models.PROTECT, related_name="+")
    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    points = models.BigIntegerField()
    given_at = models.DateTimeField()

    objects: Any = MerchantManager()

    class Meta:
        """What PostgreSQL holds for points that came back."""

        db_table = "loyalty_spend_back"
        constraints = (
            models.CheckConstraint(condition=Q(points__gt=0), name="spend_back_is_of_points"),
        )

    @override
    def __str__(self) -> str:
        """Return the points."""
        return str(self.points)
