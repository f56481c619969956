"""Invoices on real connections: many tasks at once, and one that dies."""

import pytest

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import call, transaction
from payments.actions.credit_invoice import InvoiceCreditedAlready, credit_invoice
from payments.actions.make_invoices import make_invoices
from payments.actions.prepare_ledger import prepare_ledger
from payments.models import BankAccount
from tests.payments.books import sell
from tests.payments.fees import NEXT_MONTH, accrue, fees, invoice_all, plan
from tests.payments.settling import our_account
from tests.support.proofs import prove
from tests.support.races import AT_ONCE, all_at_once
from tests.support.world import NOW, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


@pytest.fixture(autouse=True)
def sold(world: World, account: BankAccount) -> None:
    prepare_ledger(now=NOW)
    plan()
    our_account()
    for place in (world.till, world.haarlem, world.gouda):
        sell(place, account, 1_840)
    accrue()


def test_64_tasks_at_once_ask_each_fee_once_and_leave_no_gap() -> None:
    def invoice(_number: int) -> str:
        return str(len(make_invoices(now=NEXT_MONTH, actor=SYSTEM)))

    said = all_at_once(invoice)

    assert sum(int(made) * times for made, times in said.items()) == 3
    assert all(fee.invoice_id for fee in fees())
    prove()


def test_a_task_that_dies_gives_its_number_back() -> None:
    class DiedError(Exception):
        pass

    def die() -> None:
        with transaction():
            call("SELECT invoice_number(2026)")
            raise DiedError

    with pytest.raises(DiedError):
        die()
    assert [one.number for one in invoice_all()] == ["2026-00001", "2026-00002", "2026-00003"]
    prove()


def test_an_invoice_is_credited_by_one_of_64() -> None:
    (invoice, *_others) = invoice_all()

    def credit(_number: int) -> str:
        try:
            credit_invoice(number=invoice.number, reason="Fout", now=NEXT_MONTH, actor=SYSTEM)
        except InvoiceCreditedAlready as refusal:
            return refusal.code
        return "credited"

    said = all_at_once(credit)

    assert said == {"credited": 1, "invoice_credited_already": AT_ONCE - 1}
    prove()
