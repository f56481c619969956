"""What a merchant gives off, to whom and until how much."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from loyalty.models.programme import texts_check
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import MerchantManager
from okplatform.parties.checks import choice_check


class Target(models.TextChoices):
    """What an offer takes something off."""

    BASKET = "basket", _("the whole basket")
    CATEGORIES = "categories", _("categories")
    PRODUCTS = "products", _("products")


class OfferKind(models.TextChoices):
    """How an offer takes something off; each kind has its own numbers."""

    PERCENTAGE = "percentage", _("a percentage off")
    AMOUNT_OFF = "amount_off", _("money off")
    FIXED_PRICE = "fixed_price", _("another price")
    NTH = "nth", _("every so many, one cheaper or free")
    SET_PRICE = "set_price", _("several for one price")
    BUNDLE = "bundle", _("together for one price")
    STAMPS = "stamps", _("a stamp card")


class OfferState(models.TextChoices):
    """A paused offer gives nothing until it is resumed."""

    ACTIVE = "active", _("active")
    PAUSED = "paused", _("paused")


_NUMBERS: dict[OfferKind, tuple[str, ...]] = {
    OfferKind.PERCENTAGE: ("percentage_bp",),
    OfferKind.AMOUNT_OFF: ("amount",),
    OfferKind.FIXED_PRICE: ("amount",),
    OfferKind.NTH: ("percentage_bp", "pieces"),
    OfferKind.SET_PRICE: ("amount", "pieces"),
    OfferKind.BUNDLE: ("amount",),
    OfferKind.STAMPS: ("percentage_bp", "pieces"),
}


def _own_numbers() -> Q:
    """Hold every kind to exactly the numbers it has."""
    held = Q()
    for kind, numbers in _NUMBERS.items():
        has = {
            f"{number}__isnull": number not in numbers
            for number in ("percentage_bp", "amount", "pieces")
        }
        also = Q(also_references__len=0)
        held |= Q(kind=kind.value, **has) & (~also if kind == OfferKind.BUNDLE else also)
    return held


class Offer(models.Model):
    """What is taken off the basket, off categories (and what is below them) or off products.

    ``percentage_bp`` is of a percentage, and of the piece that is cheaper where ``kind`` is nth;
    ``amount``, in minor units, is what goes off each piece or the basket, or the price of a piece
    or a set; ``pieces`` is how many make a set. A bundle is one piece of the target with one of
    ``also_references``, SKUs. A stamp card has ``pieces`` stamps, one a piece or one ``per_visit``,
    which end ``lapse_days`` after the last one. ``weekdays`` count from Monday, 0, none is every
    day; the minutes are of the day, and the second before the first lies after midnight. One basket
    gets it for at most ``most`` pieces or sets.

    ``name`` is a text per language. ``target_references`` are category references or SKUs, none for
    the basket. The days are included, and those of the store's calendar. Per mode at most
    ``budget`` (minor units) and ``uses`` (baskets) are given; null is no limit. Offers with the
    same ``exclusivity_group`` do not combine on a line; the empty group combines with everything.
    A member gets at most ``per_person`` baskets and ``per_person_amount`` (minor units) of it; only
    who joined within so many days gets one with ``joined_within``. An ``assigned`` one is for
    whom it was given to (``Assignment``). On days of ``black_out`` it does
    not count. One ``by_code`` is for who shows a coupon (``CouponSeries``), which ``gives_back``
    returns when all of its goods come back.
    """

    merchant = models.ForeignKey(
        "parties.Merchant", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    name = models.JSONField()
    kind = models.CharField(max_length=11, choices=OfferKind.choices, default=OfferKind.PERCENTAGE)
    percentage_bp = models.IntegerField(null=True)
    amount = models.BigIntegerField(null=True)
    pieces = models.IntegerField(null=True)
    also_references = ArrayField(models.CharField(max_length=64), default=list)
    target = models.CharField(max_length=10, choices=Target.choices)
    target_references = ArrayField(models.CharField(max_length=64), default=list)
    first_day = models.DateField(null=True)
    last_day = models.DateField(null=True)
    weekdays = ArrayField(models.SmallIntegerField(), default=list)
    from_minute = models.SmallIntegerField(null=True)
    to_minute = models.SmallIntegerField(null=True)
    most = models.IntegerField(null=True)
    members_only = models.BooleanField(default=False)
    min_basket = models.BigIntegerField(default=0)
    budget = models.BigIntegerField(null=True)
    uses = models.IntegerField(null=True)
    exclusivity_group = models.CharField(max_length=40, blank=True)
    priority = models.IntegerField(default=100)
    per_person = models.IntegerField(null=True)
    per_person_amount = models.BigIntegerField(null=True)
    joined_within = models.IntegerField(null=True)
    black_out = ArrayField(models.DateField(), default=list)
    assigned = models.BooleanField(default=False)
    by_code = models.BooleanField(default=False)
    gives_back = models.BooleanField(default=True)
    per_visit = models.BooleanField(default=False, db_default=False)
    lapse_days = models.IntegerField(null=True)
    state = models.CharField(max_length=6, choices=OfferState.choices, default=OfferState.ACTIVE)
    changed_at = models.DateTimeField()

    objects: Any = MerchantManager()

    class Meta:
        """UNIQUE (merchant, id) is what composite foreign keys point at."""

        constraints = (
            models.UniqueConstraint(fields=("merchant", "id"), name="offer_by_merchant"),
            texts_check("offer", "name"),
            choice_check("offer", "target", Target),
            choice_check("offer", "kind", OfferKind),
            choice_check("offer", "state", OfferState),
            models.CheckConstraint(
                condition=Q(percentage_bp__range=(1, 10_000)), name="offer_percentage_is_one"
            ),
            models.CheckConstraint(condition=_own_numbers(), name="offer_has_its_kinds_numbers"),
            models.CheckConstraint(
                condition=Q(kind__in=(OfferKind.PERCENTAGE.value, OfferKind.AMOUNT_OFF.value))
                | ~Q(target=Target.BASKET.value),
                name="offer_on_pieces_names_them",
            ),
            models.CheckConstraint(
                condition=(Q(amount=None) | Q(amount__gt=0))
                & (Q(pieces=None) | Q(pieces__range=(2, 100)))
                & (Q(most=None) | Q(most__gt=0) & ~Q(target=Target.BASKET.value)),
                name="offer_numbers_are_positive",
            ),
            models.CheckConstraint(
                condition=Q(weekdays__contained_by=list(range(7)))
                & (
                    Q(from_minute=None, to_minute=None)
                    | Q(from_minute__isnull=False, to_minute__isnull=False)
                    & Q(from_minute__range=(0, 1_439), to_minute__range=(0, 1_440))
                    & ~Q(from_minute=models.F("to_minute"))
                ),
                name="offer_hours_are_hours",
            ),
            models.CheckConstraint(
                condition=Q(target=Target.BASKET.value, target_references__len=0)
                | ~Q(target=Target.BASKET.value) & Q(target_references__len__gt=0),
                name="offer_names_what_it_is_on",
            ),
            models.CheckConstraint(
                condition=Q(first_day=None)
                | Q(last_day=None)
                | Q(first_day__lte=models.F("last_day")),
                name="offer_starts_before_it_ends",
            ),
            models.CheckConstraint(
                condition=Q(min_basket__gte=0)
                & (Q(budget=None) | Q(budget__gt=0))
                & (Q(uses=None) | Q(uses__gt=0)),
                name="offer_limits_are_limits",
            ),
            models.CheckConstraint(
                condition=(Q(per_person=None) | Q(per_person__gt=0))
                & (Q(per_person_amount=None) | Q(per_person_amount__gt=0))
                & (Q(joined_within=None) | Q(joined_within__gt=0)),
                name="offer_limits_per_person_are_limits",
            ),
            models.CheckConstraint(
                condition=Q(kind=OfferKind.STAMPS.value, by_code=False, assigned=False)
                & (Q(lapse_days=None) | Q(lapse_days__gt=0))
                | ~Q(kind=OfferKind.STAMPS.value) & Q(per_visit=False, lapse_days=None),
                name="offer_stamps_are_of_stamp_cards",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return the number; the name depends on the reader's language."""
        return f"offer {self.pk}"


