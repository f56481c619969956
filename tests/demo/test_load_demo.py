"""The demo world: there after one command, unchanged by the next."""

import json
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Sum
from django.test import Client

from demo.loading.world import load_world
from demo.world import CIRCLE, JOURNEY, MERCHANTS, PEOPLE, STAFF
from okplatform.kernel import clock, relay
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import merchant_scope, operator_scope, person_scope
from okplatform.parties.actions.key_refusals import KeyRevoked
from okplatform.parties.actions.use_api_key import use_api_key
from okplatform.parties.models import Merchant, Person
from okplatform.trade.models import Sale, Tender
from tests.support.proofs import prove
from wallet.actions.withdraw_consent import withdraw_consent
from wallet.card_access import cards_for, shared_by
from wallet.cards import Wanted
from wallet.models import Consent, Device, Purpose, Receipt

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_sample")]

UNTOUCHED = ("django_migrations", "parties_apikey")


def load(path: Path) -> dict[str, Any]:
    call_command("load_demo", file=path)
    world: dict[str, Any] = json.loads(path.read_text())
    return world


def rows_by_table() -> dict[str, int]:
    with connection.cursor() as cursor:
        tables = [t for t in connection.introspection.table_names(cursor) if t not in UNTOUCHED]
        counts = {}
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608 # names from PostgreSQL
            counts[table] = cursor.fetchone()[0]
    return counts


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "demo.json"


def test_everybody_in_the_file_can_sign_in(file: Path) -> None:
    world = load(file)
    assert len(world["people"]) == len(PEOPLE)
    assert len(world["staff"]) == len(STAFF) + 1
    for person in world["people"] + world["staff"]:
        assert authenticate(email=person["email"], password=person["password"])
    assert {row["role"] for row in world["staff"]} == {
        "office",
        "owner",
        "manager",
        "finance",
        "marketer",
        "cashier",
    }


def test_every_key_in_the_file_signs_in_the_till_it_names(file: Path) -> None:
    world = load(file)
    for row in world["api_keys"]:
        till = use_api_key(key=row["key"], now=clock.now())
        assert (till.mode, till.store_reference, till.terminal_reference) == (
            row["mode"],
            row["store"],
            row["terminal"],
        )
        assert sorted(till.scopes) == row["scopes"]
    assert {row["mode"] for row in world["api_keys"]} == {"live", "test"}
    assert {row["merchant"] for row in world["api_keys"]} == {m.reference for m in MERCHANTS}


def test_only_the_owner_of_the_machine_can_read_the_file(file: Path) -> None:
    load(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_the_address_of_a_running_server_comes_from_the_environment(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BASE_URL", "http://localhost:8123")
    assert load(file)["base_url"] == "http://localhost:8123"


def test_the_past_of_journey_markt_is_the_samples_to_the_cent(
    file: Path, small_sample: int
) -> None:
    load(file)
    with merchant_scope(Merchant.objects.get(reference=JOURNEY).pk):
        assert Sale.objects.aggregate(paid=Sum("due"))["paid"] == small_sample
        assert not Sale.objects.filter(closed_at__gt=clock.now()).exists()


def test_everything_that_can_be_proved_holds_after_a_load(file: Path) -> None:
    load(file)
    while relay.drain():
        pass
    prove()


def test_a_new_demo_has_receipts_paid_with_ok_and_no_phone_left_behind(file: Path) -> None:
    load(file)
    while relay.drain():
        pass
    alice = Person.objects.get(email="alice@example.com")
    with operator_scope("what OK paid"):
        paid_with_ok = list(Tender.objects.filter(kind="ok").values_list("sale_id", flat=True))
    with person_scope(alice.pk):
        assert Receipt.objects.filter(sale_id__in=paid_with_ok).count() == 2
    assert Device.objects.exists()
    assert not Device.objects.filter(blocked_at=None).exists()


def test_a_new_demo_has_cards_and_one_of_them_in_the_family(file: Path) -> None:
    load(file)
    alice, bob = (Person.objects.get(email=f"{who}@example.com") for who in ("alice", "bob"))
    own = {card.name: card for card in cards_for(alice.pk, Wanted())}
    assert len(own) == 5
    shared = {card.name: card for card in cards_for(bob.pk, Wanted())}["Boekenbon"]
    assert shared_by(shared) == alice.name
    assert shared.balance == own["Boekenbon"].balance == 5000 - 1795 - 1250
    assert (shared.note, own["Boekenbon"].note != "") == ("", True)


def test_a_new_demo_has_shops_and_a_family_that_share_points(file: Path) -> None:
    load(file)
    while relay.drain():
        pass
    alice, bob = (Person.objects.get(email=f"{who}@example.com") for who in ("alice", "bob"))
    for shopper, other in ((alice, "Bob Jansen"), (bob, "Alice de Vries")):
        browser = Client()
        browser.force_login(shopper)
        card = browser.get("/wallet/programmes/bakkerij-bol/").content.decode()
        assert CIRCLE.name in card
        assert other in browser.get("/wallet/programmes/bakkerij-bol/family/").content.decode()


def test_loading_again_changes_nothing(file: Path) -> None:
    now = clock.now()
    first = load_world([], now, str)
    before = rows_by_table()
    second = load_world(first["api_keys"], now, str)
    assert rows_by_table() == before
    assert second == first


def test_it_does_not_matter_how_postgresql_looks_the_tills_up(file: Path) -> None:
    """Once it has counted the stores, it reads tills in another order if nobody asks for one."""
    now = clock.now()
    first = load_world([], now, str)
    before = rows_by_table()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE parties_store")
    second = load_world(first["api_keys"], now, str)
    assert rows_by_table() == before
    assert second == first


def test_a_later_load_adds_the_days_in_between_and_nothing_else(file: Path) -> None:
    now = clock.now()
    keys = load_world([], now, str)["api_keys"]
    before = rows_by_table()
    load_world(keys, now + timedelta(days=3), str)
    after = rows_by_table()
    changed = {table for table in after if after[table] != before[table]}
    assert "trade_sale" in changed
    assert changed <= {
        "kernel_auditentry",
        "merchants_livefigure",
        "trade_sale",
        "trade_sale_line",
        "trade_tender",
        "wallet_receipt",
    }


def test_a_consent_that_was_withdrawn_stays_withdrawn(file: Path) -> None:
    load(file)
    alice = Person.objects.get(email="alice@example.com")
    bol = Merchant.objects.get(reference="bakkerij-bol")
    withdraw_consent(
        person_id=alice.pk,
        merchant_id=bol.pk,
        purpose=Purpose.IDENTITY,
        now=clock.now(),
        actor=SYSTEM,
    )
    load(file)
    with person_scope(alice.pk):
        assert not Consent.objects.filter(merchant_id=bol.pk, withdrawn_at=None).exists()


def test_keys_that_the_file_lost_are_revoked_and_issued_anew(file: Path) -> None:
    lost = load(file)["api_keys"][0]
    file.unlink()
    renewed = load(file)["api_keys"][0]
    assert renewed["key"] != lost["key"]
    with pytest.raises(KeyRevoked):
        use_api_key(key=lost["key"], now=clock.now())


def test_production_gets_no_demo(file: Path, settings: Any) -> None:
    settings.SESSION_COOKIE_SECURE = True
    for command in ("load_demo", "import_complete_journey", "replay"):
        with pytest.raises(CommandError, match="production"):
            call_command(command)
    assert not Person.objects.exists()
    assert not file.exists()
