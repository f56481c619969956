"""The kit's log of a dark till: it stops at the allowance, outlives its power, and sends it all."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pytest_django.live_server_helper import LiveServer

from ok_till import Client, JournalInUseError, NotAllowedError, OfflineLog
from okplatform.kernel import clock
from okplatform.kernel.db import call
from tests.support.counter import BREAD, COFFEE, settle_events, show, with_bank_account
from tests.support.dark import allow
from tests.support.phone import Phone
from tests.support.proofs import prove
from tests.support.world import World

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]

LogMaker = Callable[..., OfflineLog]


@pytest.fixture
def log_at(live_server: LiveServer, world: World, tmp_path: Path) -> Iterator[LogMaker]:
    """Open the till's log; ``address`` None is a line that leads nowhere."""
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    with ExitStack() as opened:

        def make(*, address: str = live_server.url) -> OfflineLog:
            client = Client(address, world.till.key)
            log = OfflineLog(client, tmp_path / "dark.log", public_key=public, sign=key.sign)
            opened.callback(client.close)
            opened.callback(log.close)
            return log

        yield make


@pytest.fixture
def phone(world: World) -> Phone:
    return with_bank_account(world.alice)


def basket(code: str, *lines: dict[str, Any]) -> dict[str, Any]:
    return {"currency": "EUR", "code": code, "lines": [*(lines or (BREAD, COFFEE))]}


def refused(log: OfflineLog, sold: dict[str, Any], **time: float) -> str:
    with pytest.raises(NotAllowedError) as stopped:
        log.sell(sold, at=clock.now() + timedelta(**time))
    return stopped.value.reason


def test_it_sells_within_its_allowance_and_sends_it_all_after_a_power_cut(
    log_at: LogMaker, world: World, phone: Phone
) -> None:
    log = log_at()
    assert refused(log, basket(show(phone))) == "no_allowance"
    log.register()
    assert refused(log, basket(show(phone))) == "no_allowance"
    allow(world.till, per_sale=1_100, in_all=2_200, hours=2)
    assert log.refresh()["allowed"]
    code = show(phone)
    sold = [log.sell(basket(code), at=clock.now())]
    assert refused(log, basket(code)) == "code_used"
    assert refused(log, basket("123")) == "code_malformed"
    assert refused(log, basket(show(phone), BREAD, BREAD, BREAD)) == "over_sale_limit"
    assert refused(log, basket(show(phone)), hours=3) == "dark_too_long"
    with pytest.raises(JournalInUseError):
        log_at()
    log.close()
    # The power was gone, and the line is: nothing arrives, nothing is forgotten.
    nowhere = log_at(address="http://127.0.0.1:1")
    sold.append(nowhere.sell(basket(show(phone)), at=clock.now()))
    assert refused(nowhere, basket(show(phone))) == "over_allowance"
    assert nowhere.send() == {}
    nowhere.close()
    log = log_at()
    assert [uuid for uuid, _body in log.waiting()] == sold
    told = log.send()
    assert [told[uuid]["booked_as"] for uuid in sold] == ["paid", "paid"]  # type: ignore[index]
    assert (log.waiting(), log.send()) == ([], {})
    (seen,) = log.refresh()["logs"]
    assert (seen["last_sequence"], seen["gaps"], seen["breaks"]) == (2, [], [])
    assert call("SELECT count(*) FROM payments_payment") == [(2,)]
    settle_events()
    prove()


def test_a_code_that_nobody_shows_is_told_as_a_loss(log_at: LogMaker, world: World) -> None:
    allow(world.till)
    log = log_at()
    log.register()
    uuid = log.sell(
        basket("".join(secrets.choice("0123456789") for _ in range(22))), at=clock.now()
    )
    (answer,) = log.send().values()
    assert isinstance(answer, dict)
    assert (answer["uuid"], answer["booked_as"]) == (uuid, "loss")
    assert log.waiting() == []
    prove()
