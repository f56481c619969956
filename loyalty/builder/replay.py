"""A scheme on baskets of the past, as if it had been in force: what it costs, who wins what (pure).

Everybody begins with nothing: stamps come on their cards and tiers are reached by what the past
brings, of people who may be told apart; the baskets of all others stand alone. The same
``evaluate`` prices them as prices the next sale. Twice: as if everybody were a member, and as if
only those were whom the till knew then. Points are not spent meanwhile: what is owed for them only
grows.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from loyalty.builder.cards import OpenStamps, spread
from loyalty.builder.scheme import SchemeContent
from loyalty.engine import MILLI, Basket, Left, MemberSnapshot, Program, Quote, Stamps, evaluate
from okplatform.kernel.money import BASIS_POINTS

FEWEST_PEOPLE = 10
"""Of fewer people together nothing is told."""

BANDS = (1, 100, 500, 1_000, 2_500)
"""Where groups of people begin by what they would have won, in minor units; below is nothing."""

POINTS = "points"
POINTS_SCALE = MILLI * MILLI
"""Milli-points times the worth of 1,000 points are millionths of a minor unit."""


TierOf = Callable[[Sequence[tuple[date, int]], date], int | None]


class Past(NamedTuple):
    """A basket of the past.

    ``known`` says that the till knew who bought; ``who`` tells one person's baskets from another's
    and is None where nobody may string them together. ``week`` counts from zero.
    """

    basket: Basket
    at: datetime
    week: int
    known: bool
    who: int | None


class Scene(NamedTuple):
    """What baskets are priced by: the program, the scheme, and its offers' slots by their ids.

    ``tier_of`` says in which tier somebody stands on a day who earned so much, milli-points or
    minor units, on others.
    """

    content: SchemeContent
    program: Program
    slots: Mapping[int, str]
    limits: Mapping[int, Left]
    tier_of: TierOf | None = None


class Person:
    """What somebody has gathered in a replay: stamps, and what counts for a tier by day."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.stamps: dict[int, Stamps] = {}
        self.days: dict[date, int] = {}

    def snapshot(self, scene: Scene, basket: Basket, at: datetime) -> MemberSnapshot:
        """Return the member at a moment; who has not earned enough for any tier is not asked."""
        amount = sum(self.days.values())
        tiers = scene.program.earning.tiers if scene.program.earning else ()
        tier = None
        if scene.tier_of is not None and tiers and amount >= tiers[0].threshold:
            tier = scene.tier_of(tuple(self.days.items()), basket.wall(at).date())
        return MemberSnapshot(1, 0, 0, at, stamps=self.stamps, tier=tier, tier_amount=amount)

    def keep(self, scene: Scene, quote: Quote, basket: Basket, at: datetime) -> None:
        """Keep what a basket brought."""
        for card in quote.stamped:
            had = self.stamps.get(card.offer_id)
            number = 0 if had is None else had.number - card.lapsed
            now = number + card.stamps - card.size * card.rewards
            self.stamps[card.offer_id] = Stamps(now, at)
        tiers = scene.program.earning.tiers if scene.program.earning else ()
        if tiers:
            day = basket.wall(at).date()
            brought = quote.due if tiers[0].money else quote.milli
            self.days[day] = self.days.get(day, 0) + brought


class Side:
    """One of the two ways to count who is a member."""

    def __init__(self, scene: Scene, weeks: int) -> None:
        """Begin with nothing given."""
        self.scene = scene
        self.left = dict(scene.limits)
        self.times: dict[str, int] = dict.fromkeys(scene.slots.values(), 0)
        self.amounts: dict[str, int] = dict.fromkeys(scene.slots.values(), 0)
        self.weeks = [[0, 0] for _ in range(weeks)]
        self.due = 0
        self.milli = 0
        self.losing: dict[str, int] = {}
        self.people: dict[int, Person] = {}
        self.open = {
            card.id: OpenStamps(card)
            for card in scene.program.stamp_cards.all
            if card.id in scene.slots
        }

    def add(self, past: Past, *, member: bool) -> tuple[int, int]:
        """Price one basket; return the discount and the milli-points that the scheme gave."""
        person = Person() if past.who is None else self.people.setdefault(past.who, Person())
        whose = person.snapshot(self.scene, past.basket, past.at) if member else None
        quote = evaluate(self.scene.program, whose, past.basket, past.at, left=self.left)
        if member:
            person.keep(self.scene, quote, past.basket, past.at)
        for card in quote.stamped:
            if card.offer_id in self.open:
                self.open[card.offer_id].count(quote, card)
        off = 0
        for each in quote.given:
            slot = self.scene.slots.get(each.offer_id)
            if each.offer_id in self.left:
                self.left[each.offer_id] = taken(self.left[each.offer_id], each.amount)
            if slot:
                off += each.amount
                self.times[slot] += 1
                self.amounts[slot] += each.amount
        milli = quote.milli
        self.due += quote.due
        self.milli += milli
        self.weeks[past.week][0] += off
        self.weeks[past.week][1] += milli
        if is_sold_at_a_loss(quote, self.scene, past.basket):
            rule = dearest_rule(quote, self.scene)
            self.losing[rule] = self.losing.get(rule, 0) + 1
        return off, milli

    def result(self) -> dict[str, Any]:
        """Return it as it is stored: amounts in minor units, whole points."""
        content = self.scene.content
        given = sum(self.amounts.values())
        # Stamps that lie on cards at the end, and those of people nobody may string together.
        owed = {self.scene.slots[number]: cards for number, cards in self.open.items()}
        discount = given + sum(cards.cost for cards in owed.values())
        worth = money_of(self.milli, content.worth)
        return {
            "discount": discount,
            "points": self.milli // MILLI,
            "points_worth": worth,
            "cost": discount + worth,
            "share_bp": share_of(discount + worth, self.due + given),
            "rules": [
                {"slot": slot, "times": self.times[slot], "amount": self.amounts[slot]}
                | ({"stamps": owed[slot].stamps, "borne": owed[slot].cost} if slot in owed else {})
                for slot in self.times
            ],
            "losing": [
                {"rule": rule, "baskets": count} for rule, count in sorted(self.losing.items())
            ],
        }


