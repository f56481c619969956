"""Something comes back: what the till is told, and what has become true by it."""


import pytest

from okplatform.parties.models import Person
from payments.chart import EUR, REFUNDS_PAYABLE
from payments.ledger import AccountRef
from payments.models import BankAccount
from tests.merchants.returns.desk import Desk, money_back
from tests.payments.books import held, owed_by, owed_to
from tests.support.counter import Counter
from tests.support.phone import Phone
from tests.support.proofs import prove

pytestmark = pytest.mark.django_db


def account_of(person: Person) -> BankAccount:
    return BankAccount.objects.get(person=person)


def test_a_line_comes_back_and_lowers_what_is_owed(
    counter: Counter, desk: Desk, phone: Phone, alice: Person
) -> None:
    sale = counter.sell(phone).json()["uuid"]
    answer = desk.refund(sale, lines=[(1, 1)], reason="te hard", operator="op-7")
    assert answer.status_code == 201
    said = answer.json()
    assert (said["amount"], said["vat"], said["verdict"]) == (420, 35, "happened")
    assert said["lines"] == [
        {
            "number": 1,
            "sku": "desem",
            "name": "Desembrood",
            "quantity": 1,
            "unit": "piece",
            "amount": 420,
            "vat_rate": 900,
            "vat": 35,
        }
    ]
    assert said["tenders"] == [{"kind": "ok", "amount": 420, "reference": ""}]
    assert said["sentence"] == (
        "€\N{NO-BREAK SPACE}4,20 gaat vanzelf terug naar de bankrekening van de klant."
    )
    # Nothing was collected yet: so nothing goes through a bank, Alice just owes less.
    assert held(owed_by(account_of(alice))) == -680
    assert held(AccountRef(REFUNDS_PAYABLE.kind, account_of(alice).pk, EUR)) == 0
    assert held(owed_to(desk.place)) == 680
    assert [one.state for one in money_back()] == ["set_off"]
    prove()
