"""Parts of any size, in any order, come to exactly what was paid: money, VAT, goods and points."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.reversing import milli_back, offers_back
from merchants.returns.asking import LineAsked, RefundAsked
from merchants.returns.refusals import NothingToRefund, RefundAboveSale
from merchants.returns.working_out import work_out
from okplatform.kernel.money import vat_included
from okplatform.trade.facts import LineStanding, ReturnLineFacts, TenderStanding

NOBODY = UUID(int=0)


def line(number: int, quantity: int, gross: int, **other: int) -> LineStanding:
    discount, rate = other.get("discount", 0), other.get("rate", 900)
    paid = gross - discount
    return LineStanding(
        number=number,
        sku="",
        name=f"line {number}",
        quantity=quantity,
        unit="piece",
        paid=paid,
        vat_rate_bp=rate,
        vat=vat_included(paid, rate),
        points=other.get("points", 0),
        reasons=[{"kind": "offer", "id": 7, "text": {}, "amount": discount}] if discount else [],
    )


@st.composite
def lines(draw: st.DrawFn) -> list[LineStanding]:
    found = []
    for number in range(1, draw(st.integers(1, 5)) + 1):
        gross = draw(st.integers(0, 5_000))
        found.append(
            line(
                number,
                draw(st.integers(1, 6)),
                gross,
                discount=draw(st.integers(0, gross)),
                rate=draw(st.sampled_from((0, 900, 2_100))),
                points=draw(st.integers(0, 40)),
            )
        )
    return found


def tender(standing: Sequence[LineStanding], kind: str = "ok") -> list[TenderStanding]:
    return [TenderStanding(kind=kind, paid=sum(one.amount_left for one in standing), returned=0)]


def asked(*said: LineAsked, amount: int | None = None) -> RefundAsked:
    return RefundAsked(uuid=NOBODY, language="nl", lines=said, amount=amount)


def after(standing: Sequence[LineStanding], back: Sequence[ReturnLineFacts]) -> list[LineStanding]:
    came = {one.number: one for one in back}
    nothing = ReturnLineFacts(number=0, quantity=0, amount=0, vat=0)
    return [
        replace(
            one,
            returned_quantity=one.returned_quantity + came.get(one.number, nothing).quantity,
            returned_amount=one.returned_amount + came.get(one.number, nothing).amount,
            returned_vat=one.returned_vat + came.get(one.number, nothing).vat,
        )
        for one in standing
    ]


def some(draw: st.DataObject, standing: Sequence[LineStanding]) -> RefundAsked | None:
    """Ask for an amount or for some goods of what is left; None if that comes to nothing."""
    left = sum(one.amount_left for one in standing)
    if not left:
        return None
    if draw.draw(st.booleans()):
        return asked(amount=draw.draw(st.integers(1, left)))
    goods = [one for one in standing if one.quantity_left and one.amount_left]
    if not goods:
        return asked(amount=left)
    chosen = draw.draw(st.sampled_from(goods))
    return asked(LineAsked(chosen.number, draw.draw(st.integers(1, chosen.quantity_left))))


@given(lines(), st.integers(0, 60_000), st.data())
def test_parts_never_come_to_more_and_all_of_them_to_exactly_the_whole(
    sold: list[LineStanding], milli: int, draw: st.DataObject
) -> None:
    standing, milli_gone, given_back = list(sold), 0, 0
    milli = milli if sum(one.paid for one in sold) else 0
    for _visit in range(6):
        request = some(draw, standing)
        if request is None:
            break
        try:
            back, ways = work_out(request, standing, tender(standing))
        except NothingToRefund:  # a share of a cent rounds to nothing
            continue
        assert sum(way.amount for way in ways) == sum(one.amount for one in back) > 0
        assert all(0 <= one.vat <= one.amount for one in back)
        milli_gone += milli_back(milli, standing, back)
        standing = after(standing, back)
        given_back += sum(one.amount for one in back)
        assert 0 <= milli_gone <= milli
        assert all(one.returned_vat <= one.vat for one in standing)
        assert all(one.returned_amount <= one.paid for one in standing)
    left = sum(one.amount_left for one in standing)
    assert given_back + left == sum(one.paid for one in sold)
    if left:
        back, _ways = work_out(asked(amount=left), standing, tender(standing))
        milli_gone += milli_back(milli, standing, back)
        standing = after(standing, back)
    assert [one.returned_vat for one in standing] == [one.vat for one in sold]
    if any(one.paid and one.points for one in sold) or not any(one.points for one in sold):
        earning = [one for one in sold if one.points] or [one for one in sold if one.paid]
        if all(one.paid for one in earning):
            assert milli_gone == milli


def test_thirds_of_a_euro_come_back_whole() -> None:
    standing = [line(1, 3, 100)]
    amounts = []
    for _piece in range(3):
        back, _ways = work_out(asked(LineAsked(1, 1)), standing, tender(standing))
        amounts.append(back[0].amount)
        standing = after(standing, back)
    assert amounts == [33, 34, 33]


def test_an_amount_of_all_is_all_and_one_cent_more_is_refused() -> None:
    standing = [line(1, 2, 840), line(2, 1, 260)]
    back, _ways = work_out(asked(amount=1_100), standing, tender(standing))
    assert [one.amount for one in back] == [840, 260]
    with pytest.raises(RefundAboveSale):
        work_out(asked(amount=1_101), standing, tender(standing))


def test_an_offer_has_its_part_back_with_the_goods_and_its_use_with_the_last() -> None:
    standing = [line(1, 3, 300, discount=100), line(2, 1, 100, discount=10)]
    visits = [[(1, 1)], [(1, 2)], [(2, 1)]]
    found = []
    for visit in visits:
        request = asked(*(LineAsked(*one) for one in visit))
        back, _ways = work_out(request, standing, tender(standing))
        found.append([tuple(one) for one in offers_back(standing, back)])
        standing = after(standing, back)
    assert found == [[(7, 33, 0)], [(7, 67, 0)], [(7, 10, 1)]]


def test_where_the_goods_stay_the_offer_was_given_for_good() -> None:
    standing = [line(1, 3, 300, discount=100)]
    back, _ways = work_out(asked(amount=200), standing, tender(standing))
    assert offers_back(standing, back) == []
