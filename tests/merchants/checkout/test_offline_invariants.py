"""What PostgreSQL and ``verify`` hold of sales without a network: each planted breach shows."""

from uuid import uuid4

import pytest
from django.db import IntegrityError

from merchants.models import OfflineSale
from okplatform.kernel.db import call, transaction
from okplatform.kernel.invariants import all_invariants
from okplatform.kernel.tenancy import operator_scope
from tests.support.counter import Counter, show
from tests.support.dark import DarkTill, dark_till
from tests.support.phone import Phone
from tests.support.proofs import prove

pytestmark = pytest.mark.django_db


@pytest.fixture
def dark(counter: Counter) -> DarkTill:
    return dark_till(counter)


def test_postgresql_keeps_the_allowance_and_what_was_booked(dark: DarkTill, phone: Phone) -> None:
    dark.sends(dark.sells(show(phone)))
    with operator_scope("the test plants"):
        row = OfflineSale.objects.get()
        row.pk, row.uuid, row.sequence, row.amount = None, uuid4(), 9, 9_000
        with pytest.raises(IntegrityError, match="may sell without a network"), transaction():
            row.save()
        for change in (
            "UPDATE merchants_offline_sale SET amount = 1",
            "DELETE FROM merchants_offline_sale",
            "UPDATE merchants_offline_allowance SET hours = 1",
            "DELETE FROM merchants_offline_key",
        ):
            with pytest.raises(IntegrityError), transaction():
                call(change)


def test_another_key_is_no_second_allowance(counter: Counter, phone: Phone) -> None:
    first = dark_till(counter, per_sale=1_500, in_all=1_500)
    sold = first.sells(show(phone))
    second = DarkTill(counter)
    assert second.registers().status_code == 200
    second.dark_since = first.dark_since
    assert second.sends(second.sells(show(phone))).json()["booked_as"] == "paid"
    answer = first.sends(sold).json()
    assert (answer["booked_as"], answer["reason"]) == ("loss", "over_allowance")
    prove()


BREACHES = {
    "offline_sales_are_paid_or_lost": "UPDATE merchants_offline_sale SET amount = 1099",
    "offline_sales_keep_to_their_allowance": "DELETE FROM merchants_offline_allowance",
}


@pytest.mark.parametrize("name", BREACHES)
def test_a_planted_breach_is_found(dark: DarkTill, phone: Phone, name: str) -> None:
    dark.sends(dark.sells(show(phone)))
    prove()
    call("SET LOCAL session_replication_role = replica")
    call(BREACHES[name])
    call("SET LOCAL session_replication_role = origin")
    proof = next(one for one in all_invariants() if one.name == name).prove()
    assert proof.breaches


def test_a_loss_that_is_taken_out_of_the_books_is_found(counter: Counter, phone: Phone) -> None:
    dark = DarkTill(counter).ready()
    dark.sends(dark.sells(show(phone)))
    call("SET LOCAL session_replication_role = replica")
    call("UPDATE payments_posting SET reference = '0' WHERE kind = 'offline_loss'")
    call("SET LOCAL session_replication_role = origin")
    found = next(one for one in all_invariants() if one.name == "offline_sales_are_paid_or_lost")
    assert len(found.prove().breaches) == 2
