"""What a sale looks like when less was captured than confirmed: for any basket, to the cent."""

from hypothesis import given
from hypothesis import strategies as st

from merchants.checkout.short_captures import captured_lines
from okplatform.kernel.money import vat_included
from okplatform.trade.facts import LineFacts


def line(number: int, gross: int, discount: int, rate: int) -> LineFacts:
    paid = gross - discount
    return LineFacts(
        number=number,
        sku="",
        name="",
        quantity=1,
        unit="piece",
        unit_price=gross,
        gross=gross,
        discount=discount,
        paid=paid,
        vat_rate_bp=rate,
        vat=vat_included(paid, rate),
        points=0,
        reasons=[{"kind": "offer", "id": 1, "text": {}, "amount": discount}] if discount else [],
        category_reference="",
    )


parts = st.lists(
    st.tuples(st.integers(0, 100_000), st.integers(0, 100), st.sampled_from([0, 900, 2_100])),
    min_size=1,
    max_size=5,
)


@given(parts=parts, captured_percent=st.integers(0, 100), points=st.integers(0, 1_000))
def test_the_lines_add_up_to_what_was_captured(
    parts: list[tuple[int, int, int]], captured_percent: int, points: int
) -> None:
    lines = [
        line(number, gross, gross * percent // 100, rate)
        for number, (gross, percent, rate) in enumerate(parts, start=1)
    ]
    captured = sum(one.paid for one in lines) * captured_percent // 100
    short = captured_lines(lines, captured=captured, points=points)

    assert sum(one.paid for one in short) == captured
    assert sum(one.points for one in short) == points
    for before, after in zip(lines, short, strict=True):
        assert after.gross == before.gross
        assert after.paid == after.gross - after.discount
        assert 0 <= after.paid <= before.paid
        assert sum(why["amount"] for why in after.reasons) == after.discount
        assert 0 <= after.vat <= after.paid


def test_what_was_captured_whole_stays_as_it_was() -> None:
    lines = [line(1, 1_299, 0, 900), line(2, 2_995, 449, 900)]
    assert captured_lines(lines, captured=1_299 + 2_546, points=0) == lines


def test_what_is_short_is_divided_by_what_each_line_cost() -> None:
    first, second = captured_lines(
        [line(1, 1_000, 0, 900), line(2, 3_000, 0, 2_100)], captured=2_000, points=20
    )
    assert (first.paid, second.paid) == (500, 1_500)
    assert (first.vat, second.vat) == (41, 260)
    assert (first.points, second.points) == (5, 15)
