"""Several workers at once: one collection, one payout, one file, one hand-over."""

from collections.abc import Callable
from pathlib import Path

import pytest

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import operator_scope
from okplatform.local.processes import wait_until
from payments.actions.deliver_file import deliver_file
from payments.actions.gather_items import gather_items
from payments.gateways.bank_folder import BankFolder
from payments.models import (
    BankAccount,
    Collection,
    CollectionItem,
    OutgoingFile,
    PayoutItem,
    SettlementMark,
)
from tests.payments.books import held, owed_by, owed_to, pays_often, sell
from tests.payments.settling import our_account, outgoing, pay_out, payouts, plan, send, sign
from tests.support.proofs import prove
from tests.support.races import all_at_once
from tests.support.world import NOW, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]

TOMORROW = NOW.replace(day=18)
SALES = 5


@pytest.fixture
def owing(world: World, account: BankAccount) -> BankAccount:
    """Five sales of € 1.00, a mandate, and nothing settled."""
    our_account()
    sign(account)
    pays_often(account)
    for _ in range(SALES):
        sell(world.till, account, 100)
    return account


def said(act: Callable[[], object]) -> Callable[[int], str]:
    return lambda _number: str(act())


def test_many_planners_announce_one_collection(owing: BankAccount) -> None:
    counted = all_at_once(said(plan))
    assert counted == {"1": 1, "0": 63}
    assert Collection.objects.get().amount == 500
    prove()


def test_many_senders_make_one_file(owing: BankAccount) -> None:
    plan()
    counted = all_at_once(said(lambda: len(send())))
    assert counted == {"1": 1, "0": 63}
    assert OutgoingFile.objects.count() == 1
    assert held(owed_by(owing)) == 0
    prove()


def test_many_orders_make_one_payout(world: World, owing: BankAccount) -> None:
    counted = all_at_once(said(lambda: len(pay_out(TOMORROW))))
    assert counted == {"1": 1, "0": 63}
    assert [payout.amount for payout in payouts()] == [500]
    assert held(owed_to(world.till)) == 0
    prove()


def test_many_senders_hand_a_file_over_once(owing: BankAccount, tmp_path: Path) -> None:
    plan()
    (file_id,) = send()
    folder = BankFolder(tmp_path)
    counted = all_at_once(
        said(lambda: deliver_file(file_id=file_id, gateway=folder, now=NOW, actor=SYSTEM))
    )
    assert counted == {"sent": 1, "None": 63}
    assert len(outgoing(folder)) == 1


def test_a_folder_takes_a_file_once_from_many(db: None, tmp_path: Path) -> None:
    folder = BankFolder(tmp_path)
    folder.incoming()

    def hand_over(_number: int) -> str:
        try:
            folder.deliver(name="a.xml", content=b"one")
        except Exception as error:  # noqa: BLE001 -- counted
            return type(error).__name__
        return "handed over"

    counted = all_at_once(hand_over)
    assert set(counted) <= {"handed over", "GatewayError"}
    assert counted["handed over"] >= 1
    assert [path.read_bytes() for path in outgoing(folder)] == [b"one"]
    assert list((folder.root / "staging").iterdir()) == []


def test_sales_and_gathering_at_once_lose_nothing(world: World, owing: BankAccount) -> None:
    def act(number: int) -> str:
        if number % 4:
            sell(world.till, owing, 100)
        else:
            gather_items()
        return "done"

    assert all_at_once(act) == {"done": 64}
    gather_items()
    assert CollectionItem.objects.count() == SALES + 48
    with operator_scope("the test looks"):
        assert PayoutItem.objects.count() == SALES + 48
    prove()


def test_a_mark_from_another_server_looks_at_everything_again(owing: BankAccount) -> None:
    SettlementMark.objects.create(pk=1, through=9_000_000_000_000)
    gather_items()
    gather_items()
    assert CollectionItem.objects.count() == SALES

    # Only past what is finished on the whole server, where other tests run as well.
    def is_marked_anew() -> bool:
        gather_items()
        return bool(SettlementMark.objects.get().through != 9_000_000_000_000)

    assert wait_until(is_marked_anew, seconds=60)
    assert CollectionItem.objects.count() == SALES
