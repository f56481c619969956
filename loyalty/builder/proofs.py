"""What must hold of a scheme before it is published, tried on many baskets (pure).

The baskets are those of the replay and generated ones, which lie where rules begin and end. Equal
schemes are tried on equal baskets.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from random import Random
from typing import Any, NamedTuple

from loyalty.builder.replay import (
    POINTS_SCALE,
    Person,
    Scene,
    dearest_rule,
    is_sold_at_a_loss,
    taken,
)
from loyalty.builder.scheme import Goods, SchemeOffer
from loyalty.engine import (
    Basket,
    BasketLine,
    MemberSnapshot,
    Program,
    Quote,
    Rule,
    Stamps,
    compile_program,
    evaluate,
)
from okplatform.kernel.money import BASIS_POINTS

GENERATED = 400
MOST_LINES = 12
ORDERS = 3
REORDERED = 300
"""Of how many baskets the order is tried: each costs ``ORDERS`` more quotes."""

A_MONDAY = datetime(2026, 1, 5, tzinfo=UTC)


class Tried(NamedTuple):
    """A basket and when it is bought."""

    basket: Basket
    at: datetime


class Proof:
    """One line of what was checked: how many baskets, and the first that breaks it."""

    def __init__(self, name: str) -> None:
        """Begin with nothing checked."""
        self.name = name
        self.checked = self.breaches = 0
        self.rule = ""
        self.basket = 0

    def check(self, holds: bool, *, rule: str = "", gross: int = 0) -> None:  # noqa: FBT001 -- a claim
        """Count one basket; the first that breaks it is kept with the rule and its amount."""
        self.checked += 1
        if not holds:
            if not self.breaches:
                self.rule, self.basket = rule, gross
            self.breaches += 1

    def as_json(self) -> dict[str, Any]:
        """Return it as it is stored."""
        return {
            "name": self.name,
            "holds": not self.breaches,
            "checked": self.checked,
            "breaches": self.breaches,
            "rule": self.rule,
            "basket": self.basket,
        }


def prove(
    scene: Scene,
    rules: Sequence[Rule],
    parents: Mapping[str, str | None],
    baskets: Sequence[Tried],
) -> list[dict[str, Any]]:
    """Try a scheme on baskets; return what was checked, a mapping per proof.

    ``above_zero``: no line below zero, and what is paid is the price less what came off.
    ``margin``: what is paid less the worth of the points pays the goods. ``floor``: offers leave
    of each line what its cost and the least margin ask, where known. ``cap``: no offer gives
    more than its limit, over all of them one after another. ``order``: lines and rules in another
    order give the same quote. ``remainder``: two baskets earn what both together earn.
    ``card``, where there is one: a whole stamp card pays its goods, though filled with the cheapest
    and ended with the dearest.
    """
    above, margin, floor = Proof("above_zero"), Proof("margin"), Proof("floor")
    for tried in baskets:
        for member in (None, *_members(scene, tried.at)):
            quote = evaluate(scene.program, member, tried.basket, tried.at)
            lines = sum(line.paid for line in quote.lines)
            adds_up = quote.due == lines == quote.gross - quote.discount
            holds = adds_up and all(0 <= line.paid <= line.gross for line in quote.lines)
            rule = dearest_rule(quote, scene)
            above.check(holds and quote.points >= 0, rule=rule, gross=quote.gross)
            at_a_loss = is_sold_at_a_loss(quote, scene, tried.basket)
            margin.check(not at_a_loss, rule=rule, gross=quote.gross)
            _check_floors(floor, tried.basket, quote, rule)
    order = _order(scene, rules, parents, baskets[-REORDERED:])
    floors = (floor,) if floor.checked else ()
    cards = (_card(scene, scene.content.card),) if scene.content.card else ()
    proofs = (
        above,
        margin,
        *cards,
        *floors,
        _cap(scene, baskets),
        order,
        _remainder(scene, baskets),
    )
    return [proof.as_json() for proof in proofs]


def _check_floors(proof: Proof, basket: Basket, quote: Quote, rule: str) -> None:
    """Count a basket in which the cost of something is known."""
    floors = {line.number: min(line.floor, line.gross) for line in basket.lines if line.floor}
    if floors:
        holds = all(line.paid >= floors.get(line.number, 0) for line in quote.lines)
        proof.check(holds, rule=rule, gross=quote.gross)


def _cap(scene: Scene, baskets: Iterable[Tried]) -> Proof:
    proof, left = Proof("cap"), dict(scene.limits)
    for tried in baskets:
        member = _member(tried.at)
        quote = evaluate(scene.program, member, tried.basket, tried.at, left=left)
        for given in quote.given:
            if given.offer_id in left:
                left[given.offer_id] = rest = taken(left[given.offer_id], given.amount)
                within = min(rest.amount or 0, rest.uses or 0) >= 0
                proof.check(within, rule=dearest_rule(quote, scene), gross=quote.gross)
    return proof


def _order(
    scene: Scene,
    rules: Sequence[Rule],
    parents: Mapping[str, str | None],
    baskets: Iterable[Tried],
) -> Proof:
    proof, chance = Proof("order"), _chance(scene)
    programs = [
        compile_program(_shuffled(rules, chance), parents=parents, version=scene.program.version)
        for _ in range(ORDERS)
    ]
    for tried in baskets:
        member = _members(scene, tried.at)[-1]
        usual = evaluate(scene.program, member, tried.basket, tried.at)
        for program in programs:
            lines = tuple(_shuffled(tried.basket.lines, chance))
            other = tried.basket._replace(lines=lines)
            same = evaluate(program, member, other, tried.at) == usual
            proof.check(same, rule=dearest_rule(usual, scene), gross=usual.gross)
    return proof


def _card(scene: Scene, offer: SchemeOffer) -> Proof:
    """Fill a card piece by piece, each in a basket of its own, and count it as one."""
    proof, person, goods = Proof("card"), Person(), offer.goods
    if goods is None or offer.size is None:
        return proof
    prices = [goods.cheapest] * (offer.size - 1) + [goods.dearest]
    gross = due = milli = 0
    for price in prices:
        line = BasketLine(1, "", goods.reference, 1, price)
        basket = Basket((line,), UTC)
        member = person.snapshot(scene, basket, A_MONDAY)
        quote = evaluate(scene.program, member, basket, A_MONDAY)
        person.keep(scene, quote, basket, A_MONDAY)
        gross, due, milli = gross + price, due + quote.due, milli + quote.milli
    cost = gross * (BASIS_POINTS - scene.content.answers.margin_bp)
    kept = due * POINTS_SCALE - milli * scene.content.worth
    holds = kept >= cost * (POINTS_SCALE // BASIS_POINTS)
    proof.check(holds, rule=offer.slot.value, gross=gross)
    return proof


def _remainder(scene: Scene, baskets: Sequence[Tried]) -> Proof:
    """Only of points for money: an offer may well ask for a basket of some size."""
    proof = Proof("remainder")
    bare = scene.program.earning.rates if scene.program.earning else ()
    program = compile_program(bare, parents={}, version=scene.program.version)
    for first, second in zip(baskets[::2], baskets[1::2], strict=False):
        one = _milli(program, first)
        two = _milli(program, second)
        lines = [*first.basket.lines, *second.basket.lines]
        both = first.basket._replace(
            lines=tuple(line._replace(number=number) for number, line in enumerate(lines))
        )
        proof.check(_milli(program, Tried(both, first.at)) == one + two)
    return proof


def _milli(program: Program, tried: Tried) -> int:
    quote = evaluate(program, _member(tried.at), tried.basket, tried.at)
    return sum(earned.milli for earned in quote.earned)


def generated(scene: Scene, *, zone: tzinfo) -> list[Tried]:
    """Return baskets made by chance, the same for the same scheme.

    Small ones and large ones, at all hours of all days; every fourth within a cent of where an
    offer begins. A third of the lines are of what a stamp card counts, where there is one.
    """
    chance, content = _chance(scene), scene.content
    edges = [offer.min_basket for offer in content.offers if offer.min_basket] or [100]
    made, goods = [], content.card.goods if content.card else None
    for number in range(GENERATED):
        total = chance.randrange(0, 4 * content.answers.basket + 1)
        if not number % 4:
            total = max(chance.choice(edges) + chance.randrange(-1, 2), 0)
        cuts = sorted(
            chance.randrange(0, total + 1) for _ in range(chance.randrange(0, MOST_LINES))
        )
        amounts = [high - low for low, high in zip([0, *cuts], [*cuts, total], strict=True)]
        lines = tuple(
            _stamped(BasketLine(at, f"sku-{at % 3}", "", chance.randrange(1, 4), gross), goods)
            for at, gross in enumerate(amounts, 1)
        )
        minutes = chance.randrange(0, 7 * 24 * 60)
        made.append(Tried(Basket(lines, zone), A_MONDAY + timedelta(minutes=minutes)))
    return made


def _stamped(line: BasketLine, goods: Goods | None) -> BasketLine:
    """Make every third line one of the goods, at a price between their cheapest and dearest."""
    if goods is None or line.number % 3:
        return line
    price = goods.cheapest + line.gross % (goods.dearest - goods.cheapest + 1)
    return line._replace(sku="", category=goods.reference, gross=price * line.quantity)


def _members(scene: Scene, at: datetime) -> list[MemberSnapshot]:
    """Return somebody new, and where there are stamp cards somebody who lacks one stamp on each."""
    new, cards = _member(at), scene.program.stamp_cards.all
    if not cards:
        return [new]
    return [new, new._replace(stamps={card.id: Stamps(card.size - 1, at) for card in cards})]


def _member(at: datetime) -> MemberSnapshot:
    return MemberSnapshot(1, 0, 0, at)


def _chance(scene: Scene) -> Random:
    # By the scheme itself: who looks again finds the same baskets.
    return Random(scene.content.fingerprint())  # noqa: S311 -- no secret


def _shuffled(things: Iterable[Any], chance: Random) -> list[Any]:
    mixed = list(things)
    chance.shuffle(mixed)
    return mixed
