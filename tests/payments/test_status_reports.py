"""What the bank answers about our files: what it rejects is owed again, all else says nothing."""

from datetime import timedelta
from pathlib import Path

import pytest

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.models import AuditEntry
from okplatform.parties.models import Person
from payments.actions.take_file import take_file
from payments.actions.take_status_report import StatusTaken, take_status_report
from payments.bankfiles.pain002 import Status, StatusReport
from payments.gateways.bank_folder import BankFolder
from payments.models import BankAccount, Collection, HouseAccount, Mandate, OutgoingFile
from tests.payments.books import bank_account, held, owed_by, owed_to, sell
from tests.payments.settling import (
    bank_books,
    collect,
    expectation_of,
    in_transit,
    our_account,
    pay_out,
    payouts,
    plan,
    send,
    sign,
)
from tests.support.proofs import prove
from tests.support.world import NOW, World


@pytest.fixture
def folder(tmp_path: Path) -> BankFolder:
    return BankFolder(tmp_path / "bank")


@pytest.fixture
def ours(world: World) -> HouseAccount:
    return our_account()


@pytest.fixture
def mandate(account: BankAccount) -> Mandate:
    return sign(account)


@pytest.fixture
def sent(world: World, account: BankAccount, ours: HouseAccount, mandate: Mandate) -> Collection:
    sell(world.till, account, 1_840)
    return collect()


@pytest.fixture
def file(sent: Collection) -> OutgoingFile:
    return OutgoingFile.objects.get()


def rejects(
    file: OutgoingFile, *, order: str = "", batch: str = "", why: str = "AM04"
) -> StatusReport:
    return StatusReport(
        message_id=file.message_id,
        batch_id=batch,
        end_to_end_id=order,
        status=Status.REJECTED,
        reason=why,
    )


def taken(*reports: StatusReport) -> StatusTaken:
    return take_status_report(reports=reports, now=NOW, actor=SYSTEM)


def test_a_rejected_collection_is_owed_again_and_no_longer_expected(
    sent: Collection, file: OutgoingFile, account: BankAccount, ours: HouseAccount
) -> None:
    assert taken(rejects(file, order=sent.end_to_end_id)) == StatusTaken(rejected=1)
    sent.refresh_from_db()
    assert (sent.state, sent.reason, sent.follow_up) == ("returned", "AM04", "retry")
    assert expectation_of(sent).state == "cancelled"
    assert held(owed_by(account)) == -1_840
    assert held(in_transit(ours)) == 0
    prove()


def test_the_same_report_twice_changes_nothing(
    sent: Collection, file: OutgoingFile, account: BankAccount
) -> None:
    taken(rejects(file, order=sent.end_to_end_id))
    again = taken(rejects(file, order=sent.end_to_end_id), rejects(file))
    assert again == StatusTaken(known=2)
    assert held(owed_by(account)) == -1_840


def test_the_file_is_rejected_whole_each_order_with_the_reason_nearest_to_it(
    world: World, account: BankAccount, bob: Person, ours: HouseAccount, mandate: Mandate
) -> None:
    other = bank_account(bob)
    sign(other)
    sell(world.till, account, 100)
    sell(world.till, other, 200)
    plan()
    (file_id,) = send()
    file = OutgoingFile.objects.get(pk=file_id)
    named = Collection.objects.get(bank_account=account)
    report = taken(
        rejects(file, why="FF01"),
        rejects(file, order=named.end_to_end_id, batch=f"{file.message_id}-1", why="AC04"),
    )
    assert report == StatusTaken(rejected=2, known=1)
    reasons = dict(Collection.objects.values_list("bank_account_id", "reason"))
    assert reasons == {account.pk: "AC04", other.pk: "FF01"}


