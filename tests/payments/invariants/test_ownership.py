"""verify sees what a switched-off trigger, or a bad restore, lets into accounts."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from okplatform.kernel.db import call
from okplatform.kernel.invariants import all_invariants
from okplatform.parties.models import Person
from payments.models import BankAccount
from tests.payments.door import Door, opened
from tests.payments.settling import our_account
from tests.payments.test_bank_payments import approve, initiate, refresh, to_prove
from tests.payments.test_ownership import sent_code
from tests.support.accounts import added

pytestmark = pytest.mark.django_db

BREACHES = {
    "an account that is ready and not signed for": (
        "UPDATE payments_mandate SET state = 'closed', closed_at = now(), closed_reason = 'x'",
        "codes_pay_from_ready_accounts",
    ),
    "an account that is ready and may not be": (
        "UPDATE payments_bank_account SET ready_at = NULL",
        "codes_pay_from_ready_accounts",
    ),
    "a cent that nobody booked": (
        "UPDATE payments_posting SET reference = '0' WHERE kind = 'proof_sent'",
        "proofs_are_booked",
    ),
    "a payment that nobody booked": (
        "UPDATE payments_posting SET reference = '0' WHERE kind = 'bank_payment'",
        "bank_payments_are_booked",
    ),
    "a payment that nobody expects": (
        "DELETE FROM payments_expectation WHERE kind = 'bank_payment'",
        "bank_payments_are_booked",
    ),
}


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    yield from opened(tmp_path)


def breached() -> set[str]:
    return {
        each.name
        for each in all_invariants()
        if each.prove.__module__ == "payments.invariants.ownership" and each.prove().breaches
    }


@pytest.mark.parametrize("name", BREACHES)
def test_a_breach_is_found(
    name: str, account: BankAccount, bob: Person, alice: Person, door: Door
) -> None:
    our_account()
    sent_code(added(bob))
    paid = to_prove(added(alice, "NL20INGB0001234567"))
    initiate(paid, door)
    approve(paid, door)
    refresh(paid, door)
    call("SET CONSTRAINTS ALL IMMEDIATE")
    sql, found_by = BREACHES[name]
    assert breached() == set()
    call("SET LOCAL session_replication_role = replica")
    call(sql)
    call("SET LOCAL session_replication_role = origin")
    assert breached() == {found_by}
