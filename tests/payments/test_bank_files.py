"""Files for the bank: made once, handed over once, and what the bank answers about them."""

import hashlib
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import TransactionError, transaction
from okplatform.kernel.models import AuditEntry
from payments.actions.deliver_file import GIVEN_UP_AFTER, deliver_file, resolve_file
from payments.gateways import GatewayError
from payments.gateways.bank_folder import BankFolder, folder_of
from payments.models import BankAccount, Collection, HouseAccount, Mandate, OutgoingFile, Payout
from payments.states import FileState
from payments.tasks import deliver, order, plan, send, take
from tests.payments.books import held, owed_by, owed_to, sell
from tests.payments.settling import (
    bank_books,
    bank_returns,
    collect,
    deliver_all,
    in_transit,
    our_account,
    outgoing,
    pay_out,
    payouts,
    sign,
)
from tests.support.proofs import prove
from tests.support.world import NOW, World

LATER = NOW + GIVEN_UP_AFTER


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


def hand_over(file: OutgoingFile, folder: BankFolder) -> FileState | None:
    return deliver_file(file_id=file.pk, gateway=folder, now=NOW, actor=SYSTEM)


def resolve(file: OutgoingFile, folder: BankFolder) -> FileState | None:
    return resolve_file(file_id=file.pk, gateway=folder, now=LATER, actor=SYSTEM)


def state_of(file: OutgoingFile) -> str:
    return OutgoingFile.objects.get(pk=file.pk).state


def test_a_file_goes_out_byte_for_byte(file: OutgoingFile, folder: BankFolder) -> None:
    assert hand_over(file, folder) is FileState.SENT
    (path,) = outgoing(folder)
    assert path.name == file.name
    assert hashlib.sha256(path.read_bytes()).hexdigest() == file.sha256
    assert state_of(file) == "sent"
    line = AuditEntry.objects.get(action="outgoing_file_sent")
    assert line.data == {"name": file.name, "sha256": file.sha256}


def test_a_file_goes_out_once_also_when_the_client_has_taken_it(
    file: OutgoingFile, folder: BankFolder
) -> None:
    hand_over(file, folder)
    outgoing(folder)[0].unlink()
    assert hand_over(file, folder) is None
    folder.deliver(name=file.name, content=bytes(file.content))
    assert outgoing(folder) == []


def test_a_name_is_never_used_for_something_else(folder: BankFolder) -> None:
    folder.deliver(name="a.xml", content=b"one")
    with pytest.raises(GatewayError, match="another content"):
        folder.deliver(name="a.xml", content=b"two")
    with pytest.raises(GatewayError, match="another content"):
        folder.delivered(name="a.xml", sha256="0" * 64)
    assert outgoing(folder)[0].read_bytes() == b"one"


def test_nothing_is_handed_over_inside_a_transaction(db: None, folder: BankFolder) -> None:
    with transaction(), pytest.raises(TransactionError):
        folder.deliver(name="a.xml", content=b"one")
    assert not (folder.root / "outgoing").exists()


@pytest.mark.parametrize("name", ["../a.xml", ".a.xml", "a/b.xml"])
def test_a_name_leads_nowhere_else(folder: BankFolder, name: str) -> None:
    with pytest.raises(GatewayError, match="no name"):
        folder.deliver(name=name, content=b"")


def test_a_bank_that_cannot_be_reached_leaves_it_unknown_and_not_sent_again(
    file: OutgoingFile, folder: BankFolder
) -> None:
    folder.root.write_text("not a folder")
    assert hand_over(file, folder) is FileState.UNKNOWN
    assert hand_over(file, folder) is None
    assert resolve(file, folder) is FileState.UNKNOWN
    assert "bank" in OutgoingFile.objects.get().last_error


def test_what_never_got_there_is_sent_after_it_was_found_out(
    file: OutgoingFile, folder: BankFolder
) -> None:
    folder.root.write_text("not a folder")
    hand_over(file, folder)
    folder.root.unlink()
    assert resolve(file, folder) is FileState.MADE
    assert hand_over(file, folder) is FileState.SENT
    assert len(outgoing(folder)) == 1


def test_what_got_there_before_the_crash_is_found_out_and_not_sent_again(
    file: OutgoingFile, folder: BankFolder
) -> None:
    folder.deliver(name=file.name, content=bytes(file.content))
    OutgoingFile.objects.update(state="sending", claimed_at=NOW)
    outgoing(folder)[0].unlink()
    assert resolve(file, folder) is FileState.SENT
    assert outgoing(folder) == []


