"""A scheme in words: the texts its content holds, and what its pages say of it."""

from collections.abc import Sequence
from typing import Any

from babel.numbers import format_decimal
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty.builder.arithmetic import card_bp, giving, offer_bp, visits_to_round
from loyalty.builder.replay import POINTS
from loyalty.builder.scheme import (
    ROUND_POINTS,
    Answers,
    Goods,
    SchemeContent,
    SchemeOffer,
    Slot,
)
from loyalty.builder.trades import Proposal, ProposedOffer, propose
from loyalty.engine import MILLI, ONE_POINT_PER_EURO
from loyalty.languages import in_every_language
from okplatform.parties.models import Merchant
from okplatform.web import formats


def proposed(answers: Answers, merchant: Merchant, goods: Sequence[Goods]) -> SchemeContent:
    """Return what is proposed for these answers, in words; see ``propose``."""
    return worded(answers, propose(answers, goods), merchant)


def worded(answers: Answers, said: Proposal, merchant: Merchant) -> SchemeContent:
    """Return the content of a scheme with its texts in every language."""
    worth_of_round = said.worth * ROUND_POINTS // MILLI
    currency = merchant.currency
    return SchemeContent(
        answers=answers,
        name=merchant.name,
        points_name=in_every_language(lambda: _("points")),
        terms=in_every_language(
            lambda: _(
                "At {merchant} you earn {points} for each euro you pay. "
                "{round} points are worth {amount}."
            ).format(
                merchant=merchant.name,
                points=points_per_euro(said.milli_points_per_cent),
                round=ROUND_POINTS,
                amount=formats.money(worth_of_round, currency),
            )
        ),
        milli_points_per_cent=said.milli_points_per_cent,
        worth=said.worth,
        redeemed_bp=said.redeemed_bp,
        offers=tuple(_offer(offer, currency) for offer in said.offers),
    )


def _offer(offer: ProposedOffer, currency: str) -> SchemeOffer:
    return SchemeOffer(
        slot=offer.slot,
        name=in_every_language(lambda: _offer_name(offer, currency)),
        percentage_bp=offer.percentage_bp,
        amount=offer.amount,
        weekdays=offer.weekdays,
        min_basket=offer.min_basket,
        budget=offer.budget,
        size=offer.size,
        goods=offer.goods,
    )


def _offer_name(offer: ProposedOffer, currency: str) -> str:
    if offer.goods is not None:
        return _("{goods}: number {size} free").format(goods=offer.goods.name, size=offer.size)
    if offer.percentage_bp is not None:
        return _("{percentage} off on {day}").format(
            percentage=formats.percent(offer.percentage_bp), day=WEEKDAYS[offer.weekdays[0]]
        )
    return _("{amount} off from {least}").format(
        amount=formats.money(offer.amount or 0, currency),
        least=formats.money(offer.min_basket, currency),
    )


def points_per_euro(milli_per_cent: int) -> str:
    """Say how many points a euro earns: ``1 point``, ``1.5 points``."""
    count = format_decimal(milli_per_cent / ONE_POINT_PER_EURO, locale=formats.language())
    whole = 1 if milli_per_cent == ONE_POINT_PER_EURO else 2
    return ngettext("{count} point", "{count} points", whole).format(count=count)


def headline(content: SchemeContent, currency: str) -> str:
    """Say what points a euro earns and what they are worth."""
    return _("{points} per euro, {round} points are worth {amount}").format(
        points=points_per_euro(content.milli_points_per_cent),
        round=ROUND_POINTS,
        amount=formats.money(content.worth_of_round, currency),
    )


