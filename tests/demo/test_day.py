"""A day in the life: 500 people, 20 shops, their banks; then everybody counts the same cents."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from demo.bank.bank import Terms
from demo.simulate.activities import (
    banking,
    capturing,
    confirming,
    links,
    online_trouble,
    paying_online,
    people,
    refunding,
    selling,
    trouble,
)
from demo.simulate.cast import Shop
from demo.simulate.checks import LATEST
from demo.simulate.memory import HAPPENED, Back, Ticket
from demo.simulate.orders import CAPTURED
from demo.simulate.town import Activity, Town, town
from okplatform.kernel.tenancy import operator_scope
from payments.calendar import Schedule, local_day
from payments.chart import (
    CLIENT_MONEY,
    EUR,
    MERCHANT_PAYABLE,
    REFUNDS_PAYABLE,
    SHOPPER_RECEIVABLE,
)
from payments.ledger import AccountRef
from payments.models import Expectation, Invoice, Refund
from payments.postings import (
    INVOICE_ISSUED,
    PART_CAPTURED,
    REFUND_OWED,
    SALE_PAID,
)
from payments.queries import statement
from payments.states import RefundState

PEOPLE, SHOPS = 500, 20
TUESDAY = datetime(2040, 5, 8, 7, tzinfo=UTC)
OPENING_HOURS = timedelta(hours=11)
BANK_DAYS = 32
"""Until the last collection that came back was asked for once more, and paid; and a month ends."""
RETURNING_DAYS, RETURNS_A_DAY = 14, 4
"""On the days after it something comes back that has been collected by then."""
START = Terms().balance
ALL_LINES = 10_000

CHANNELS: Mapping[Activity, int] = {
    selling.sell: 400,
    selling.quote_and_sell: 80,
    paying_online.pay_on_page: 120,
    paying_online.pay_and_go: 10,
    paying_online.authorise: 15,
    paying_online.forget_to_capture: 10,
    paying_online.send_goods: 15,
    paying_online.send_in_parts: 25,
    paying_online.release_the_rest: 20,
    paying_online.cancel_what_was_promised: 10,
    links.pay_once: 20,
    links.pay_often: 10,
}
"""How stores and webshops sell: by the till's API, on payment pages, and by links."""
DAY: Mapping[Activity, int] = {
    **CHANNELS,
    trouble.repeat: 20,
    trouble.lose_answer: 20,
    trouble.give_up_what_was_quoted: 20,
    trouble.send_at_once: 10,
    online_trouble.tap_two_at_once: 6,
    online_trouble.pay_and_cancel_at_once: 6,
    capturing.capture_and_cancel_at_once: 6,
    capturing.repeat_capture: 6,
    capturing.die_in_a_capture: 6,
    online_trouble.die_in_an_authorisation: 6,
    confirming.say_no: 4,
    confirming.answer_too_late: 4,
    confirming.lose_the_network: 4,
    confirming.tap_on_two_phones: 4,
    refunding.give_back_a_line: 30,
    refunding.give_back_an_amount: 10,
    refunding.give_back_in_the_console: 6,
    refunding.give_back_elsewhere: 16,
    refunding.give_back_in_parts: 6,
    refunding.lose_answer: 4,
    refunding.give_back_at_once: 4,
    people.change_account: 10,
    people.withdraw: 10,
    banking.send_a_payment_back: 30,
    banking.have_money_back: 10,
    banking.refuse_an_order: 6,
    banking.spoil_a_reference: 6,
    banking.book_otherwise: 6,
    banking.spoil_a_file: 6,
}
"""What happens on the day, and how often."""
SEEN_TO: Sequence[Activity] = (
    paying_online.ask_again,
    people.renew_terms,
    people.choose_refund_account,
    people.pay_invoices,
)
"""What somebody sees to on each day after it."""


@pytest.fixture
def place(empty: None, tmp_path: Path) -> Iterator[Town]:
    with town(seed=1, start=TUESDAY, folder=tmp_path) as made:
        made.populate(shops=SHOPS, shoppers=PEOPLE)
        yield made


@pytest.mark.timeout(900)
def test_after_a_day_everybody_counts_the_same_cents(place: Town) -> None:
    spend_the_day(place)
    let_the_bank_days_go_by(place)

    place.checks.prove(today=local_day(place.now))
    place.checks.prove_the_end()
    assert_the_day_was_full(place)
    assert_much_was_paid_on_pages(place)
    for shop in place.cast.shops:
        assert_the_shop_was_paid(place, shop)
    assert_nobody_paid_too_much(place)
    assert_nothing_is_expected_for_too_long(place)


def spend_the_day(place: Town) -> None:
    acts = [act for act, times in DAY.items() for _ in range(times)]
    for number, act in enumerate(place.chance.shuffled(acts)):
        place.do(act, at=TUESDAY + OPENING_HOURS * number / len(acts))
    place.do(trouble.ask_again, at=place.now)
    place.do(paying_online.ask_again, at=place.now)
    place.do(refunding.ask_again, at=place.now)


def let_the_bank_days_go_by(place: Town) -> None:
    """Three times a day everything has its turn; who owes or is owed something sees to it."""
    midnight = TUESDAY.replace(hour=0)
    for day in range(1, BANK_DAYS + 1):
        for hour in (1, 8, 16):
            place.do(banking.go_round, at=midnight + timedelta(days=day, hours=hour))
        place.do(banking.clear_the_queue, at=place.now)
        for activity in SEEN_TO:
            place.do(activity, at=place.now)
        for _ in range(RETURNS_A_DAY if day <= RETURNING_DAYS else 0):
            place.do(refunding.give_back_what_was_collected, at=place.now)
    place.do(banking.go_round, at=midnight + timedelta(days=BANK_DAYS + 1, hours=4))


