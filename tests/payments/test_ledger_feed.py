"""The feed of a merchant's own entries: none twice, none left out, none of another's."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from django.db import connection

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import call, transaction
from okplatform.kernel.modes import Mode
from okplatform.parties.actions.issue_api_key import issue_api_key
from okplatform.parties.scopes import Scope
from payments.actions.prepare_ledger import prepare_ledger
from payments.models import BankAccount
from tests.payments.books import bank_account, close, sell, take
from tests.payments.fees import NEXT_MONTH, accrue, invoice_all, plan
from tests.payments.settling import our_account, pay_out, payouts
from tests.support.watermark import all_older_ended
from tests.support.world import NOW, Shop, World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]
ADDRESS = "/api/v1/ledger-entries"
FIRSTS = (100, 200, 300, 400)


@pytest.fixture(autouse=True)
def ledger(db: None) -> None:
    prepare_ledger(now=NOW)


def key(shop: Shop, mode: str = Mode.LIVE, scope: Scope = Scope.LEDGER_READ) -> str:
    return issue_api_key(
        merchant_id=shop.merchant.pk,
        mode=mode,
        name="Boekhouding",
        scopes={scope},
        actor=SYSTEM,
        now=NOW,
    ).text


def read(world: World, with_key: str, **asked: Any) -> Any:
    answer = world.api(with_key).get(ADDRESS, asked)
    assert answer.status_code == 200, answer.content
    return answer.json()


def all_of(world: World, with_key: str, limit: int = 2) -> list[Any]:
    """Follow the feed to its end."""
    all_older_ended()
    found: list[Any] = []
    page = read(world, with_key, limit=limit)
    while page["entries"]:
        found += page["entries"]
        page = read(world, with_key, limit=limit, after=page["next"])
    return found


def test_everything_of_the_account_comes_by_once_and_says_what_it_was(
    world: World, account: BankAccount
) -> None:
    plan()
    our_account()
    for amount in (1_840, 995):
        sell(world.till, account, amount)
    accrue()
    (invoice,) = invoice_all()
    pay_out(NEXT_MONTH.replace(day=2))
    sell(world.gouda, account, 700)

    entries = all_of(world, key(world.bol))

    assert [(one["kind"], one["amount"]) for one in entries] == [
        ("sale_paid", 1_840),
        ("sale_paid", 995),
        ("invoice_issued", -invoice.gross),
        ("payout_ordered", -(2_835 - invoice.gross)),
    ]
    assert entries[0]["sale"]
    assert entries[2]["invoice"] == invoice.number
    assert entries[3]["payout"] == payouts()[0].end_to_end_id
    assert {one["currency"] for one in entries} == {"EUR"}
    assert len({one["cursor"] for one in entries}) == 4


def test_what_is_new_comes_behind_the_cursor_that_was_kept(
    world: World, account: BankAccount
) -> None:
    till_key = key(world.bol)
    sell(world.till, account, 100)
    all_older_ended()
    first = read(world, till_key)
    assert (len(first["entries"]), first["more"]) == (1, False)
    again = read(world, till_key, after=first["next"])
    assert (again["entries"], again["next"]) == ([], first["next"])
    sell(world.till, account, 200)
    all_older_ended()
    assert [one["amount"] for one in read(world, till_key, after=first["next"])["entries"]] == [200]


def test_live_and_test_do_not_meet(world: World, account: BankAccount) -> None:
    sell(world.till, account, 100)
    tessas, place = bank_account(world.tessa), world.till
    with transaction():
        sale_id = close(place, ("ok", 300), mode=Mode.TEST)
        take(sale_id, place, tessas, 300, mode=Mode.TEST)
    assert [one["amount"] for one in all_of(world, key(world.bol, Mode.TEST))] == [300]
    assert [one["amount"] for one in all_of(world, key(world.bol))] == [100]


def test_whoever_commits_last_is_not_left_out(world: World, account: BankAccount) -> None:
    """A slow sale holds the feed back until it is there; none that came later overtakes it."""
    place, till_key, bobs = world.till, key(world.bol), bank_account(world.bob)
    began, go_on = Event(), Event()
    for payer in (account, bobs):
        sell(place, payer, 3)  # opens the accounts, which one sale does for all
    all_older_ended()
    after = read(world, till_key)["next"]

    def slow_sale() -> None:
        with transaction():
            take(close(place, ("ok", 1)), place, account, 1)
            call("SELECT 1")
            began.set()
            assert go_on.wait(timeout=30)
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(slow_sale)
        assert began.wait(timeout=30)
        sell(place, bobs, 2)
        held_back = read(world, till_key, after=after)
        go_on.set()
        slow.result()

    assert held_back["entries"] == []
    found = all_of(world, till_key, limit=1)
    assert [one["amount"] for one in found] == [3, 3, 1, 2]


def test_readers_beside_writers_see_each_entry_once(world: World, account: BankAccount) -> None:
    place, till_key, done = world.till, key(world.bol), Event()
    accounts = [account, *(bank_account(one) for one in (world.bob, world.sam, world.anna))]
    seen: list[int] = []

    def follow() -> None:
        after = ""
        while not done.is_set():
            page = read(world, till_key, after=after)
            seen.extend(one["amount"] for one in page["entries"])
            after = page["next"]
        all_older_ended()
        while (page := read(world, till_key, after=after))["entries"]:
            seen.extend(one["amount"] for one in page["entries"])
            after = page["next"]
        connection.close()

    def write(first: int, payer: BankAccount) -> None:
        for amount in range(first, first + 20):
            sell(place, payer, amount)
        connection.close()

    with ThreadPoolExecutor(5) as pool:
        reading = pool.submit(follow)
        for writing in [pool.submit(write, *work) for work in zip(FIRSTS, accounts, strict=True)]:
            writing.result()
        done.set()
        reading.result()

    assert sorted(seen) == [first + n for first in FIRSTS for n in range(20)]


@pytest.mark.parametrize("asked", [{"limit": "0"}, {"limit": "1001"}, {"limit": "x"}])
def test_a_limit_that_is_none_is_refused_by_name(world: World, asked: dict[str, str]) -> None:
    answer = world.api(key(world.bol)).get(ADDRESS, asked)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert answer.json()["errors"][0]["field"] == "limit"


@pytest.mark.parametrize("after", ["x", "1-2", "1-2-3-4", "-1-2-3", f"{10**20 - 1}-1-1"])
def test_a_cursor_that_is_none_is_refused(world: World, after: str) -> None:
    answer = world.api(key(world.bol)).get(ADDRESS, {"after": after})
    assert (answer.status_code, answer.json()["code"]) == (422, "cursor_unknown")


def test_a_cursor_of_another_server_is_refused(world: World) -> None:
    answer = world.api(key(world.bol)).get(ADDRESS, {"after": f"{2**63}-1-1"})
    assert (answer.status_code, answer.json()["code"]) == (410, "cursor_outdated")


def test_a_till_may_not_read_the_ledger(world: World) -> None:
    answer = world.api(world.till.key).get(ADDRESS)
    assert (answer.status_code, answer.json()["scope"]) == (403, "ledger:read")
    assert world.api("ok_live_nonsense").get(ADDRESS).status_code == 401
