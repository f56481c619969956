"""verify sees money from the bank that is a sale's and goes back too, or neither."""

from uuid import uuid4

import pytest

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import call, transaction
from okplatform.kernel.invariants import all_invariants
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.models import Person
from payments.actions.allot_bank_payment import allot, give_back
from payments.actions.complete_bank_payment import complete_bank_payment
from payments.actions.open_bank_payment import open_bank_payment
from payments.models import BankAccount, BankPayment, BankPaymentPurpose
from payments.settlement import move_one
from payments.states import BankPaymentState
from tests.payments.settling import our_account
from tests.support.accounts import added
from tests.support.world import NOW, World

pytestmark = pytest.mark.django_db

TAKEN_OR_BACK = "what_was_paid_at_the_bank_is_taken_or_back"
WAITS = "prepaid_is_what_waits"
BREACHES = {
    "money that was looked at, and is nobody's": (
        "UPDATE payments_bank_payment SET allotted_at = now() WHERE allotted_at IS NULL",
        {TAKEN_OR_BACK},
    ),
    "money that goes back and was never looked at": (
        "UPDATE payments_bank_payment SET allotted_at = NULL",
        {TAKEN_OR_BACK},
    ),
    "a cent that stays behind": (
        "UPDATE payments_refund SET amount = amount - 1",
        {TAKEN_OR_BACK, WAITS},
    ),
    "money on another's account": (
        "UPDATE payments_account SET owner_id = owner_id + 1 WHERE kind = 'shopper_prepaid'",
        {WAITS},
    ),
}


def paid(account: BankAccount, amount: int) -> BankPayment:
    """Pay at the bank for an online payment of this number."""
    with transaction():
        begun = open_bank_payment(
            account=account,
            purpose=BankPaymentPurpose.ONLINE,
            subject_id=amount,
            amount=amount,
            text="OK",
            request_id=uuid4(),
            return_url="https://ok.example/",
            psu_ip="192.0.2.7",
            now=NOW,
            actor=SYSTEM,
        )
        move_one(BankPayment.objects.filter(pk=begun.pk), BankPaymentState.SENDING)
    complete_bank_payment(begun.pk, now=NOW, actor=SYSTEM)
    return begun


def breached() -> set[str]:
    return {
        each.name
        for each in all_invariants()
        if each.prove.__module__ == "payments.invariants.prepaid" and each.prove().breaches
    }


@pytest.mark.parametrize("name", BREACHES)
def test_a_breach_is_found(name: str, world: World, alice: Person) -> None:
    our_account()
    account = added(alice)
    back = paid(account, 700)
    paid(account, 800)
    merchant_id = world.webshop.merchant.pk
    with merchant_scope(merchant_id), transaction():
        assert allot(back.pk, now=NOW) is not None
        give_back(
            bank_payment_id=back.pk, merchant_id=merchant_id, amount=700, now=NOW, actor=SYSTEM
        )
    call("SET CONSTRAINTS ALL IMMEDIATE")
    sql, found_by = BREACHES[name]
    assert breached() == set()
    call("SET LOCAL session_replication_role = replica")
    call(sql)
    call("SET LOCAL session_replication_role = origin")
    assert breached() == found_by
