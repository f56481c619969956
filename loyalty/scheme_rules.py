"""A scheme's content in the words of the rules: its promise, its offers, its program."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Model

from loyalty.actions.publish_programme import ProgrammeTerms
from loyalty.actions.put_offer import DO_NOT_COMBINE, OfferTerms, columns_of
from loyalty.builder.replay import Scene, TierOf
from loyalty.builder.scheme import SchemeContent, SchemeOffer
from loyalty.engine import Left, Rule, compile_program
from loyalty.models import Expiry, Offer, OfferKind, Programme, Target
from loyalty.models import SchemeOffer as SlotOffer
from loyalty.queries.quoting import PublishedRules, published_rules
from loyalty.rules_of_rows import rules_of
from loyalty.tiers import ladder_of, standing
from okplatform.kernel.money import BASIS_POINTS

NEW_OFFERS = 1 << 62
"""Where the ids of offers begin that were never saved: behind all that were."""


def promise_of(content: SchemeContent, kept: Programme | None) -> ProgrammeTerms:
    """Return what the programme promises; how long points live is not the scheme's to say."""
    promise = ProgrammeTerms(
        name=content.name,
        points_name=content.points_name,
        milli_points_per_cent=content.milli_points_per_cent,
        terms=content.terms,
    )
    if kept is None:
        return promise
    return replace(
        promise,
        pending_days=kept.pending_days,
        expiry=Expiry(kept.expiry),
        expiry_length=kept.expiry_length,
    )


def terms_of(offer: SchemeOffer) -> OfferTerms:
    """Return what an offer of a scheme says."""
    if offer.goods is not None:
        return OfferTerms(
            name=offer.name,
            target=Target.CATEGORIES,
            target_references=(offer.goods.reference,),
            kind=OfferKind.STAMPS,
            percentage_bp=BASIS_POINTS,
            pieces=offer.size,
            members_only=offer.members_only,
            exclusivity_group=DO_NOT_COMBINE,
        )
    in_percents = offer.percentage_bp is not None
    return OfferTerms(
        name=offer.name,
        target=Target.BASKET,
        kind=OfferKind.PERCENTAGE if in_percents else OfferKind.AMOUNT_OFF,
        percentage_bp=offer.percentage_bp,
        amount=offer.amount,
        weekdays=offer.weekdays,
        members_only=offer.members_only,
        min_basket=offer.min_basket,
        budget=offer.budget,
        exclusivity_group=DO_NOT_COMBINE,
    )


@dataclass(frozen=True, slots=True)
class Setting:
    """A scene, with the rules and categories it was compiled from, and floors of products."""

    scene: Scene
    rules: tuple[Rule, ...]
    parents: Mapping[str, str | None]
    floors: Mapping[str, int]


def setting_of(merchant_id: int, content: SchemeContent) -> Setting:
    """Return what a scheme is priced by, beside all else the merchant has in force now.

    Made from rows that are never saved, so that a replay takes the way of a sale. The merchant's
    scope is open.
    """
    found = published_rules(merchant_id)
    known = dict(SlotOffer.objects.values_list("slot", "offer_id"))
    rows = [row for row in (found.offers if found else []) if row["id"] not in known.values()]
    slots: dict[int, str] = {}
    limits: dict[int, Left] = {}
    for at, offer in enumerate(content.offers):
        number = known.get(offer.slot.value, NEW_OFFERS + at)
        made = Offer(merchant_id=merchant_id, id=number, **columns_of(terms_of(offer)))
        rows.append(_columns(made))
        slots[number] = offer.slot.value
        if offer.budget is not None:
            limits[number] = Left(offer.budget, None)
    programme = {
        **_columns(Programme(merchant_id=merchant_id, id=0)),
        **((found.programme if found else None) or {}),
        "name": content.name,
        "points_name": content.points_name._asdict(),
        "milli_points_per_cent": content.milli_points_per_cent,
        "paused_at": None,
    }
    parents = found.parents if found else {}
    rules = tuple(rules_of(PublishedRules(0, None, programme, rows, parents)))
    program = compile_program(rules, parents=parents, version=0)
    floors = found.floors if found else {}
    scene = Scene(content, program, slots, limits, _tier_of(programme))
    return Setting(scene, rules, parents, floors)


def _tier_of(programme: Mapping[str, Any]) -> TierOf | None:
    """Return what says where somebody stands; None where there are no tiers."""
    if not programme.get("tiers"):
        return None
    ladder = ladder_of(programme)

    def tier_of(days: Sequence[tuple[date, int]], today: date) -> int | None:
        place = standing(days, ladder, today).place
        return ladder.tiers[place].key if place >= 0 else None

    return tier_of


def _columns(row: Model) -> Mapping[str, Any]:
    """Return what stands in a row's columns, as if it were stored."""
    fields = row._meta.concrete_fields  # noqa: SLF001 -- Django's public API
    return {field.attname: getattr(row, field.attname) for field in fields}
