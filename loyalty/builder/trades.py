"""What is proposed to each trade: a template and the merchant's answers make a scheme (pure)."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from loyalty.builder.scheme import Answers, Goods, Often, Slot, Trade
from okplatform.kernel.money import BASIS_POINTS, MINOR_UNITS

MONDAY, TUESDAY, WEDNESDAY = range(3)
ONE_PER_EURO = 10
SMALL_BASKET = 1_000
"""Below ten euros a basket earns more points per euro, so that one coffee is worth a scan."""

REDEEMED_BP = 9_500
"""How much of the points is expected to be spent where nobody knows yet: nearly all of it."""

MOST_QUIET_BP = 1_000
QUIET_PART, BIGGER_PART = 4, 5
USES_IN_BUDGET = 200
WORTH_STEP = 50
LEAST_OFF = 50

FEWEST_STAMPS, MOST_STAMPS = 10, 20
"""The tenth is free, or a later one where the margin asks it; nobody fills a card of more."""
CARD_PART = 4
"""A stamp card gives at most so large a part of the margin on its goods."""


class Template(NamedTuple):
    """A trade's habits.

    ``margin_share_bp`` is how much of the margin comes back as points; ``quiet_day`` when trade is
    slow; ``bigger`` how many tenths of a normal basket are a large one; None has no such offer.
    ``stamps`` says that people come for the same thing again and again.
    """

    margin_share_bp: int
    quiet_day: int | None
    bigger: int | None
    stamps: bool = False


TEMPLATES: Mapping[Trade, Template] = {
    Trade.BAKERY: Template(700, TUESDAY, None, stamps=True),
    Trade.GREENGROCER: Template(600, MONDAY, 20),
    Trade.CAFE: Template(1_000, MONDAY, None, stamps=True),
    Trade.CLOTHES: Template(1_000, None, 15),
    Trade.MARKET_STALL: Template(800, None, 20, stamps=True),
    Trade.CHAIN: Template(500, None, 20),
    Trade.OTHER: Template(800, WEDNESDAY, 20),
}


class ProposedOffer(NamedTuple):
    """An offer without its words; see ``SchemeOffer``."""

    slot: Slot
    percentage_bp: int | None
    amount: int | None
    weekdays: tuple[int, ...]
    min_basket: int
    budget: int | None
    size: int | None = None
    goods: Goods | None = None


class Proposal(NamedTuple):
    """A scheme without its words; see ``SchemeContent``."""

    milli_points_per_cent: int
    worth: int
    redeemed_bp: int
    offers: tuple[ProposedOffer, ...]


def propose(answers: Answers, goods: Sequence[Goods] = ()) -> Proposal:
    """Return what suits these answers: points for a part of the margin, offers for another.

    ``goods`` are those a stamp card could count; it is proposed on the first of them.
    """
    template = TEMPLATES[answers.trade]
    rate = ONE_PER_EURO
    if answers.basket < SMALL_BASKET or answers.often is Often.SOMETIMES:
        # Small baskets and rare visits would otherwise see no reward for years.
        rate *= 5
    share_bp = max(answers.margin_bp * template.margin_share_bp // BASIS_POINTS, 1)
    worth = share_bp * 100 // rate
    worth = max(worth - worth % WORTH_STEP, WORTH_STEP)
    offers = (
        _quiet_day(answers, template),
        _bigger_basket(answers, template),
        _stamp_card(answers, template, goods),
    )
    return Proposal(rate, worth, REDEEMED_BP, tuple(offer for offer in offers if offer))


def _quiet_day(answers: Answers, template: Template) -> ProposedOffer | None:
    share = min(answers.margin_bp // QUIET_PART, MOST_QUIET_BP)
    share -= share % 100
    if template.quiet_day is None or not share:
        return None
    return ProposedOffer(Slot.QUIET_DAY, share, None, (template.quiet_day,), 0, None)


def _bigger_basket(answers: Answers, template: Template) -> ProposedOffer | None:
    if template.bigger is None:
        return None
    least = answers.basket * template.bigger // 10
    least += -least % MINOR_UNITS
    amount = least * answers.margin_bp // (BIGGER_PART * BASIS_POINTS)
    amount -= amount % LEAST_OFF
    if not amount:
        return None
    budget = amount * USES_IN_BUDGET
    return ProposedOffer(Slot.BIGGER_BASKET, None, amount, (), least, budget)


def _stamp_card(
    answers: Answers, template: Template, goods: Sequence[Goods]
) -> ProposedOffer | None:
    """Return a card of so many stamps that it gives at most a part of the margin, at worst."""
    if not template.stamps or not goods:
        return None
    counted = goods[0]
    # dearest / (dearest + (size - 1) x cheapest) <= margin / CARD_PART, for the least size
    asked = CARD_PART * BASIS_POINTS - answers.margin_bp
    others = -(-counted.dearest * asked // (answers.margin_bp * counted.cheapest))
    size = max(others + 1, FEWEST_STAMPS)
    if size > MOST_STAMPS:
        return None
    return ProposedOffer(Slot.STAMP_CARD, None, None, (), 0, None, size, counted)
