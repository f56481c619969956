"""Replaying baskets through the real till API of a running server."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from pytest_django.live_server_helper import LiveServer

from demo.loading.world import load_world
from demo.world import JOURNEY, KRAMER
from okplatform.kernel import clock, relay
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.models import Merchant
from okplatform.trade.models import Sale, Tender
from tests.support.proofs import prove
from wallet.models import Device

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def file(small_sample: int, tmp_path: Path, live_server: LiveServer) -> Path:
    world = load_world([], clock.now(), str)
    path = tmp_path / "demo.json"
    path.write_text(json.dumps({"base_url": live_server.url} | world))
    return path


def replay(file: Path, **options: Any) -> str:
    out = StringIO()
    call_command("replay", file=file, speed=200, stdout=out, **options)
    return out.getvalue()


def merchant_id(reference: str) -> int:
    return Merchant.objects.get(reference=reference).pk


def test_baskets_are_sold_through_the_till_api_some_of_them_with_ok(file: Path) -> None:
    with merchant_scope(merchant_id(JOURNEY)):
        before = Sale.objects.count()
    said = replay(file, baskets=24, phones=3)
    assert "24 sold" in said
    assert "refused" not in said
    with merchant_scope(merchant_id(JOURNEY)):
        assert Sale.objects.count() == before + 24
        assert Tender.objects.filter(kind="ok").exists()
    while relay.drain():
        pass
    prove()


def test_the_phones_of_a_replay_are_blocked_when_it_ends(file: Path) -> None:
    replay(file, merchant=KRAMER, baskets=3, phones=2)
    assert not Device.objects.filter(blocked_at=None).exists()


def test_without_phones_people_pay_in_another_way(file: Path) -> None:
    with merchant_scope(merchant_id(KRAMER)):
        before = Tender.objects.filter(kind="ok").count()
    assert "6 sold" in replay(file, merchant=KRAMER, baskets=6, phones=0)
    with merchant_scope(merchant_id(KRAMER)):
        assert Tender.objects.filter(kind="ok").count() == before


def test_keys_of_another_world_are_named_as_the_cause(file: Path) -> None:
    world = json.loads(file.read_text())
    for row in world["api_keys"]:
        row["key"] = row["key"][:-1] + ("a" if row["key"][-1] != "a" else "b")
    file.write_text(json.dumps(world))
    with pytest.raises(CommandError, match="load_demo"):
        replay(file, baskets=3, phones=0)


def test_a_server_that_does_not_answer_is_counted_as_such(file: Path) -> None:
    said = replay(file, baskets=1, phones=0, base_url="http://127.0.0.1:9")
    assert "0 sold" in said
    assert "1 refused as no_answer" in said
