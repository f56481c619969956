"""Bonuses: for a first purchase, for coming along with a member or bringing one, a birthday."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from typing_extensions import override

from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check


class BonusKind(models.TextChoices):
    """What a bonus is for."""

    FIRST = "first"
    REFERRED = "referred"
    REFERRER = "referrer"
    BIRTHDAY = "birthday"


class ReferralCode(models.Model):
    """What a member hands on, so that who joins with it counts as brought along."""

    member = models.OneToOneField(
        "loyalty.Member",
        on_delete=models.PROTECT,
        primary_key=True,
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
    code = models.CharField(max_length=16)

    objects: Any = MerchantManager()

    class Meta:
        """Found by merchant and code when somebody joins."""

        db_table = "loyalty_referral_code"
        constraints = (
            models.UniqueConstraint(fields=("merchant", "code"), name="referral_code_once"),
        )

    @override
    def __str__(self) -> str:
        """Return the member; the code is theirs to show."""
        return f"code of member {self.pk}"


class Referral(models.Model):
    """Who joined with whose code; once per member, and never with one's own."""

    member = models.OneToOneField(
        "loyalty.Member",
        on_delete=models.PROTECT,
        primary_key=True,
        related_name="+",
        db_constraint=False,  # (merchant, mode, member) refers to them
    )
    by = models.ForeignKey(
        "loyalty.Member",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,  # (merchant, mode, by) refers to them
    )
    merchant = models.ForeignKey(
        "parties.Merchant",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    mode = models.CharField(max_length=4, choices=Mode.choices)
    made_at = models.DateTimeField()

    objects: Any = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every one."""

        constraints = (
            models.CheckConstraint(condition=~Q(by=F("member")), name="referral_is_of_another"),
        )

    @override
    def __str__(self) -> str:
        """Return whose."""
        return f"member {self.pk} came with member {self.by_id}"


class BonusUse(models.Model):
    """A bonus that a sale gave, as milli-points within what it earned. Its key makes it count once.

    ``occasion`` is the member who was brought along, the year of a birthday, and 0 for a bonus that
    comes once.
    """

    pk = models.CompositePrimaryKey("member_id", "kind", "occasion")
    member = models.ForeignKey(
        "loyalty.Member",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, mode, member) refers to them
    )
    kind = models.CharField(max_length=8, choices=BonusKind.choices)
    occasion = models.BigIntegerField()
    sale = models.ForeignKey(
        "trade.Sale",
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,  # (merchant, mode, sale) refers to it
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
    given_at = models.DateTimeField()

    objects: Any = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every one."""

        db_table = "loyalty_bonus_use"
        constraints = (
            choice_check("bonus_use", "kind", BonusKind),
            models.CheckConstraint(condition=Q(milli__gt=0), name="bonus_use_gave_something"),
        )

    @override
    def __str__(self) -> str:
        """Return the milli-points."""
        return str(self.milli)
