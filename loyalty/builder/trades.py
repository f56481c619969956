"""What is proposed to each trade: a template and the merchant's answers make a scheme (pure)."""

from collections.abc import Mapping
from typing import NamedTuple

from loyalty.builder.scheme import Answers, Often, Slot, Trade
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


class Template(NamedTuple):
    """A trade's habits.

    ``margin_share_bp`` is how much of the margin comes back as points; ``quiet_day`` when trade is
    slow; ``bigger`` how many tenths of a normal basket are a large one; None has no such offer.
    """

    margin_share_bp: int
    quiet_day: int | None
    bigger: int | None


TEMPLATES: Mapping[Trade, Template] = {
    Trade.BAKERY: Template(700, TUESDAY, None),
    Trade.GREENGROCER: Template(600, MONDAY, 20),
    Trade.CAFE: Template(1_000, MONDAY, None),
    Trade.CLOTHES: Template(1_000, None, 15),
    Trade.MARKET_STALL: Template(800, None, 20),
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


class Proposal(NamedTuple):
    """A scheme without its words; see ``SchemeContent``."""

    milli_points_per_cent: int
    worth: int
    redeemed_bp: int
    offers: tuple[ProposedOffer, ...]


def propose(answers: Answers) -> Proposal:
    """Return what suits these answers: points for a part of the margin, offers for another."""
    template = TEMPLATES[answers.trade]
    rate = ONE_PER_EURO
    if answers.basket < SMALL_BASKET or answers.often is Often.SOMETIMES:
        # Small baskets and rare visits would otherwise see no reward for years.
        rate *= 5
    share_bp = max(answers.margin_bp * template.margin_share_bp // BASIS_POINTS, 1)
    worth = share_bp * 100 // rate
    worth = max(worth - worth % WORTH_STEP, WORTH_STEP)
    offers = (_quiet_day(answers, template), _bigger_basket(answers, template))
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
