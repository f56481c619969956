"""Proving whose a bank account is, by a cent that carries a code."""

import re
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import call, transaction
from okplatform.kernel.models import AuditEntry, Event
from okplatform.parties.models import Person
from payments import proof_codes
from payments.actions.enter_proof_code import (
    CodeNotSent,
    CodeWrong,
    NoCodeExpected,
    TriesUsed,
    enter_proof_code,
)
from payments.actions.remove_bank_account import BankAccountUnknown, remove_bank_account
from payments.actions.request_proof import (
    VALID,
    ProvedAlready,
    TooManyProofs,
    request_proof,
)
from payments.actions.send_proofs import send_proofs
from payments.actions.sign_mandate import AccountNotProved
from payments.actions.take_status_report import take_status_report
from payments.actions.vouch_for_account import vouch_for_account
from payments.bankfiles.pain002 import Status, StatusReport
from payments.chart import EUR, PROOF_COSTS, PROOFS_IN_TRANSIT
from payments.ledger import AccountRef
from payments.models import BankAccount, Expectation, HouseAccount, OutgoingFile, OwnershipProof
from tests.payments.bank import line
from tests.payments.books import held
from tests.payments.settling import DUE, bank_says, instruction, our_account
from tests.support.accounts import added, proved, ready, sign_for
from tests.support.proofs import prove
from tests.support.world import NOW, World
from wallet.hooks import funding_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours() -> HouseAccount:
    return our_account()


@pytest.fixture
def account(alice: Person) -> BankAccount:
    """Alice's bank account, of which nobody knows yet whose it is."""
    return added(alice)


def request(account: BankAccount, now: datetime = NOW) -> None:
    request_proof(person_id=account.person_id, bank_account_id=account.pk, now=now, actor=SYSTEM)


def sent_code(account: BankAccount, now: datetime = NOW) -> str:
    """Ask for a cent and return the code as the holder reads it on a statement."""
    request(account, now)
    (file_id,) = send_proofs(now=now, actor=SYSTEM)
    (text,) = instruction(file_id).texts("Ustrd")
    found = re.fullmatch(r"OK code (\d{6})", text)
    assert found
    return found[1]


def enter(
    account: BankAccount, code: str, now: datetime = NOW, person: Person | None = None
) -> None:
    enter_proof_code(
        person_id=person.pk if person else account.person_id,
        bank_account_id=account.pk,
        code=code,
        now=now,
        actor=SYSTEM,
    )


def is_proved(account: BankAccount) -> bool:
    account.refresh_from_db()
    return account.proved_at is not None


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % proof_codes.CODES:06d}"


def test_who_reads_the_code_on_the_statement_has_proved_the_account(
    account: BankAccount, ours: HouseAccount
) -> None:
    code = sent_code(account)
    enter(account, f" {code[:3]} {code[3:]} ")
    assert is_proved(account)
    assert account.proved_by == "cent"
    assert OwnershipProof.objects.get().state == "proved"
    assert [event.type for event in Event.objects.filter(aggregate_type="bank_account")] == [
        "payments.ownership_proved"
    ]


def test_a_proved_account_still_has_to_be_signed_for(
    account: BankAccount, alice: Person, ours: HouseAccount
) -> None:
    enter(account, sent_code(account))
    assert funding_of(alice.pk, "live") == []
    sign_for(account)
    assert [source.ref for source in funding_of(alice.pk, "live")] == [account.pk]


def test_nobody_signs_for_an_account_that_is_not_proved(account: BankAccount) -> None:
    with pytest.raises(AccountNotProved):
        sign_for(account)


def test_the_code_stands_nowhere_but_in_the_file(account: BankAccount, ours: HouseAccount) -> None:
    code = sent_code(account)
    proof = OwnershipProof.objects.get()
    assert code not in proof.code_hash
    assert proof.code_hash == proof_codes.hashed(proof.pk, code)
    assert code not in str([entry.data for entry in AuditEntry.objects.all()])
    assert code not in str([event.payload for event in Event.objects.all()])
    assert code not in Expectation.objects.get().reference


def test_the_cent_is_booked_expected_and_found_on_the_statement(
    account: BankAccount, ours: HouseAccount
) -> None:
    sent_code(account)
    proof = OwnershipProof.objects.get()
    expected = Expectation.objects.get()
    assert (expected.kind, expected.subject_id, expected.amount) == ("proof", proof.pk, -1)
    assert held(AccountRef(PROOF_COSTS.kind, ours.pk, EUR)) == -1
    bank_says(ours, line(-1, proof.end_to_end_id, booked_on=DUE))
    assert held(AccountRef(PROOFS_IN_TRANSIT.kind, ours.pk, EUR)) == 0
    expected.refresh_from_db()
    assert expected.state == "fulfilled"
    prove()


def test_a_cent_that_comes_back_costs_nothing_and_proves_nothing(
    account: BankAccount, ours: HouseAccount
) -> None:
    code = sent_code(account)
    proof = OwnershipProof.objects.get()
    bank_says(
        ours,
        line(-1, proof.end_to_end_id, booked_on=DUE),
        line(1, proof.end_to_end_id, booked_on=DUE, reason="AC04"),
    )
    proof.refresh_from_db()
    assert (proof.state, proof.closed_reason) == ("closed", "AC04")
    assert held(AccountRef(PROOF_COSTS.kind, ours.pk, EUR)) == 0
    with pytest.raises(NoCodeExpected):
        enter(account, code)
    prove()