def backs(place: Town) -> Iterator[tuple[Ticket, Back]]:
    """What came back, with the sale that it is of."""
    for ticket in place.memory.tickets.values():
        for back in ticket.backs:
            if back.amount:
                yield ticket, back


def assert_the_day_was_full(place: Town) -> None:
    happened = [one for one in place.memory.tickets.values() if one.verdict == HAPPENED]
    tenders = Counter(
        tender["kind"] for one in happened for tender in one.body["payment"]["tenders"]
    )
    assert min(tenders[kind] for kind in ("ok", "pin", "cash")) > 50
    # The first till is the store's, the second the webshop's.
    for number in (0, 1):
        tills = {shop.tills[number] for shop in place.cast.shops}
        assert {one.till for one in happened} >= tills
    channels = {(sale.till.channel, back.till.channel) for sale, back in backs(place)}
    assert len(channels) == 4
    with operator_scope("the test looks"):
        ends = Counter(Refund.objects.values_list("state", flat=True))
        invoices = Invoice.objects.count()
    assert min(ends[RefundState.SET_OFF], ends[RefundState.PAID]) > 10
    assert invoices == SHOPS
    came_back = {
        kind: times
        for kind, times in place.bankside.witness.misdeeds().items()
        if kind.startswith("returned_")
    }
    assert len(came_back) >= 10
    assert sum(came_back.values()) >= 20


def assert_much_was_paid_on_pages(place: Town) -> None:
    """At once, in parts, by links; and of what was promised some was never taken."""
    captured = [one for one in place.orders.known.values() if one.stands.state == CAPTURED]
    webshops = {shop.tills[1] for shop in place.cast.shops}
    sold = [
        one
        for one in place.memory.tickets.values()
        if one.verdict == HAPPENED and one.till in webshops
    ]
    assert len(captured) * 3 >= len(sold)
    assert {one.till for one in captured} == webshops
    assert sum(one.parts > 1 for one in captured) > 20
    assert sum(one.link is not None for one in captured) > 20
    partly = sum(one.stands.released > 0 for one in captured)
    never = sum(one.stands.released > 0 for one in place.orders.known.values()) - partly
    assert min(partly, never) > 10
    assert place.checks.books.totals[PART_CAPTURED, MERCHANT_PAYABLE.kind] > 0
    given_back = {sale.uuid for sale, _back in backs(place)}
    assert any(one.ticket is not None and one.ticket.uuid in given_back for one in captured)


def assert_the_shop_was_paid(place: Town, shop: Shop) -> None:
    """What its tills sold is what its statement says, and what its bank and OK hold together."""
    sold = sum(
        one.paid_with_ok
        for one in place.memory.tickets.values()
        if one.till in shop.tills and one.verdict == HAPPENED
    )
    given_back = sum(back.by_ok for sale, back in backs(place) if sale.till in shop.tills)
    account = AccountRef(MERCHANT_PAYABLE.kind, shop.merchant_id, EUR)
    lines = statement(account, mode="live", limit=ALL_LINES)
    balance = sum(line.amount for line in lines)
    at_its_bank = place.bankside.witness.balance(shop.iban)
    paid_out = at_its_bank - START if at_its_bank else 0

    by_kind: Counter[str] = Counter()
    for line in lines:
        by_kind[line.kind] += line.amount

    assert sold > 0
    assert by_kind[SALE_PAID] + by_kind[PART_CAPTURED] == sold
    assert by_kind[REFUND_OWED] == -given_back
    assert lines[0].balance == balance
    with operator_scope("the test looks"):
        (invoice,) = Invoice.objects.filter(merchant_id=shop.merchant_id)
    assert by_kind[INVOICE_ISSUED] == -invoice.settled
    assert invoice.settled_on is not None
    # What was open of the invoice it has paid by bank.
    assert paid_out + balance == sold - given_back - invoice.gross
    # Nothing stays behind but what its terms keep back, less what came back after its last payout;
    # of a week, a payout that the bank has sent back may wait for Monday too.
    terms = shop.terms
    assert terms.floor <= balance
    assert balance < terms.threshold or terms.schedule == Schedule.WEEKLY


def assert_nobody_paid_too_much(place: Town) -> None:
    """What shoppers paid, still owe and have coming is what was sold with OK and did not return."""
    books = place.checks.books
    sold = sum(one.paid_with_ok for one in place.memory.tickets.values())
    given_back = sum(back.by_ok for _sale, back in backs(place))
    ibans = {iban for one in place.cast.shoppers for iban in one.accounts.values()}
    balances = place.bankside.client.balances()
    paid = sum(START - balances[iban] for iban in ibans & balances.keys())
    owed, coming = -books.held(SHOPPER_RECEIVABLE.kind), books.held(REFUNDS_PAYABLE.kind)

    assert given_back > 0
    assert paid + owed - coming == sold - given_back
    # OK holds what came in less what went out: by the bank, and by the ledger.
    paid_out = sum(
        balances[shop.iban] - START for shop in place.cast.shops if shop.iban in balances
    )
    assert -books.held(CLIENT_MONEY.kind) == paid - paid_out
    assert place.bankside.witness.balance(place.bankside.account.iban) == paid - paid_out


def assert_nothing_is_expected_for_too_long(place: Town) -> None:
    """Whatever is still expected is under way, and not late."""
    late = local_day(place.now) - LATEST
    assert not Expectation.objects.filter(state="open", due_on__lt=late).exists()
