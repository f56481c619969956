"""The engine's rules, made from the rows in which a merchant's are stored (pure but for texts)."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from loyalty.bonuses import Bonuses, bonuses_of
from loyalty.engine import (
    ALWAYS,
    MILLI,
    BasketAmountOff,
    BasketPercentage,
    Hours,
    LineAmountOff,
    LineFixedPrice,
    LinePercentage,
    NthPercentage,
    Part,
    PointsAsMoney,
    PointsBonus,
    PointsPerEuro,
    Reward,
    RewardKind,
    Rule,
    SetPrice,
    StampCard,
    Texts,
    TierPoints,
    Window,
)
from loyalty.languages import in_every_language
from loyalty.models import BonusKind, OfferKind, Target, TierBasis
from loyalty.queries.quoting import PublishedRules
from loyalty.tiers import Ladder, ladder_of

Row = Mapping[str, Any]
BONUS_IDS = -100
"""Below those of tiers."""


def rules_of(published: PublishedRules) -> Iterator[Rule]:
    """Return all that a merchant has published."""
    programme = published.programme
    if programme and not programme["paused_at"]:
        yield PointsPerEuro(
            id=programme["id"],
            text=Texts(**programme["points_name"]),
            milli_per_cent=programme["milli_points_per_cent"],
        )
        yield from _tiers(ladder_of(programme))
        yield from _bonuses(bonuses_of(programme["bonuses"]))
    if programme and published.spending:
        yield _spending(published.spending, programme["points_name"])
    for reward in published.rewards:
        yield _reward(reward)
    for offer in published.offers:
        yield _KINDS[offer["kind"]](offer, _terms(offer, programme["name"] if programme else ""))


def _spending(row: Row, name: Mapping[str, str]) -> PointsAsMoney:
    return PointsAsMoney(
        id=row["merchant_id"],
        text=in_every_language(lambda: _("Paid with {points}").format(points=name[get_language()])),
        points=row["points"],
        amount=row["amount"],
        step=row["step"],
        minimum=row["minimum"],
        most_bp=row["most_bp"],
    )


def _reward(row: Row) -> Reward:
    name = row["name"]
    return Reward(
        id=row["id"],
        text=in_every_language(lambda: _("Reward: {name}").format(name=name[get_language()])),
        kind=RewardKind(row["kind"]),
        cost=row["cost"],
        amount=row["amount"],
        **_targets(row),
    )


def _tiers(ladder: Ladder) -> Iterator[Rule]:
    for tier in ladder.tiers:
        yield TierPoints(
            # Below zero: the programme has its own number among what earns.
            id=-tier.key,
            text=tier.name,
            times_milli=tier.times_milli,
            key=tier.key,
            threshold=tier.threshold * ladder.scale,
            money=ladder.basis == TierBasis.SPEND,
        )


def _bonuses(bonuses: Bonuses) -> Iterator[Rule]:
    kinds = (
        (BonusKind.FIRST, bonuses.first, lambda: _("for your first purchase")),
        (BonusKind.REFERRED, bonuses.referral, lambda: _("because you were brought along")),
        (BonusKind.REFERRER, bonuses.referral, lambda: _("because you brought somebody along")),
        (BonusKind.BIRTHDAY, bonuses.birthday, lambda: _("for your birthday")),
    )
    for at, (kind, points, text) in enumerate(kinds, start=1):
        if points:
            yield PointsBonus(
                id=BONUS_IDS - at,
                text=in_every_language(text),
                kind=kind.value,
                milli=points * MILLI,
                min_paid=bonuses.min_paid,
            )


def _terms(row: Row, programme_name: str) -> dict[str, Any]:
    """Return what every kind of offer says."""
    return {
        "id": row["id"],
        "text": Texts(**row["name"]),
        "because": _because(row, programme_name),
        "window": _window(row),
        "members_only": row["members_only"],
        "min_basket": row["min_basket"],
        "group": row["exclusivity_group"],
        "priority": row["priority"],
        "limited": row["budget"] is not None or row["uses"] is not None,
        "most": row["most"],
        "per_person": row["per_person"],
        "per_person_amount": row["per_person_amount"],
        "joined_within": row["joined_within"],
        "personal": row["assigned"],
        # Of its codes there may be a million: the program knows the offer, PostgreSQL the codes.
        "code": key_of(row["id"]) if row["by_code"] else "",
    }


def key_of(offer_id: int) -> str:
    """Return what stands for any coupon of an offer in the engine."""
    return str(offer_id)


def _percentage(row: Row, terms: dict[str, Any]) -> Rule:
    share = row["percentage_bp"]
    if row["target"] == Target.BASKET:
        return BasketPercentage(**terms, percentage_bp=share)
    return LinePercentage(**terms, **_targets(row), percentage_bp=share)


def _amount_off(row: Row, terms: dict[str, Any]) -> Rule:
    if row["target"] == Target.BASKET:
        return BasketAmountOff(**terms, amount_off=row["amount"])
    return LineAmountOff(**terms, **_targets(row), amount_off=row["amount"])


def _fixed_price(row: Row, terms: dict[str, Any]) -> Rule:
    return LineFixedPrice(**terms, **_targets(row), price=row["amount"])


def _nth(row: Row, terms: dict[str, Any]) -> Rule:
    parts = (Part(row["pieces"], **_targets(row)),)
    return NthPercentage(**terms, parts=parts, percentage_bp=row["percentage_bp"])


def _set_price(row: Row, terms: dict[str, Any]) -> Rule:
    return SetPrice(**terms, parts=(Part(row["pieces"], **_targets(row)),), price=row["amount"])


def _bundle(row: Row, terms: dict[str, Any]) -> Rule:
    parts = (Part(1, **_targets(row)), Part(1, skus=frozenset(row["also_references"])))
    return SetPrice(**terms, parts=parts, price=row["amount"])


def _stamps(row: Row, terms: dict[str, Any]) -> Rule:
    return StampCard(
        **terms,
        **_targets(row),
        size=row["pieces"],
        percentage_bp=row["percentage_bp"],
        per_visit=row["per_visit"],
        lapse_days=row["lapse_days"],
    )


_KINDS: dict[str, Callable[[Row, dict[str, Any]], Rule]] = {
    OfferKind.PERCENTAGE: _percentage,
    OfferKind.AMOUNT_OFF: _amount_off,
    OfferKind.FIXED_PRICE: _fixed_price,
    OfferKind.NTH: _nth,
    OfferKind.SET_PRICE: _set_price,
    OfferKind.BUNDLE: _bundle,
    OfferKind.STAMPS: _stamps,
}


def _targets(row: Row) -> dict[str, Any]:
    references = frozenset(row["target_references"])
    return {"categories" if row["target"] == Target.CATEGORIES else "skus": references}


def _window(row: Row) -> Window:
    start, end = row["from_minute"], row["to_minute"]
    window = Window(
        first_day=_day(row["first_day"]),
        last_day=_day(row["last_day"]),
        weekdays=frozenset(row["weekdays"]) or None,
        hours=None if start is None else Hours(start, end),
        black_out=frozenset(map(date.fromisoformat, row["black_out"])),
    )
    return ALWAYS if window == ALWAYS else window


def _because(row: Row, programme_name: str) -> Texts | None:
    if row["by_code"]:
        return in_every_language(lambda: _("with your coupon"))
    if row["assigned"]:
        return in_every_language(lambda: _("because it was chosen for you"))
    if row["kind"] == OfferKind.STAMPS:
        return in_every_language(lambda: _("because your stamp card was full"))
    return _because_member_of(programme_name) if row["members_only"] else None


def _because_member_of(programme_name: str) -> Texts:
    return in_every_language(
        lambda: _("because you are a member of {programme}").format(programme=programme_name)
    )


def _day(stored: str | None) -> date | None:
    return date.fromisoformat(stored) if stored else None