def test_a_batch_is_rejected_without_the_rest(
    world: World, account: BankAccount, bob: Person, ours: HouseAccount, sent: Collection
) -> None:
    bank_books(sent)
    other = bank_account(bob)
    sign(other)
    sell(world.till, account, 100)
    sell(world.till, other, 200)
    plan()
    (file_id,) = send()
    recurrent = Collection.objects.get(bank_account=account, outgoing_file_id=file_id)
    batch = expectation_of(recurrent).batch_id
    taken(rejects(OutgoingFile.objects.get(pk=file_id), batch=batch))
    states = dict(
        Collection.objects.filter(outgoing_file_id=file_id).values_list("bank_account_id", "state")
    )
    assert states == {account.pk: "returned", other.pk: "sent"}


def test_what_is_on_our_account_is_not_undone_by_a_rejection(
    sent: Collection, file: OutgoingFile
) -> None:
    bank_books(sent)
    assert taken(rejects(file, order=sent.end_to_end_id)) == StatusTaken(known=1)
    sent.refresh_from_db()
    assert sent.state == "settled"


def test_answers_about_nothing_of_ours_are_counted_and_change_nothing(
    sent: Collection, file: OutgoingFile
) -> None:
    stranger = StatusReport(
        message_id="X1", batch_id="", end_to_end_id="", status=Status.REJECTED, reason="AM04"
    )
    assert taken(stranger, rejects(file, order="OKC0")) == StatusTaken(strange=2)
    sent.refresh_from_db()
    assert sent.state == "sent"


def test_acceptance_says_nothing(sent: Collection, file: OutgoingFile) -> None:
    settled = StatusReport(
        message_id=file.message_id, batch_id="", end_to_end_id="", status=Status.SETTLED, reason=""
    )
    assert taken(settled) == StatusTaken()
    sent.refresh_from_db()
    assert sent.state == "sent"


def test_a_rejected_payout_is_owed_to_the_merchant_again(
    world: World, account: BankAccount, ours: HouseAccount
) -> None:
    sell(world.till, account, 1_840)
    (file_id,) = pay_out(NOW + timedelta(days=1))
    (payout,) = payouts()
    file = OutgoingFile.objects.get(pk=file_id)
    assert taken(rejects(file, order=payout.end_to_end_id, why="AC01")) == StatusTaken(rejected=1)
    assert payouts()[0].state == "returned"
    assert held(owed_to(world.till)) == 1_840
    assert taken(rejects(file)) == StatusTaken(known=1)
    prove()


def test_a_file_that_nobody_can_read_is_kept_apart(db: None, folder: BankFolder) -> None:
    folder.incoming()
    (folder.root / "incoming" / "x.xml").write_bytes(b"nonsense")
    assert not take_file(name="x.xml", gateway=folder, now=NOW, actor=SYSTEM)
    assert (folder.root / "refused" / "x.xml").exists()
    assert AuditEntry.objects.get(action="incoming_file_refused").data["code"]


PAIN_002 = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>
<GrpHdr><MsgId>BANK1</MsgId><CreDtTm>2026-11-17T16:00:00</CreDtTm></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>{message}</OrgnlMsgId><OrgnlMsgNmId>pain.008</OrgnlMsgNmId>
</OrgnlGrpInfAndSts>
<OrgnlPmtInfAndSts><OrgnlPmtInfId>{message}-1</OrgnlPmtInfId>
<TxInfAndSts><OrgnlEndToEndId>{order}</OrgnlEndToEndId><TxSts>RJCT</TxSts>
<StsRsnInf><Rsn><Cd>MD01</Cd></Rsn></StsRsnInf></TxInfAndSts>
</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>
"""


def test_the_banks_own_file_is_taken_in_from_the_folder(
    sent: Collection, file: OutgoingFile, folder: BankFolder, mandate: Mandate
) -> None:
    folder.incoming()
    answer = PAIN_002.format(message=file.message_id, order=sent.end_to_end_id)
    (folder.root / "incoming" / "status.xml").write_text(answer)
    assert take_file(name="status.xml", gateway=folder, now=NOW, actor=SYSTEM)
    sent.refresh_from_db()
    mandate.refresh_from_db()
    assert (sent.reason, mandate.state) == ("MD01", "closed")
    assert (folder.root / "read" / "status.xml").exists()
