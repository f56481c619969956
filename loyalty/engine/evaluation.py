"""The one function that prices a basket: at the till, in the webshop, in a replay."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from loyalty.engine.basket import Basket, Left, MemberSnapshot
from loyalty.engine.program import Program
from loyalty.engine.quote import Funded, Given, NearMiss, Quote, QuoteLine
from loyalty.engine.rules import Texts
from loyalty.engine.stages import STAGES
from loyalty.engine.work import Work
from okplatform.kernel.money import BASIS_POINTS, split

MOST_MISSES = 5
"""How many near misses are worth telling."""

_PIECES = ("piece", "stamps", "tier")

UNLIMITED: Mapping[int, Left] = MappingProxyType({})


def evaluate(
    program: Program,
    member: MemberSnapshot | None,
    basket: Basket,
    now: datetime,
    *,
    left: Mapping[int, Left] = UNLIMITED,
) -> Quote:
    """Return what ``basket`` costs ``member`` (None: nobody known) at the moment ``now``, and why.

    Pure and integer: equal arguments give equal quotes, whatever the order of lines or rules.
    ``left`` is what remains of limited offers; one that cannot cover what it would give here gives
    nothing, so that nobody is shown a price that cannot be kept. Raises ``ValueError`` for a
    negative line or two lines with one number.
    """
    _check(basket)
    exhausted = {offer_id for offer_id, rest in left.items() if not rest.covers(1)}
    while True:
        quote = _run(Work(program, member, basket, now, exhausted))
        too_dear = {
            given.offer_id
            for given in quote.given
            if given.offer_id in left and not left[given.offer_id].covers(given.amount)
        }
        if not too_dear:
            return quote
        exhausted |= too_dear


def _check(basket: Basket) -> None:
    if len({line.number for line in basket.lines}) != len(basket.lines):
        message = "two lines have the same number"
        raise ValueError(message)
    if any(line.gross < 0 for line in basket.lines):
        message = "a line's gross amount is negative"
        raise ValueError(message)


def _run(work: Work) -> Quote:
    for stage in STAGES:
        stage(work)
    gross = sum(line.gross for line in work.lines)
    due = sum(work.remaining)
    lines = [
        QuoteLine(line.number, line.gross, line.gross - paid, paid, points, discounts, points_off)
        for line, paid, points, discounts, points_off in zip(
            work.lines, work.remaining, work.points, work.discounts, work.points_off, strict=True
        )
    ]
    return Quote(
        version=work.program.version,
        member_id=work.member.id if work.member else None,
        lines=tuple(lines),
        gross=gross,
        discount=gross - due,
        due=due,
        points=sum(work.points),
        carry=work.carry,
        given=tuple(_given(work.program, *one) for one in sorted(work.given.items())),
        earned=tuple(work.earned),
        near_misses=tuple(sorted(work.missed, key=_nearness)[:MOST_MISSES]),
        spent=work.spent,
        spendable=work.spendable,
        rewards=tuple(work.rewards),
        reward_id=next((one.id for one in work.rewards if one.id == work.reward), None),
        stamped=tuple(work.stamped),
        bonuses=tuple(work.bonuses),
    )


def _given(program: Program, offer_id: int, amount: int) -> Given:
    """Say who pays what an offer gave: each other its share, the shop the rest, to the cent."""
    shares = program.funded.get(offer_id)
    if not shares:
        return Given(offer_id, amount)
    own = BASIS_POINTS - sum(share.share_bp for share in shares)
    _own, *parts = split(amount, [own, *(share.share_bp for share in shares)])
    return Given(
        offer_id,
        amount,
        tuple(Funded(share.by, part) for share, part in zip(shares, parts, strict=True)),
    )


def _nearness(miss: NearMiss) -> tuple[bool, int, str, int, Texts | tuple[()]]:
    return miss.kind in _PIECES, miss.missing, miss.kind, miss.points, miss.text or ()
