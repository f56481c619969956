"""Many at once: guesses are counted, a mandate and its end agree, letters and payments go once."""

from pathlib import Path

import pytest
from django.core import mail

from okplatform.kernel import clock, relay
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.errors import Refusal
from okplatform.parties.models import Person
from payments.actions.close_mandate import close_mandate
from payments.actions.complete_bank_payment import complete_bank_payment
from payments.actions.remove_bank_account import remove_bank_account
from payments.actions.send_letter import send_letter
from payments.actions.send_proofs import send_proofs
from payments.models import BankAccount, BankPayment, Letter, OwnershipProof, Posting
from tests.payments.books import sell
from tests.payments.door import opened
from tests.payments.settling import our_account, plan
from tests.payments.test_bank_payments import approve, initiate, to_prove
from tests.payments.test_ownership import enter, request, sent_code
from tests.support.accounts import added, sign_for
from tests.support.proofs import prove
from tests.support.races import all_at_once
from tests.support.world import NOW, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def test_many_guesses_at_once_are_five(alice: Person) -> None:
    our_account()
    account = added(alice)
    code = sent_code(account)

    def guess(number: int) -> str:
        try:
            enter(account, f"{(int(code) + number + 1) % 1_000_000:06d}")
        except Refusal as refusal:
            return refusal.code
        return "proved"

    counted = all_at_once(guess)
    assert counted == {"proof_code_wrong": 4, "proof_tries_used": 1, "no_code_expected": 59}
    assert OwnershipProof.objects.get().tries == 5


def test_many_senders_send_one_cent(alice: Person) -> None:
    our_account()
    request(added(alice))
    counted = all_at_once(lambda _number: str(len(send_proofs(now=NOW, actor=SYSTEM))))
    assert counted == {"1": 1, "0": 63}
    prove()


def test_signing_and_taking_back_at_once_leave_what_is_true(account: BankAccount) -> None:
    def act(number: int) -> str:
        try:
            if number % 2:
                sign_for(account)
            else:
                close_mandate(
                    person_id=account.person_id,
                    bank_account_id=account.pk,
                    now=NOW,
                    actor=SYSTEM,
                )
        except Refusal:
            return "refused"
        return "done"

    assert all_at_once(act)["done"] >= 1
    prove()


def test_typing_the_code_and_removing_the_account_at_once_wait_for_each_other(
    alice: Person,
) -> None:
    our_account()
    account = added(alice)
    code = sent_code(account)

    def act(number: int) -> str:
        try:
            if number % 2:
                enter(account, code)
            else:
                remove_bank_account(
                    person_id=alice.pk, bank_account_id=account.pk, now=NOW, actor=SYSTEM
                )
        except Refusal as refusal:
            return refusal.code
        return "done"

    assert set(all_at_once(act)) == {"done", "bank_account_unknown", "no_code_expected"}
    account.refresh_from_db()
    assert account.removed_at is not None
    prove()


def test_many_senders_send_one_letter(world: World, account: BankAccount) -> None:
    our_account()
    sell(world.till, account, 1_840)
    plan()
    relay.drain(now=clock.now())
    letter = Letter.objects.get()
    said = all_at_once(
        lambda _number: str(send_letter(letter_id=letter.pk, now=clock.now(), actor=SYSTEM))
    )
    assert said == {"sent": 1, "None": 63}
    assert len(mail.outbox) == 1


def test_a_payment_is_completed_once(alice: Person, tmp_path: Path) -> None:
    our_account()
    for door in opened(tmp_path):
        payment = to_prove(added(alice))
        initiate(payment, door)
        approve(payment, door)
    said = all_at_once(
        lambda _number: complete_bank_payment(payment.pk, now=NOW, actor=SYSTEM).value
    )
    assert said == {"completed": 64}
    assert Posting.objects.filter(kind="bank_payment").count() == 1
    assert BankPayment.objects.get().state == "completed"
    prove()