class OfferBudget(models.Model):
    """A part of what is left of a limited offer, so that tills do not queue for one row.

    The sum over ``shard`` is what is left in that mode. ``loyalty_take`` (SQL) takes from one
    shard, and brings all parts together in one when a shard runs out near the limit.
    """

    pk = models.CompositePrimaryKey("offer_id", "mode", "shard")
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
    shard = models.SmallIntegerField()
    left_amount = models.BigIntegerField(null=True)
    left_uses = models.IntegerField(null=True)

    objects: Any = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every part of a budget."""

        db_table = "loyalty_offer_budget"
        constraints = (
            choice_check("offer_budget", "mode", Mode),
            models.CheckConstraint(
                condition=(Q(left_amount=None) | Q(left_amount__gte=0))
                & (Q(left_uses=None) | Q(left_uses__gte=0)),
                name="offer_budget_is_not_overspent",
            ),
        )

    @override
    def __str__(self) -> str:
        """Return which part this is."""
        return f"part {self.shard}"


class OfferUse(models.Model):
    """What a limited offer gave one sale, in minor units. Its key makes it count once."""

    pk = models.CompositePrimaryKey("offer_id", "sale_id")
    offer = models.ForeignKey(
        "loyalty.Offer",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,  # (merchant, offer) refers to it
    )
    sale = models.ForeignKey(
        "trade.Sale",
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
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
    amount = models.BigIntegerField()

    objects: Any = MerchantManager()

    class Meta:
        """What PostgreSQL holds for every use."""

        db_table = "loyalty_offer_use"
        constraints = (
            models.CheckConstraint(condition=Q(amount__gt=0), name="offer_use_gave_something"),
        )

    @override
    def __str__(self) -> str:
        """Return the amount in minor units."""
        return str(self.amount)