def arithmetic(content: SchemeContent, currency: str) -> list[str]:
    """Say what the scheme gives away and leaves, one sentence after another."""
    found = giving(content)
    hundred = 10_000
    sentences = [
        _("Of {hundred} turnover this gives away {given} at most, and {left} of your margin stays.")
        if not found.loses
        else _("Of {hundred} turnover this gives away {given}: {lost} more than your margin.")
    ]
    visits = visits_to_round(content)
    sentences.append(
        ngettext(
            "A normal basket has {round} points after {visits} visit.",
            "A normal basket has {round} points after {visits} visits.",
            visits,
        )
    )
    says = {
        "hundred": formats.money(hundred, currency),
        "given": formats.money(found.given_bp, currency),
        "left": formats.money(found.left_bp, currency),
        "lost": formats.money(-found.left_bp, currency),
        "round": ROUND_POINTS,
        "visits": formats.number(visits),
    }
    told = [sentence.format(**says) for sentence in sentences]
    return [*told, _card(content.card, currency)] if content.card else told


def _card(offer: SchemeOffer, currency: str) -> str:
    """Say what a stamp card takes of its goods, usually and at worst."""
    goods, size = offer.goods, offer.size
    if goods is None or size is None:
        return ""
    said = _(
        "The free one is spread over the {paid} that are paid: {share} of what {goods} brings, "
        "where all cost alike."
    )
    if goods.cheapest < goods.dearest:
        said += " " + _("At worst {worst}: {paid} times {cheapest} is paid, and {dearest} is free.")
    return said.format(
        goods=goods.name,
        paid=formats.number(size - 1),
        share=formats.percent(card_bp(size)),
        worst=formats.percent(offer_bp(offer)),
        cheapest=formats.money(goods.cheapest, currency),
        dearest=formats.money(goods.dearest, currency),
    )


def shares(content: SchemeContent) -> list[tuple[str, int]]:
    """Return what gives how much of the turnover, in basis points: points, then each offer."""
    found = giving(content)
    names = offer_names(content)
    return [
        (_("Points"), found.points_bp),
        *((names[slot.value], share) for slot, share in found.offers),
    ]


def offer_names(content: SchemeContent) -> dict[str, str]:
    """Return the offers' names in the reader's language, by slot."""
    language = formats.language()
    return {offer.slot.value: offer.name._asdict()[language] for offer in content.offers}


def slot_name(slot: str) -> str:
    """Say what an offer is for."""
    names = {
        Slot.QUIET_DAY: _("A quiet day"),
        Slot.BIGGER_BASKET: _("A bigger basket"),
        Slot.STAMP_CARD: _("A stamp card"),
    }
    return names[Slot(slot)]


def rule_name(rule: str, content: SchemeContent) -> str:
    """Return the name of a rule as a replay or proof stores it."""
    if rule == POINTS:
        return _("the points")
    return offer_names(content).get(rule) or _("offer {number}").format(number=rule)


def proof_words(proof: dict[str, Any], content: SchemeContent, currency: str) -> tuple[str, str]:
    """Return what was checked, and what came of it."""
    checked = {
        "above_zero": _("Nobody ever pays less than nothing, and every cent adds up"),
        "margin": _("No basket is sold below cost, its points counted as spent"),
        "card": _("A whole stamp card pays its goods, though the dearest one is the free one"),
        "cap": _("No offer gives more than its limit"),
        "order": _("The order of lines and rules changes nothing"),
        "floor": _("Offers leave the least margin on what you know the cost of"),
        "remainder": _("Two baskets earn what both together earn"),
    }
    if proof["name"] == "card":
        came = (
            _("holds at its worst")
            if proof["holds"]
            else _("does not hold: a card of {amount}, and the dearest of it is free").format(
                amount=formats.money(proof["basket"], currency)
            )
        )
    elif proof["holds"]:
        came = ngettext(
            "holds for {count} basket", "holds for {count} baskets", proof["checked"]
        ).format(count=formats.number(proof["checked"]))
        if not proof["checked"]:
            came = _("nothing in this scheme has a limit")
    else:
        came = _(
            "does not hold for {count} of {all} baskets; the first costs {amount}, by {rule}"
        ).format(
            count=formats.number(proof["breaches"]),
            all=formats.number(proof["checked"]),
            amount=formats.money(proof["basket"], currency),
            rule=rule_name(proof["rule"], content),
        )
    return checked[proof["name"]], came