class Replay:
    """Takes baskets one by one, in the order of time; ``result`` is what came of them."""

    def __init__(self, scene: Scene, *, weeks: int) -> None:
        """Begin; ``weeks`` is how many the past has."""
        self.scene = scene
        self.everybody, self.recognised = Side(scene, weeks), Side(scene, weeks)
        self.people: dict[int, list[int]] = {}
        self.baskets = self.known = self.priced = self.gross = 0

    def add(self, past: Past) -> None:
        """Price one basket both ways."""
        self.baskets += 1
        self.known += past.known
        gross = sum(line.gross for line in past.basket.lines)
        self.gross += gross
        self.priced += gross > 0
        given, milli = self.everybody.add(past, member=True)
        self.recognised.add(past, member=past.known)
        if past.who is not None:
            won = self.people.setdefault(past.who, [0, 0])
            won[0] += given
            won[1] += milli

    def result(self) -> dict[str, Any]:
        """Return all of it as it is stored; people only as groups, none below ten."""
        worth = self.scene.content.worth
        wins = [given + money_of(milli, worth) for given, milli in self.people.values()]
        return {
            "baskets": self.baskets,
            "priced": self.priced,
            "known": self.known,
            "turnover": self.gross,
            "everybody": self.everybody.result(),
            "recognised": self.recognised.result(),
            "people": groups(wins),
            "weeks": self._weeks(),
        }

    def _weeks(self) -> list[dict[str, int]]:
        content, owed, rows = self.scene.content, 0, []
        for discount, milli in self.everybody.weeks:
            owed += milli
            rows.append(
                {
                    "discount": discount,
                    "points": milli // MILLI,
                    "points_worth": money_of(milli, content.worth),
                    "owed": money_of(owed * content.redeemed_bp, content.worth, BASIS_POINTS),
                }
            )
        return rows


def money_of(milli: int, worth: int, scale: int = 1) -> int:
    """Return what milli-points are worth, in minor units, rounded down."""
    return milli * worth // (POINTS_SCALE * scale)


def share_of(part: int, whole: int) -> int:
    """Return a share in basis points, rounded down; zero of nothing."""
    return part * BASIS_POINTS // whole if whole else 0


def taken(left: Left, amount: int) -> Left:
    """Return what is left after one more use."""
    return Left(
        None if left.amount is None else left.amount - amount,
        None if left.uses is None else left.uses - 1,
    )


def is_sold_at_a_loss(quote: Quote, scene: Scene, basket: Basket) -> bool:
    """Say whether a basket brings less than its goods cost, its points counted as spent.

    Exactly: paid - milli-points x worth / 10^6 < gross x (1 - margin). Where the floor of a line is
    known (what it cost, with the least margin) that stands in the place of the last. Goods whose
    discount was not the scheme's count too: it is the basket that has to pay them. What a full
    stamp card took off lies on all pieces that filled it, each its part, and not on this basket.
    """
    content, milli = scene.content, quote.milli
    off = sum(spread(quote, scene.program.stamp_cards.all).values())
    paid = quote.due + sum(each.amount for each in quote.given) - off
    if not milli and paid == quote.gross:
        return False
    known = [line for line in basket.lines if line.floor]
    guessed = quote.gross - sum(line.gross for line in known)
    cost = guessed * (BASIS_POINTS - content.answers.margin_bp)
    cost += BASIS_POINTS * sum(min(line.floor, line.gross) for line in known)
    kept = paid * POINTS_SCALE - milli * content.worth
    return kept < cost * (POINTS_SCALE // BASIS_POINTS)


def dearest_rule(quote: Quote, scene: Scene) -> str:
    """Return what cost most in a basket: a slot, another offer's number, or ``points``."""
    off = spread(quote, scene.program.stamp_cards.all)
    dearest = max(off, key=lambda number: (off[number], -number), default=None)
    if dearest is None or off[dearest] * POINTS_SCALE < quote.milli * scene.content.worth:
        return POINTS
    return scene.slots.get(dearest, str(dearest))


def groups(wins: Iterable[int]) -> list[dict[str, int]]:
    """Return how many people would have won how much, in groups of ten or more.

    A group that would be smaller joins the one above it, the last the one below; fewer than ten
    people in all are not told.
    """
    edges = (0, *BANDS)
    counts = [0] * len(edges)
    for won in wins:
        counts[max(at for at, edge in enumerate(edges) if won >= edge)] += 1
    told: list[dict[str, int]] = []
    start, waiting = edges[0], 0
    for at, count in enumerate(counts):
        waiting += count
        if waiting >= FEWEST_PEOPLE:
            told.append({"from": start, "people": waiting})
            start, waiting = edges[at + 1] if at + 1 < len(edges) else 0, 0
    if waiting and told:
        told[-1]["people"] += waiting
    return told
