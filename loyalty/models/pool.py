"""Points that a family spends together: who is in, who is asked, and what one drew from another."""

from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check

ASK_WAITS = timedelta(days=7)
MOST_SEATS = 8
"""How many members one pool has, those who are asked included."""


class Pool(models.Model):
    """A family that spends its points of one programme together.

    Each member's points stay on the member's own account; what one spends beyond that is drawn
    from the others (``PoolDraw``). The row is also the lock: whoever draws, joins or leaves holds
    it before any member.
    """

    programme = models.ForeignKey(
        "loyalty.Programme",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, programme) refers to it
    )
    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    opened_at = models.DateTimeField()

    objects: Any = MerchantManager()

    class Meta:
        """UNIQUE (merchant, mode, id), for what refers to it."""

        db_table = "loyalty_pool"
        constraints = (
            models.UniqueConstraint(fields=("merchant", "mode", "id"), name="pool_by_mode"),
        )

    @override
    def __str__(self) -> str:
        """Return its number; the names are its members'."""
        return f"pool {self.pk}"


class PoolSeat(models.Model):
    """A member in a pool; gone once they leave. ``spends`` says whether they may draw."""

    member = models.OneToOneField(
        "loyalty.Member",
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="+",
        db_constraint=False,  # (merchant, mode, member) refers to them
    )
    pool = models.ForeignKey(
        "loyalty.Pool",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,  # (merchant, mode, pool) refers to it
    )
    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    spends = models.BooleanField()
    joined_at = models.DateTimeField()

    objects: Any = MerchantManager()

    class Meta:
        """``loyalty_member.pool_id`` says the same, where a sale reads it anyway."""

        db_table = "loyalty_pool_seat"

    @override
    def __str__(self) -> str:
        """Return whose."""
        return f"member {self.member_id}"


class PoolAsk(models.Model):
    """Somebody of the family who is asked to come in, until they answer or ``ends_at``."""

    pool = models.ForeignKey(
        "loyalty.Pool",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, mode, pool) refers to it
    )
    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    person = models.ForeignKey(
        "parties.Person",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,  # (person, mode) refers to them
    )
    by = models.ForeignKey(
        "loyalty.Member",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,  # (merchant, mode, by) refers to them
    )
    spends = models.BooleanField()
    asked_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    objects: Any = MerchantManager()

    class Meta:
        """One of a pool to a person."""

        db_table = "loyalty_pool_ask"
        constraints = (
            models.UniqueConstraint(fields=("pool", "person"), name="pool_ask_once"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("asked_at")), name="pool_ask_ends_later"
            ),
        )

    @override
    def __str__(self) -> str:
        """Return to which pool."""
        return f"ask of pool {self.pool_id}"


class DrawKind(models.TextChoices):
    """What a draw was for; one that is ``forgiven`` moved no points."""

    SPENT = "spent", "spent"
    SETTLED = "settled", "settled"
    FORGIVEN = "forgiven", "forgiven"


class PoolDraw(models.Model):
    """Points of one member that another of the pool got: they count as lent until one leaves.

    ``SPENT`` by a sale, ``SETTLED`` when somebody left and took along what was theirs, by a posting
    with this row's id; ``FORGIVEN`` is what was owed then and not there.
    """

    pool = models.ForeignKey(
        "loyalty.Pool",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,  # (merchant, mode, pool) refers to it
    )
    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    kind = models.CharField(max_length=8, choices=DrawKind.choices)
    giver = models.ForeignKey(
        "loyalty.Member",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,  # (merchant, mode, giver) refers to them
    )
    taker = models.ForeignKey(
        "loyalty.Member",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,  # (merchant, mode, taker) refers to them
    )
    points = models.BigIntegerField()
    sale = models.ForeignKey(
        "trade.Sale",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        db_index=False,
        db_constraint=False,  # (merchant, mode, sale) refers to it
    )
    drawn_at = models.DateTimeField()

    objects: Any = MerchantManager()

    class Meta:
        """Read by pool, and by either member for what they take along."""

        db_table = "loyalty_pool_draw"
        constraints = (
            choice_check("pool_draw", "kind", DrawKind),
            models.CheckConstraint(
                condition=Q(points__gt=0) & ~Q(giver=F("taker")), name="pool_draw_is_of_another"
            ),
            models.CheckConstraint(
                condition=Q(kind=DrawKind.SPENT.value, sale__isnull=False)
                | ~Q(kind=DrawKind.SPENT.value) & Q(sale=None),
                name="pool_draw_pays_a_sale",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return the points."""
        return str(self.points)
