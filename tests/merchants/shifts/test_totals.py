"""What a shift came to: by tender, by VAT rate, in the drawer; equal to the ledger, to the cent."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from merchants.shifts.invariants import shift_totals_are_the_ledgers, shifts_do_not_overlap
from merchants.shifts.queries import Span, totals_of
from merchants.shifts.totals import ByRate, ByTender, Totals, add_up
from okplatform.kernel import clock
from okplatform.kernel.db import call
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.models import Person
from tests.loyalty.bakery import Bakery
from tests.loyalty.spending import member_with, open_spending
from tests.merchants.checkout.gift_cards import CardDesk, by, sells_cards
from tests.merchants.returns.desk import Desk
from tests.support.counter import (
    BREAD,
    COFFEE,
    Counter,
    basket,
    paying,
    settle_events,
    show,
    with_bank_account,
)
from tests.support.phone import Phone
from tests.support.proofs import prove
from tests.support.world import World

pytestmark = pytest.mark.django_db

WINE = {"sku": "wijn", "name": "Wijn", "quantity": 1, "unit_price": 799, "vat_rate": 2_100}


def closing(counter: Counter, **said: Any) -> Any:
    uuid = uuid4()
    answer = counter.shift(
        uuid, "closed", opened_at=(clock.now() - timedelta(hours=1)).isoformat(), **said
    )
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_a_shift_counts_what_was_sold_paid_and_given_back(
    counter: Counter, phone: Phone, world: World
) -> None:
    sells_cards(world.till)
    uuid = uuid4()
    counter.shift(uuid, "open", cash_at_opening=15_000, operator="Sam")
    desk, cards = Desk(world.till), CardDesk(counter)
    bread = counter.sell(phone).json()  # € 11.00 with OK
    cards.put(uuid4(), amount=3_000, paid_by="cash")
    card = cards.sell(2_500)  # by PIN card
    cards.pay(by(card, 600), "cash")  # € 6.00 from the card, € 5.00 in cash
    wine = counter.put(uuid4(), basket(WINE, payment=paying("cash"))).json()
    desk.refund(bread["uuid"], lines=[(1, 1)])
    desk.refund(wine["uuid"], lines=[(1, 1)])
    settle_events()
    said = counter.shift(uuid, "closed", cash_counted=18_400, operator="Sam").json()
    totals = said["totals"]
    assert (totals["sales"], totals["gross"], totals["discount"]) == (3, 2_999, 0)
    assert (totals["due"], totals["refunds"], totals["refunded"]) == (2_999, 2, 1_219)
    assert totals["turnover"] == 1_780
    assert totals["tenders"] == [
        {"kind": "cash", "paid": 1_299, "given_back": 799},
        {"kind": "gift_card", "paid": 600, "given_back": 0},
        {"kind": "ok", "paid": 1_100, "given_back": 420},
    ]
    assert totals["vat"] == [
        {"vat_rate": 900, "sold": 2_200, "vat": 180, "returned": 420, "returned_vat": 35},
        {"vat_rate": 2_100, "sold": 799, "vat": 139, "returned": 799, "returned_vat": 139},
    ]
    assert totals["gift_card_loads"] == [
        {"paid_by": "cash", "loaded": 3_000, "taken_back": 0},
        {"paid_by": "pin", "loaded": 2_500, "taken_back": 0},
    ]
    assert said["cash"] == {
        "at_opening": 15_000,
        "taken": 3_500,
        "expected": 18_500,
        "counted": 18_400,
        "difference": -100,
    }
    assert said["sentence"] == "The shift is closed. €1.00 is missing in the drawer."
    prove()


def test_tips_and_deposits_have_lines_of_their_own(
    counter: Counter, phone: Phone, world: World
) -> None:
    deposit = {"kind": "deposit", "name": "Statiegeld", "unit_price": 25, "vat_rate": 0}
    empties = {**deposit, "kind": "deposit_return", "name": "Leeggoed", "quantity": 6}
    body = basket(BREAD, deposit, empties, code=show(phone), payment={**paying(), "tip": 150})
    sold = counter.put(uuid4(), body).json()
    assert sold["due"] == 840 + 25 - 150 + 150
    desk = Desk(world.till)
    desk.refund(sold["uuid"], lines=[(2, 1)])
    desk.refund(sold["uuid"], lines=[{"number": 4, "quantity": 0, "amount": 50}])
    settle_events()
    said = closing(counter)
    totals = said["totals"]
    assert totals["tips"] == {"received": 150, "given_back": 50}
    assert totals["deposits"] == {"charged": 25, "empties": 150, "given_back": 25}
    assert (totals["due"], totals["refunded"], totals["turnover"]) == (865, 75, 790)
    assert totals["vat"] == [
        {"vat_rate": 0, "sold": 25, "vat": 0, "returned": 75, "returned_vat": 0},
        {"vat_rate": 900, "sold": 840, "vat": 69, "returned": 0, "returned_vat": 0},
    ]
    text = "\n".join(said["receipt_lines"])
    for part in ("of which tips", "of which returned empties"):
        assert part in text
    assert "of which deposits" not in text  # the one that was charged came back
    prove()


def test_it_prints_in_forty_columns(counter: Counter, phone: Phone, world: World) -> None:
    counter.sell(phone)
    sale = counter.put(uuid4(), basket(WINE, payment=paying("cash"))).json()["uuid"]
    Desk(world.till).refund(sale, amount=100)
    lines = closing(counter, operator="Sam", cash_at_opening=100, cash_counted=900)["receipt_lines"]
    assert all(len(line) <= 40 for line in lines)
    text = "\n".join(lines)
    for part in ("Turnover", "€17.99", "given back", "VAT 9 % in €11.00", "Counted", "Opened by"):
        assert part in text
    assert "Difference" in text
    nl = closing(Counter(world.haarlem, world.haarlem.key), language="nl")
    assert any(line.startswith("Omzet") for line in nl["receipt_lines"])


def test_points_stand_beside_the_money(bakery: Bakery, counter: Counter, alice: Person) -> None:
    open_spending(bakery)
    member_with(bakery, alice, 500)
    phone = with_bank_account(alice)
    sold = counter.put(uuid4(), basket(code=show(phone), points=300, payment=paying()))
    assert sold.json()["points_spent"] == {"points": 300, "amount": 300}
    totals = closing(counter)["totals"]
    assert totals["points_spent"] == {"points": 300, "amount": 300}
    assert (totals["discount"], totals["due"]) == (300, 800)
    assert totals["points_earned"] == sold.json()["points_earned"]


def test_what_is_sold_before_after_or_elsewhere_is_not_in_it(world: World) -> None:
    haarlem, leiden = (Counter(place, place.key) for place in (world.haarlem, world.leiden))
    haarlem.sell()
    uuid = uuid4()
    haarlem.shift(uuid, "open")
    leiden.sell()
    haarlem.sell()
    Counter(world.haarlem, world.haarlem.test_key).put(uuid4(), basket(payment=paying("cash")))
    first = haarlem.shift(uuid, "closed").json()
    haarlem.sell()
    assert first["totals"]["sales"] == 1
    assert haarlem.shift_of(uuid).json() == first


def test_an_open_shift_says_how_it_stands_and_what_is_not_settled(counter: Counter) -> None:
    uuid, waiting = uuid4(), uuid4()
    counter.shift(uuid, "open")
    counter.sell()
    counter.put(waiting, basket())
    standing = counter.shift_of(uuid).json()
    assert (standing["totals"]["sales"], standing["unsettled"]) == (1, 1)
    assert "Still open: so far" in standing["receipt_lines"]
    closed = counter.shift(uuid, "closed").json()
    assert closed["sentence"].startswith("Closed, but 1 sale is not settled.")
    counter.delete(waiting)
    assert counter.shift_of(uuid).json()["sentence"] == "The shift is closed."


def test_a_load_that_is_taken_back_leaves_the_drawer_as_it_was(
    counter: Counter, world: World
) -> None:
    sells_cards(world.till)
    cards, uuid = CardDesk(counter), uuid4()
    cards.put(uuid, amount=3_000, paid_by="cash")
    cards.take_back(uuid)
    said = closing(counter, cash_at_opening=500)
    assert said["totals"]["gift_card_loads"] == [
        {"paid_by": "cash", "loaded": 3_000, "taken_back": 3_000}
    ]
    assert (said["cash"]["taken"], said["cash"]["expected"]) == (0, 500)


def test_a_sale_that_no_tender_fits_is_found(counter: Counter, phone: Phone) -> None:
    closing(counter)
    counter.sell(phone)
    counter.sell()
    closing_later = counter.shift(uuid4(), "open")
    assert closing_later.status_code == 200
    assert shift_totals_are_the_ledgers().breaches == []
    connection.check_constraints()
    for table in ("trade_tender", "merchants_shift"):
        call(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    call("UPDATE merchants_shift SET opened_at = opened_at - interval '1 day'")
    call("UPDATE trade_tender SET amount = amount - 1 WHERE kind = 'ok'")
    breaches = shift_totals_are_the_ledgers().breaches
    assert any("paid by ok: its totals say 1099, the books 1100" in one for one in breaches)
    assert any("its tenders paid" in one for one in breaches)
    assert len(shifts_do_not_overlap().breaches) == 1


AMOUNT = st.integers(0, 10_000)
TENDERS = st.lists(st.builds(ByTender, st.sampled_from(["cash", "ok", "pin"]), AMOUNT, AMOUNT))
RATES = st.lists(st.builds(ByRate, st.sampled_from([0, 900]), AMOUNT, AMOUNT, AMOUNT, AMOUNT))


@st.composite
def some_totals(draw: st.DrawFn) -> Totals:
    """Return totals whose parts are in order, as the query makes them."""
    made = Totals(
        sales=draw(AMOUNT),
        due=draw(AMOUNT),
        refunded=draw(AMOUNT),
        tenders=tuple(draw(TENDERS)),
        vat=tuple(draw(RATES)),
    )
    return add_up([made])


@given(st.lists(some_totals(), max_size=5), st.integers(0, 5))
def test_adding_up_in_any_parts_is_adding_up_at_once(parts: list[Totals], cut: int) -> None:
    whole = add_up(parts)
    assert add_up([add_up(parts[:cut]), add_up(parts[cut:])]) == whole
    assert add_up(reversed(parts)) == whole
    assert whole.cash == sum(one.cash for one in parts)
    assert whole.turnover == sum(one.turnover for one in parts)


WARES = st.lists(
    st.tuples(st.sampled_from([BREAD, COFFEE, WINE]), st.integers(1, 9)), min_size=1, max_size=4
)
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(["haarlem", "leiden"]),
        WARES,
        st.sampled_from(["cash", "pin", "split"]),
        st.integers(0, 100),
    ),
    max_size=4,
)


@pytest.mark.timeout(300)
@given(EVENTS)
@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_tills_and_hours_add_up_to_the_whole_whatever_is_sold(
    world: World, events: list[tuple[str, list[tuple[Any, int]], str, int]]
) -> None:
    since = clock.now()
    moments = [since]
    for place, wares, how, back in events:
        till = world.kramer.places[place]
        lines = [{**ware, "quantity": count} for ware, count in wares]
        due = sum(line["quantity"] * line["unit_price"] for line in lines)
        tenders = [{"kind": "cash", "amount": due // 2}, {"kind": "pin"}]
        paid = paying(*(tenders if how == "split" else [how]))
        sale = uuid4()
        sold = Counter(till, till.key).put(sale, basket(*lines, payment=paid))
        assert sold.status_code == 200, sold.content
        if amount := due * back // 100:
            Desk(till).refund(sale, amount=amount)
        moments.append(clock.now())
    until = clock.now()
    for place in ("haarlem", "leiden"):
        till = world.kramer.places[place]
        whole = totals_of(_span(till, None, since, until))
        assert totals_of(_span(till, till.terminal.pk, since, until)) == whole
        hours = zip(moments, [*moments[1:], until], strict=True)
        assert add_up(totals_of(_span(till, None, *each)) for each in hours) == whole
        assert sum(one.paid for one in whole.tenders) == whole.due
        assert sum(one.given_back for one in whole.tenders) == whole.refunded
        assert sum(one.sold for one in whole.vat) == whole.due
        assert sum(one.returned for one in whole.vat) == whole.refunded
        assert whole.due == whole.gross - whole.discount


def _span(till: Any, terminal_id: int | None, since: Any, until: Any) -> Span:
    with merchant_scope(till.merchant.pk):
        return Span(
            merchant_id=till.merchant.pk,
            mode="live",
            store_id=till.store.pk,
            terminal_id=terminal_id,
            since=since,
            until=until,
        )