def test_a_rejected_cent_is_undone(account: BankAccount, ours: HouseAccount) -> None:
    sent_code(account)
    proof = OwnershipProof.objects.get()
    file = OutgoingFile.objects.get()
    report = StatusReport(
        message_id=file.message_id,
        batch_id="",
        end_to_end_id=proof.end_to_end_id,
        status=Status.REJECTED,
        reason="AC01",
    )
    for _time in range(2):
        take_status_report(reports=[report], now=NOW, actor=SYSTEM)
    proof.refresh_from_db()
    assert (proof.state, proof.closed_reason) == ("closed", "AC01")
    assert held(AccountRef(PROOF_COSTS.kind, ours.pk, EUR)) == 0
    prove()


def test_five_wrong_codes_and_the_right_one_works_no_more(
    account: BankAccount, ours: HouseAccount
) -> None:
    code = sent_code(account)
    for left in (4, 3, 2, 1):
        with pytest.raises(CodeWrong) as refused:
            enter(account, other_than(code))
        assert refused.value.facts == {"left": left}
    with pytest.raises(TriesUsed):
        enter(account, other_than(code))
    with pytest.raises(NoCodeExpected):
        enter(account, code)
    assert not is_proved(account)
    assert OwnershipProof.objects.get().closed_reason == "tries"


def test_nobody_can_know_a_code_that_was_not_sent_yet(
    account: BankAccount, ours: HouseAccount
) -> None:
    request(account)
    with pytest.raises(CodeNotSent):
        enter(account, "123456")
    assert OwnershipProof.objects.get().tries == 0


def test_a_code_expires(account: BankAccount, ours: HouseAccount) -> None:
    code = sent_code(account)
    with pytest.raises(NoCodeExpected):
        enter(account, code, now=NOW + VALID)
    assert OwnershipProof.objects.get().closed_reason == "expired"
    assert not is_proved(account)


def test_a_new_code_voids_the_old_one(account: BankAccount, ours: HouseAccount) -> None:
    old = sent_code(account)
    new = sent_code(account)
    if old != new:
        with pytest.raises(CodeWrong):
            enter(account, old)
    enter(account, new)
    assert is_proved(account)


def test_three_cents_a_day_and_no_more(
    account: BankAccount, alice: Person, ours: HouseAccount
) -> None:
    second = added(alice, "NL20INGB0001234567")
    for each in (account, second, account):
        request(each)
    with pytest.raises(TooManyProofs):
        request(second)
    request(second, NOW + timedelta(days=1, seconds=1))


def test_nobody_proves_anothers_account(
    account: BankAccount, charlie: Person, ours: HouseAccount
) -> None:
    code = sent_code(account)
    with pytest.raises(NoCodeExpected):
        enter(account, code, person=charlie)
    with pytest.raises(BankAccountUnknown):
        request_proof(person_id=charlie.pk, bank_account_id=account.pk, now=NOW, actor=SYSTEM)
    assert OwnershipProof.objects.get().tries == 0


def test_what_is_proved_asks_for_no_cent(account: BankAccount, ours: HouseAccount) -> None:
    enter(account, sent_code(account))
    with pytest.raises(ProvedAlready):
        request(account)


def test_a_removed_account_is_not_proved_any_more(account: BankAccount, ours: HouseAccount) -> None:
    code = sent_code(account)
    remove_bank_account(
        person_id=account.person_id, bank_account_id=account.pk, now=NOW, actor=SYSTEM
    )
    with pytest.raises(NoCodeExpected):
        enter(account, code)
    with pytest.raises(BankAccountUnknown):
        vouch_for_account(bank_account_id=account.pk, now=NOW, actor=SYSTEM)
    assert not is_proved(account)


def test_a_test_person_types_the_code_of_the_test_mode_and_no_money_moves(world: World) -> None:
    our_account("test")
    account = added(world.tessa)
    request(account)
    assert send_proofs(now=NOW, actor=SYSTEM) == []
    enter(account, proof_codes.TEST_CODE)
    assert is_proved(account)
    assert not Expectation.objects.exists()


def test_the_test_code_proves_no_live_account(account: BankAccount, ours: HouseAccount) -> None:
    code = sent_code(account)
    if code != proof_codes.TEST_CODE:
        with pytest.raises(CodeWrong):
            enter(account, proof_codes.TEST_CODE)


def test_who_vouches_is_in_the_audit(account: BankAccount) -> None:
    for _time in range(2):
        vouch_for_account(bank_account_id=account.pk, now=NOW, actor=SYSTEM)
    entry = AuditEntry.objects.get(action="bank_account_proved")
    assert (entry.actor_kind, entry.data) == ("system", {"by": "voucher"})


def commit_with(account: BankAccount, **change: object) -> None:
    """Change an account behind the actions, as far as PostgreSQL lets one."""
    with transaction():
        BankAccount.objects.filter(pk=account.pk).update(**change)
        call("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    "change",
    [
        {"ready_at": None},
        {"proved_at": NOW + timedelta(days=1)},
        {"iban": "NL20INGB0001234567"},
    ],
    ids=str,
)
def test_postgresql_holds_what_the_actions_keep(alice: Person, change: dict[str, object]) -> None:
    account = ready(alice)
    with pytest.raises(IntegrityError):
        commit_with(account, **change)


def test_no_account_is_ready_by_another_road(alice: Person) -> None:
    account = proved(alice)
    with pytest.raises(IntegrityError):
        commit_with(account, ready_at=NOW)
