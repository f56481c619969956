"""A day in the life: 500 people, 20 shops, their banks; then everybody counts the same cents."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from demo.bank.bank import Terms
from demo.simulate.activities import banking, people, selling, trouble
from demo.simulate.cast import Shop
from demo.simulate.memory import HAPPENED
from demo.simulate.town import Activity, Town, town
from payments.calendar import local_day
from payments.chart import CLIENT_MONEY, EUR, MERCHANT_PAYABLE, SALE_PAID, SHOPPER_RECEIVABLE
from payments.ledger import AccountRef
from payments.queries import statement

PEOPLE, SHOPS = 500, 20
TUESDAY = datetime(2040, 5, 8, 7, tzinfo=UTC)
OPENING_HOURS = timedelta(hours=11)
BANK_DAYS = 30
"""Until the last collection that came back was asked for once more, and paid."""
START = Terms().balance
ALL_LINES = 10_000

DAY: Mapping[Activity, int] = {
    selling.sell: 640,
    selling.quote_and_sell: 120,
    trouble.repeat: 20,
    trouble.lose_answer: 20,
    trouble.give_up_what_was_quoted: 20,
    trouble.send_at_once: 10,
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
    for shop in place.cast.shops:
        assert_the_shop_was_paid(place, shop)
    assert_nobody_paid_too_much(place)


def spend_the_day(place: Town) -> None:
    acts = [act for act, times in DAY.items() for _ in range(times)]
    for number, act in enumerate(place.chance.shuffled(acts)):
        place.do(act, at=TUESDAY + OPENING_HOURS * number / len(acts))
    place.do(trouble.ask_again, at=place.now)


def let_the_bank_days_go_by(place: Town) -> None:
    """Three times a day everything has its turn; who owes or is owed something sees to it."""
    midnight = TUESDAY.replace(hour=0)
    for day in range(1, BANK_DAYS + 1):
        for hour in (1, 8, 16):
            place.do(banking.go_round, at=midnight + timedelta(days=day, hours=hour))
        place.do(banking.clear_the_queue, at=place.now)
        place.do(people.renew_terms, at=place.now)
    place.do(banking.go_round, at=midnight + timedelta(days=BANK_DAYS + 1, hours=4))


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
    came_back = {
        kind: times
        for kind, times in place.bankside.witness.misdeeds().items()
        if kind.startswith("returned_")
    }
    assert len(came_back) >= 10
    assert sum(came_back.values()) >= 20


def assert_the_shop_was_paid(place: Town, shop: Shop) -> None:
    """What its tills sold is what its statement says, and what its bank and OK hold together."""
    sold = sum(
        one.paid_with_ok
        for one in place.memory.tickets.values()
        if one.till in shop.tills and one.verdict == HAPPENED
    )
    account = AccountRef(MERCHANT_PAYABLE.kind, shop.merchant_id, EUR)
    lines = statement(account, mode="live", limit=ALL_LINES)
    balance = sum(line.amount for line in lines)
    at_its_bank = place.bankside.witness.balance(shop.iban)
    paid_out = at_its_bank - START if at_its_bank else 0

    assert sold > 0
    assert sum(line.amount for line in lines if line.kind == SALE_PAID) == sold
    assert lines[0].balance == balance
    assert paid_out + balance == sold
    # Nothing stays behind but what its terms keep back.
    terms = shop.terms
    assert balance >= terms.reserve if terms.reserve else 0 <= balance < terms.threshold


def assert_nobody_paid_too_much(place: Town) -> None:
    """What shoppers still owe, and what was collected of them, is what was sold with OK."""
    sold = sum(one.paid_with_ok for one in place.memory.tickets.values())
    ibans = {iban for one in place.cast.shoppers for iban in one.accounts.values()}
    balances = place.bankside.client.balances()
    collected = sum(START - balances[iban] for iban in ibans & balances.keys())
    owed = -place.checks.books.held(SHOPPER_RECEIVABLE.kind)
    paid_out = -place.checks.books.held(CLIENT_MONEY.kind) - collected

    assert collected + owed == sold
    # OK holds what came in less what went out: by the bank, and by the ledger.
    assert paid_out == -sum(
        balances[shop.iban] - START for shop in place.cast.shops if shop.iban in balances
    )
