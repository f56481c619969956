"""From what is asked to what is given back: amounts, VAT, and by what.

What was paid with points goes back as points (``loyalty.actions.reverse``), never as money, and
what a full stamp card paid as stamps.

All amounts in minor units. Shares of a line are taken from what is left of it, so that parts of
any size come to exactly what was paid.
"""

from collections.abc import Mapping, Sequence

from loyalty.reversing import StampsUsed, points_back, stamps_back
from merchants.returns.asking import LineAsked, RefundAsked, TenderAsked
from merchants.returns.refusals import (
    EmptiesStay,
    NothingToRefund,
    RefundAboveLine,
    RefundAboveSale,
    RefundLineTwice,
    RefundLineUnknown,
    RefundTendersDoNotAddUp,
)
from okplatform.kernel.money import half_up, split
from okplatform.trade.actions.record_return import MoreThanPaid, MoreThanSold
from okplatform.trade.facts import (
    DEPOSIT_RETURN,
    GOODS,
    LineStanding,
    ReturnLineFacts,
    ReturnTenderFacts,
    TenderStanding,
)

OK = "ok"
GIFT_CARD = "gift_card"
OTHER = "other"


def work_out(
    asked: RefundAsked,
    lines: Sequence[LineStanding],
    tenders: Sequence[TenderStanding],
    stamped: Sequence[StampsUsed] = (),
) -> tuple[list[ReturnLineFacts], list[ReturnTenderFacts]]:
    """Return what comes back of which lines, and by what the money goes back.

    ``stamped`` is what the sale did to stamp cards: what a full one paid for comes back without
    money, for the card. Raises the refusals of ``merchants.returns.refusals``, ``MoreThanSold`` or
    ``MoreThanPaid``.
    """
    back = _by_lines(asked.lines, lines) if asked.amount is None else _spread(asked.amount, lines)
    total = sum(line.amount for line in back)
    if not total and not points_back(lines, back) and not _cards_back(stamped, lines, back):
        raise NothingToRefund
    return back, _ways(asked.tenders, tenders, total)


def _cards_back(
    stamped: Sequence[StampsUsed], lines: Sequence[LineStanding], back: Sequence[ReturnLineFacts]
) -> bool:
    return any(card.rewards for card in stamps_back(stamped, lines, back))


def _by_lines(asked: Sequence[LineAsked], lines: Sequence[LineStanding]) -> list[ReturnLineFacts]:
    standing = {line.number: line for line in lines}
    back: dict[int, ReturnLineFacts] = {}
    for one in asked:
        line = standing.get(one.number)
        if line is None:
            raise RefundLineUnknown(number=one.number)
        if line.kind == DEPOSIT_RETURN:
            raise EmptiesStay(number=one.number)
        if one.number in back:
            raise RefundLineTwice(number=one.number)
        if one.quantity > line.quantity_left:
            raise MoreThanSold(number=one.number)
        most = price_of(line, one.quantity)
        amount = most if one.amount is None else one.amount
        if amount > most:
            raise RefundAboveLine(number=one.number, most=most)
        if one.quantity or amount:
            back[one.number] = _line(line, one.quantity, amount)
    return list(back.values())


def price_of(line: LineStanding, quantity: int) -> int:
    """Return what may be given back for so much of a line; for none of it, all that is left."""
    if quantity in {0, line.quantity_left}:
        return line.amount_left
    return half_up(line.amount_left * quantity, line.quantity_left)


def _spread(amount: int, lines: Sequence[LineStanding]) -> list[ReturnLineFacts]:
    """Lower the price of everything that is left, each line by its part: so VAT and points follow.

    What comes back later was then cheaper by that. A deposit keeps its price, and so does a tip:
    they come back where their own line is named.
    """
    lines = [line for line in lines if line.kind == GOODS]
    left = [line.amount_left for line in lines]
    if amount > sum(left):
        raise RefundAboveSale(most=sum(left))
    parts = split(amount, left)
    return [_line(line, 0, part) for line, part in zip(lines, parts, strict=True) if part]


def _line(line: LineStanding, quantity: int, amount: int) -> ReturnLineFacts:
    vat = half_up(line.vat * (line.returned_amount + amount), line.paid) if line.paid else 0
    return ReturnLineFacts(
        number=line.number, quantity=quantity, amount=amount, vat=vat - line.returned_vat
    )


def _ways(
    asked: Sequence[TenderAsked], tenders: Sequence[TenderStanding], total: int
) -> list[ReturnTenderFacts]:
    left = {tender.kind: tender.left for tender in tenders}
    ways = _as_asked(asked, total) if asked else _as_it_came(left, total)
    for way in ways:
        if way.amount > left.get(way.kind, 0):
            raise MoreThanPaid(kind=way.kind)
    return ways


def _as_it_came(left: Mapping[str, int], total: int) -> list[ReturnTenderFacts]:
    """Give back through OK what it still may, then by the others in the order they paid.

    Where empties had paid for a part of the goods, no more money came than that: none goes back.
    """
    if total > sum(left.values()):
        raise RefundAboveSale(most=sum(left.values()))
    ways = []
    for kind in sorted(left, key=lambda kind: kind != OK):
        amount = min(left[kind], total)
        total -= amount
        if amount:
            ways.append(ReturnTenderFacts(kind=kind, amount=amount))
    return ways


def _as_asked(asked: Sequence[TenderAsked], total: int) -> list[ReturnTenderFacts]:
    named = sum(tender.amount for tender in asked if tender.amount is not None)
    open_ended = sum(tender.amount is None for tender in asked)
    rest = total - named
    is_once = len({tender.kind for tender in asked}) == len(asked)
    if not is_once or open_ended > 1 or rest < 0 or (rest and not open_ended):
        raise RefundTendersDoNotAddUp(amount=total)
    ways = [(tender, rest if tender.amount is None else tender.amount) for tender in asked]
    return [
        ReturnTenderFacts(kind=tender.kind, amount=amount, reference=tender.reference)
        for tender, amount in ways
        if amount
    ]