def test_a_sender_is_given_time(file: OutgoingFile, folder: BankFolder) -> None:
    OutgoingFile.objects.update(state="sending", claimed_at=NOW + timedelta(seconds=1))
    assert resolve(file, folder) is None
    assert state_of(file) == "sending"


def crash_at(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the machine die at one of the steps of a hand-over."""

    def die(*_args: object, **_kwargs: object) -> None:
        message = "the machine died"
        raise OSError(message)

    owner = os if step == "fsync" else Path
    monkeypatch.setattr(owner, step, die)


@pytest.mark.parametrize("step", ["fsync", "hardlink_to", "rename"])
def test_a_crash_at_any_step_hands_it_over_once(
    file: OutgoingFile, folder: BankFolder, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    with monkeypatch.context() as dying:
        crash_at(step, dying)
        assert hand_over(file, folder) is FileState.UNKNOWN
    assert outgoing(folder) == []
    assert resolve(file, folder) is FileState.MADE
    assert hand_over(file, folder) is FileState.SENT
    assert [path.read_bytes() for path in outgoing(folder)] == [bytes(file.content)]


def test_a_file_for_the_bank_is_written_once(file: OutgoingFile) -> None:
    with pytest.raises(IntegrityError, match="written once"), transaction():
        OutgoingFile.objects.update(content=b"other")
    with pytest.raises(IntegrityError, match="no move from made to sent"), transaction():
        OutgoingFile.objects.update(state="sent", sent_at=NOW)


def test_incoming_files_are_listed_oldest_first_and_put_away(folder: BankFolder) -> None:
    assert folder.incoming() == []
    for age, name in enumerate(("b.xml", "a.xml", ".half.xml")):
        path = folder.root / "incoming" / name
        path.write_bytes(b"12345")
        os.utime(path, (age, age))
    assert [(one.name, one.size) for one in folder.incoming()] == [("b.xml", 5), ("a.xml", 5)]
    with folder.open("b.xml") as stream:
        assert stream.read() == b"12345"
    folder.done("b.xml")
    folder.done("a.xml", refused=True)
    assert folder.incoming() == []
    assert (folder.root / "read" / "b.xml").exists()
    assert (folder.root / "refused" / "a.xml").exists()


def test_a_second_file_of_the_same_name_is_kept_beside_the_first(folder: BankFolder) -> None:
    for content in (b"one", b"two", b"three"):
        folder.incoming()
        (folder.root / "incoming" / "a.xml").write_bytes(content)
        folder.done("a.xml")
    kept = sorted((folder.root / "read").iterdir())
    assert [path.name for path in kept] == ["2-a.xml", "3-a.xml", "a.xml"]
    assert [path.read_bytes() for path in kept] == [b"two", b"three", b"one"]


def test_the_jobs_run_the_whole_way_and_may_run_again(
    world: World,
    account: BankAccount,
    ours: HouseAccount,
    mandate: Mandate,
    tmp_path: Path,
    settings: object,
) -> None:
    settings.OK_BANK_FOLDER = str(tmp_path)  # type: ignore[attr-defined]
    sell(world.till, account, 1_840)
    for _ in range(2):
        for job in (plan, send, order, deliver, take):
            job()
    folder = folder_of(mode="live", iban=ours.iban)
    assert [path.name for path in outgoing(folder)] == [
        file.name for file in OutgoingFile.objects.order_by("name")
    ]
    assert set(OutgoingFile.objects.values_list("state", flat=True)) <= {"sent"}
    assert deliver_all(folder) == [None] * OutgoingFile.objects.count()


def test_the_whole_circle_adds_up(
    world: World, account: BankAccount, ours: HouseAccount, mandate: Mandate, folder: BankFolder
) -> None:
    for place, amount in ((world.till, 1_840), (world.gouda, 260)):
        sell(place, account, amount)
    collection = collect()
    pay_out(NOW + timedelta(days=1))
    assert set(deliver_all(folder)) == {FileState.SENT}
    bank_books(collection)
    first, second = payouts()
    bank_books(first)
    bank_books(second)
    bank_returns(second, "AC04")
    bank_returns(collection, "AM04")
    assert held(owed_by(account)) == -2_100
    assert held(owed_to(world.till)) + held(owed_to(world.gouda)) == second.amount
    assert (held(in_transit(ours)), held(in_transit(ours, paying=True))) == (0, 0)
    assert isinstance(first, Payout)
    prove()
