"""Give something off: make an offer, or change one."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from loyalty.actions.refusals import OfferUnknown
from loyalty.actions.rulebook import raise_version
from loyalty.engine import Texts
from loyalty.models import Assignment, CouponSeries, Offer, OfferBudget, OfferKind, Target
from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import merchant_scope
from okplatform.trade.models import Category, Product

DO_NOT_COMBINE = "offers"
"""The group of an offer that says nothing else: no two such offers on one line."""

LOCK_PARTS = "SELECT FROM loyalty_offer_budget WHERE offer_id = %s ORDER BY mode, shard FOR UPDATE"
GIVEN = """
SELECT mode, sum(amount)::bigint, sum(uses)::bigint
FROM (
    SELECT mode, amount, 1 AS uses FROM loyalty_offer_use WHERE offer_id = %(offer)s
    UNION ALL
    SELECT mode, -amount, -uses FROM loyalty_offer_reversal WHERE offer_id = %(offer)s
) AS given
GROUP BY mode
"""
LAY_OUT = "SELECT loyalty_lay_out(%s, %s, %s, %s, %s, %s)"
# How large a discount usually is, in minor units, before there is one to look at.
USUAL_DISCOUNT = 100


class TargetUnknown(Refusal):
    """A category or product the offer names is not the merchant's; ``unknown`` lists them."""

    code = "offer_target_unknown"
    status = 422
    sentence = _("These are not in your catalogue: {unknown}. Choose others, or add them first.")


class LimitBelowGiven(Refusal):
    """More has been given already than the new limit allows."""

    code = "offer_limit_below_given"
    sentence = _(
        "More than this has been given already. Choose a higher limit, or pause the offer."
    )


class OfferHasMembers(Refusal):
    """Members were given it: it cannot be for everybody now."""

    code = "offer_has_members"
    sentence = _(
        "Members were given this offer. Make another offer for everybody, and pause this one."
    )


class OfferHasCodes(Refusal):
    """People have codes for it: it cannot be for everybody now."""

    code = "offer_has_codes"
    sentence = _(
        "There are codes for this offer. Make another offer for everybody, and pause this one."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferTerms:
    """What an offer says; see ``loyalty.models.Offer`` for the meaning of each."""

    name: Texts
    target: Target
    target_references: tuple[str, ...] = ()
    kind: OfferKind = OfferKind.PERCENTAGE
    percentage_bp: int | None = None
    amount: int | None = None
    pieces: int | None = None
    also_references: tuple[str, ...] = ()
    first_day: date | None = None
    last_day: date | None = None
    weekdays: tuple[int, ...] = ()
    from_minute: int | None = None
    to_minute: int | None = None
    most: int | None = None
    members_only: bool = False
    min_basket: int = 0
    budget: int | None = None
    uses: int | None = None
    per_person: int | None = None
    per_person_amount: int | None = None
    joined_within: int | None = None
    black_out: tuple[date, ...] = ()
    assigned: bool = False
    by_code: bool = False
    gives_back: bool = True
    per_visit: bool = False
    lapse_days: int | None = None
    exclusivity_group: str = DO_NOT_COMBINE
    priority: int = 100


def put_offer(
    *, merchant_id: int, terms: OfferTerms, actor: Actor, now: datetime, offer_id: int | None = None
) -> int:
    """Make an offer, or give offer ``offer_id`` other terms; return its id.

    It is in force from the next quote on. What was given before counts for a changed limit. Raises
    ``OfferUnknown``, ``TargetUnknown``, ``OfferHasCodes``, ``OfferHasMembers`` or
    ``LimitBelowGiven``, and then nothing has changed.
    """
    with db.transaction(), merchant_scope(merchant_id):
        return put(merchant_id=merchant_id, terms=terms, actor=actor, now=now, offer_id=offer_id)


@db.transaction_required
def put(
    *, merchant_id: int, terms: OfferTerms, actor: Actor, now: datetime, offer_id: int | None = None
) -> int:
    """Do that as a part of something larger; the merchant's scope is open."""
    version = raise_version(merchant_id=merchant_id, now=now)
    _refuse_unknown(terms)
    offer = _find(offer_id) if offer_id else Offer(merchant_id=merchant_id)
    if not terms.by_code and CouponSeries.objects.filter(offer_id=offer.pk).exists():
        raise OfferHasCodes
    if not terms.assigned and Assignment.objects.filter(offer_id=offer.pk).exists():
        raise OfferHasMembers
    for field, value in columns_of(terms).items():
        setattr(offer, field, value)
    offer.changed_at = now
    offer.save()
    _lay_out(offer)
    audit.record(
        actor=actor,
        action="offer_put",
        object_type="offer",
        object_id=offer.pk,
        merchant_id=merchant_id,
        data={"version": version, **_numbers(terms)},
    )
    return int(offer.pk)


def columns_of(terms: OfferTerms) -> Mapping[str, Any]:
    """Return what an offer with these terms has in its columns."""
    return {
        **asdict(terms),
        "name": terms.name._asdict(),
        "target_references": list(terms.target_references),
        "also_references": list(terms.also_references),
        "weekdays": sorted(terms.weekdays),
        "black_out": sorted(terms.black_out),
    }


def _numbers(terms: OfferTerms) -> Mapping[str, Any]:
    numbers = {
        "percentage_bp": terms.percentage_bp,
        "amount": terms.amount,
        "pieces": terms.pieces,
    }
    return {"kind": terms.kind.value} | {
        name: number for name, number in numbers.items() if number is not None
    }


def _find(offer_id: int) -> Offer:
    offer: Offer | None = Offer.objects.filter(pk=offer_id).first()
    if offer is None:
        raise OfferUnknown
    return offer


def _refuse_unknown(terms: OfferTerms) -> None:
    asked = set(terms.target_references)
    products, categories = set(terms.also_references), set[str]()
    if terms.target == Target.CATEGORIES:
        categories = asked
    elif terms.target == Target.PRODUCTS:
        products |= asked
    known = set(Product.objects.filter(sku__in=products).values_list("sku", flat=True))
    found = Category.objects.filter(reference__in=categories)
    unknown = products - known | categories - set(found.values_list("reference", flat=True))
    if unknown:
        raise TargetUnknown(unknown=", ".join(sorted(unknown)))


def _lay_out(offer: Offer) -> None:
    """Bring the counters to the limits, in both modes; one counts live, the other rehearsals."""
    db.call(LOCK_PARTS, (offer.pk,))
    if offer.budget is None and offer.uses is None:
        OfferBudget.objects.filter(offer_id=offer.pk).delete()
        return
    given = {mode: (amount, uses) for mode, amount, uses in db.call(GIVEN, {"offer": offer.pk})}
    for mode in Mode:
        amount, uses = given.get(mode.value, (0, 0))
        left = (_left(offer.budget, amount), _left(offer.uses, uses))
        if mode == Mode.LIVE and any(rest is not None and rest < 0 for rest in left):
            raise LimitBelowGiven
        rest_amount, rest_uses = (rest if rest is None else max(rest, 0) for rest in left)
        db.call(
            LAY_OUT,
            (offer.merchant_id, offer.pk, mode.value, rest_amount, rest_uses, USUAL_DISCOUNT),
        )


def _left(limit: int | None, given: int) -> int | None:
    return None if limit is None else limit - given
