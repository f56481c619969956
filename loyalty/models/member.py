"""Who joined a programme, and what each of their sales earned."""

from typing import Any

from django.db import models
from django.db.models import Q
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import MerchantManager


class Member(models.Model):
    """A person in a programme.

    The points are in the ledger, on the account of kind ``member_points`` this member owns; it
    opens with the first ones. ``carry`` holds the milli-points towards the next one. A quote
    promises its points; where another sale used the carry before it was paid, the promise is kept
    and ``carry`` leaves 0 to 999 by less than a point. The mode is the person's. ``terms_version``
    says which text the person accepted. Where the member ``keeps_lots``, each point lies in a
    ``Lot``; else the balance is all there is. ``pool`` is the family's, of who has a ``PoolSeat``.
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
    person = models.ForeignKey(
        "parties.Person",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (person, mode) refers to them
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    joined_at = models.DateTimeField()
    terms_version = models.IntegerField()
    carry = models.IntegerField(default=0)
    keeps_lots = models.BooleanField(default=False, db_default=False)
    pool = models.ForeignKey(
        "loyalty.Pool",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        db_index=False,
        db_constraint=False,  # the seat refers to it, and every sale writes this row
    )

    objects: Any = MerchantManager()

    class Meta:
        """Found by person and merchant at every scan; UNIQUE (merchant, mode, id) for earnings."""

        constraints = (
            models.UniqueConstraint(fields=("person", "programme"), name="member_once"),
            models.UniqueConstraint(fields=("merchant", "mode", "id"), name="member_by_mode"),
            models.CheckConstraint(
                condition=Q(carry__range=(-999, 1_999)), name="member_carry_is_about_a_point"
            ),
        )
        indexes = (
            models.Index(fields=("person", "merchant"), name="member_of_person"),
            models.Index(fields=("programme", "joined_at"), name="member_of_programme"),
        )

    @override
    def __str__(self) -> str:
        """Return the number; the name needs a consent."""
        return f"member {self.pk}"


class Earning(models.Model):
    """What one sale earned one member. Its key makes it count once.

    ``milli`` are the milli-points of the basket; ``points`` the whole points booked for it, which
    the carry made more or fewer; ``balance`` what the member had then. ``near_miss`` is what little
    more would have brought (``loyalty.engine.NearMiss`` as JSON), for the receipt.
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
    milli = models.BigIntegerField()
    points = models.BigIntegerField()
    balance = models.BigIntegerField()
    near_miss = models.JSONField(null=True)
    earned_at = models.DateTimeField()

    objects: Any = MerchantManager()

    class Meta:
        """Read by member, newest first."""

        constraints = (
            models.CheckConstraint(
                condition=Q(milli__gte=0, points__gte=0), name="earning_is_not_negative"
            ),
        )
        indexes = (models.Index(fields=("member", "-earned_at"), name="earning_of_member"),)

    @override
    def __str__(self) -> str:
        """Return the points."""
        return str(self.points)
