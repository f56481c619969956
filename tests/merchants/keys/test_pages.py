"""The console's pages of keys: who may, a key shown once, limits, rotation, revoking."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.models import AuditEntry
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.actions.create_partner import create_partner
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.api_keys import new_prefix
from okplatform.parties.models import ApiKey, Partner, PartnerGrant, Person, Role
from tests.support.signing_in import WHILE, sign_in
from tests.support.world import World

pytestmark = pytest.mark.django_db

LIST = "/console/boekhandel-kramer/keys/"
NEW = f"{LIST}new/"
VENDORS = f"{LIST}vendors/"
KEY = re.compile(r"ok_(?:live|test)_[A-Za-z0-9]{12}_[A-Za-z0-9]{43}")
LIMITS = {"networks": "", "calls_per_minute": "", "refunds_a_day": "", "refunds_a_reference": ""}


@pytest.fixture
def owner(world: World) -> Client:
    """Olga, who has just shown that it is her."""
    return sign_in(Client(), world.olga)


@pytest.fixture
def vendor() -> Partner:
    """A till vendor that OK knows."""
    return create_partner(reference="kassabouw", name="Kassabouw", actor=SYSTEM)


def works(world: World, person: Person, role: str, store_id: int | None = None) -> Client:
    """Let somebody work at the bookshop; return their browser."""
    grant_membership(
        person_id=person.pk,
        merchant_id=world.kramer.merchant.pk,
        role=role,
        store_id=store_id,
        actor=SYSTEM,
    )
    return sign_in(Client(), person)


def asked(**other: Any) -> dict[str, Any]:
    return {
        "key_prefix": new_prefix(),
        "name": "Kassa bij de deur",
        "mode": "live",
        "place": "",
        "scopes": ["sales:read", "sales:write"],
        **other,
    }


def page(client: Client, address: str = LIST) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def made(client: Client, **other: Any) -> tuple[str, ApiKey]:
    """Make a key; return its text and its row."""
    answer = client.post(NEW, asked(**other))
    assert answer.status_code == 200, answer.content.decode()
    (text,) = KEY.findall(answer.content.decode())
    return text, keys()[-1]


def keys() -> list[ApiKey]:
    with operator_scope("the test looks"):
        return list(ApiKey.objects.order_by("pk"))


def status(world: World, key: str) -> tuple[int, str | None]:
    answer = world.api(key).get("/api/v1/payments")
    return answer.status_code, answer.json().get("code")


def test_an_owner_makes_a_key_and_sees_it_once(owner: Client, world: World) -> None:
    assert "Nog geen sleutels" in page(owner)
    form = asked(place=f"till-{world.haarlem.store.pk}-{world.haarlem.terminal.pk}")
    answer = owner.post(NEW, form)
    assert answer["Cache-Control"] == "no-store"
    (text,) = KEY.findall(answer.content.decode())
    assert status(world, text)[0] == 200

    (key,) = keys()
    assert (key.store_id, key.terminal_id) == (world.haarlem.store.pk, world.haarlem.terminal.pk)
    shown = page(owner)
    for words in ("Kassa bij de deur", key.prefix, "Haarlem, Kassa 1", "Olga Kramer"):
        assert words in shown
    for address in (LIST, f"{LIST}{key.pk}/"):
        assert not KEY.search(page(owner, address))
    # The page sent again makes nothing, and shows nothing.
    assert owner.post(NEW, form)["Location"] == LIST
    assert len(keys()) == 1
    entry = AuditEntry.objects.get(action="api_key_issued")
    assert entry.actor_kind == "membership"
    assert text.rsplit("_", 1)[1] not in str(entry.data)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"name": ""}, "field-error"),
        ({"scopes": []}, "Kies minstens"),
        ({"scopes": ["sales:explode"]}, "sales:explode"),
        ({"mode": "both"}, "both"),
        ({"place": "store-0"}, "store-0"),
        ({"scopes": ["test:codes"]}, "Alleen een testsleutel"),
        ({"key_prefix": "short"}, ""),
    ],
)
def test_what_does_not_fit_is_said_and_no_key_is_made(
    owner: Client, said: dict[str, Any], told: str
) -> None:
    answer = owner.post(NEW, asked(**said))
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert keys() == []


def test_where_a_key_was_used_is_a_network_and_no_address(owner: Client, world: World) -> None:
    text, key = made(owner)
    assert "nooit gebruikt" in page(owner)
    world.api(text).get("/api/v1/payments", REMOTE_ADDR="84.22.33.44")
    shown = page(owner, f"{LIST}{key.pk}/")
    assert "84.22.33.0/24" in shown
    assert "84.22.33.44" not in shown


def test_limits_hold_from_the_next_call_and_can_be_seen(owner: Client, world: World) -> None:
    text, key = made(owner)
    detail = f"{LIST}{key.pk}/"
    said = {
        "networks": "203.0.113.7, 2001:db8::/48",
        "calls_per_minute": "60",
        "refunds_a_day": "25.50",
        "refunds_a_reference": "0",
    }
    assert owner.post(detail, {"act": "limit", **said})["Location"] == detail
    assert status(world, text) == (403, "caller_not_allowed")
    (key,) = keys()
    assert key.networks == ["203.0.113.7/32", "2001:db8::/48"]
    limits = (key.calls_per_minute, key.refunds_a_day, key.refunds_a_reference)
    assert limits == (60, 2_550, 0)
    assert "203.0.113.7/32" in page(owner, detail)
    entry = AuditEntry.objects.get(action="api_key_limited")
    assert entry.data["before"]["networks"] == []
    assert entry.data["after"]["refunds_a_day"] == 2_550

    owner.post(detail, {"act": "limit", **LIMITS})
    assert status(world, text)[0] == 200


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"networks": "winkel"}, "“winkel”"),
        ({"networks": "10.0.0.0/33"}, "10.0.0.0/33"),
        ({"calls_per_minute": "0"}, "field-error"),
        ({"refunds_a_day": "-1"}, "field-error"),
        ({"refunds_a_day": "1.005"}, "field-error"),
    ],
)
def test_limits_that_are_none_are_refused(owner: Client, said: dict[str, str], told: str) -> None:
    _text, key = made(owner)
    answer = owner.post(f"{LIST}{key.pk}/", {"act": "limit", **LIMITS, **said})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not AuditEntry.objects.filter(action="api_key_limited").exists()


def test_a_key_has_only_so_many_networks(owner: Client) -> None:
    _text, key = made(owner)
    networks = "\n".join(f"203.0.113.{number}" for number in range(51))
    owner.post(f"{LIST}{key.pk}/", {"act": "limit", **LIMITS, "networks": networks})
    assert "hooguit 50 netwerken" in page(owner)
    assert keys()[0].networks == []


def test_a_new_key_takes_the_place_of_the_old_one(owner: Client, world: World) -> None:
    text, key = made(owner)
    detail = f"{LIST}{key.pk}/"
    owner.post(detail, {"act": "limit", **LIMITS, "refunds_a_day": "10"})
    answer = owner.post(detail, {"act": "rotate", "days": "7"})
    assert answer["Cache-Control"] == "no-store"
    (new,) = KEY.findall(answer.content.decode())
    assert (status(world, text)[0], status(world, new)[0]) == (200, 200)
    old, successor = keys()
    assert old.rotated_at is not None
    assert old.ends_at == old.rotated_at + timedelta(days=7)
    assert (successor.origin_id, successor.refunds_a_day) == (old.pk, 1_000)
    assert successor.scopes == old.scopes
    # The page sent again makes no third one.
    assert owner.post(detail, {"act": "rotate", "days": "7"}).status_code == 302
    assert len(keys()) == 2
    # And the old one may still be ended before its time.
    owner.post(detail, {"act": "revoke"})
    assert status(world, text) == (401, "key_revoked")
    assert status(world, new)[0] == 200


@pytest.mark.parametrize("days", ["8", "-1", "", "x"])
def test_no_overlap_is_longer_than_offered(owner: Client, days: str) -> None:
    _text, key = made(owner)
    assert owner.post(f"{LIST}{key.pk}/", {"act": "rotate", "days": days}).status_code == 422
    assert len(keys()) == 1


def test_a_revoked_key_is_refused_at_once_and_for_good(owner: Client, world: World) -> None:
    text, key = made(owner)
    detail = f"{LIST}{key.pk}/"
    owner.post(detail, {"act": "revoke"})
    assert status(world, text) == (401, "key_revoked")
    for act in ({"act": "limit", **LIMITS}, {"act": "rotate", "days": "1"}):
        owner.post(detail, act)
    assert len(keys()) == 1
    shown = page(owner, detail)
    assert "ingetrokken" in shown
    assert 'value="revoke"' not in shown
    assert owner.post(detail, {"act": "explode"}).status_code == 404


def test_who_may(owner: Client, world: World) -> None:
    _text, key = made(owner)
    detail = f"{LIST}{key.pk}/"
    manager = works(world, world.alice, Role.MANAGER)
    cashier = works(world, world.bob, Role.CASHIER)
    finance = works(world, world.anna, Role.FINANCE)
    stranger = sign_in(Client(), world.charlie)
    for client, answer in ((manager, 200), (cashier, 403), (finance, 403), (stranger, 404)):
        for address in (LIST, NEW, detail):
            assert client.get(address).status_code == answer
    for client in (manager, cashier, stranger):
        assert client.get(VENDORS).status_code in (403, 404)
    for client in (cashier, finance, stranger, Client()):
        for act in ("limit", "rotate", "revoke"):
            refused = client.post(detail, {"act": act, "days": "0", **LIMITS})
            assert refused.status_code in (302, 403, 404)
        client.post(NEW, asked())
    (same,) = keys()
    assert (same.revoked_at, same.rotated_at) == (None, None)


def test_a_neighbours_key_is_not_there(owner: Client, world: World) -> None:
    theirs = world.gouda.issue_key()
    detail = f"{LIST}{theirs.id}/"
    assert owner.get(detail).status_code == 404
    for act in ("limit", "rotate", "revoke"):
        assert owner.post(detail, {"act": act, "days": "0", **LIMITS}).status_code == 404
    assert status(world, theirs.text)[0] == 200


def test_a_manager_of_one_store_has_the_keys_of_that_store(owner: Client, world: World) -> None:
    leiden, haarlem = world.leiden.store.pk, world.haarlem.store.pk
    manager = works(world, world.alice, Role.MANAGER, store_id=leiden)
    _text, everywhere = made(owner, name="Hele keten")
    _text, elsewhere = made(owner, name="Haarlem", place=f"store-{haarlem}")
    for key in (everywhere, elsewhere):
        assert manager.get(f"{LIST}{key.pk}/").status_code == 404
        assert manager.post(f"{LIST}{key.pk}/", {"act": "revoke"}).status_code == 404
    assert "Hele keten" not in page(manager)
    for place in ("", f"store-{haarlem}"):
        assert manager.post(NEW, asked(place=place)).status_code == 422
    _text, own = made(manager, place=f"store-{leiden}")
    assert own.store_id == leiden
    assert manager.get(f"{LIST}{own.pk}/").status_code == 200


def test_a_manager_makes_no_key_that_reads_the_books(owner: Client, world: World) -> None:
    manager = works(world, world.alice, Role.MANAGER)
    assert "ledger:read" in page(owner, NEW)
    assert "ledger:read" not in page(manager, NEW)
    assert manager.post(NEW, asked(scopes=["ledger:read"])).status_code == 422
    _text, key = made(owner, scopes=["ledger:read"])
    detail = f"{LIST}{key.pk}/"
    assert 'value="rotate"' not in page(manager, detail)
    assert manager.post(detail, {"act": "rotate", "days": "1"}).status_code == 403
    assert len(keys()) == 1


def test_who_signed_in_a_while_ago_shows_again_that_it_is_them(owner: Client, world: World) -> None:
    _text, key = made(owner)
    stale = sign_in(Client(), world.olga, ago=WHILE)
    assert stale.get(LIST).status_code == 200
    assert "reauthenticate" in stale.get(NEW)["Location"]
    for address, form in (
        (NEW, asked()),
        (f"{LIST}{key.pk}/", {"act": "revoke"}),
        (VENDORS, {"act": "grant"}),
    ):
        assert "reauthenticate" in stale.post(address, form)["Location"]
    assert len(keys()) == 1
    assert keys()[0].revoked_at is None


def grant_of(vendor: Partner) -> PartnerGrant:
    with operator_scope("the test looks"):
        return PartnerGrant.objects.get(partner=vendor)


def test_an_owner_lets_a_till_vendor_act_and_stops_it(owner: Client, vendor: Partner) -> None:
    said = {"act": "grant", "reference": "kassabouw", "live": ["sales:read"], "test": []}
    said["refunds_a_day"] = "100"
    assert owner.post(VENDORS, said)["Location"] == VENDORS
    grant = grant_of(vendor)
    assert (grant.live_scopes, grant.test_scopes) == (["sales:read"], [])
    assert (grant.refunds_a_day, grant.refunds_a_reference) == (10_000, None)
    assert AuditEntry.objects.get(action="partner_granted").actor_kind == "membership"
    assert "Kassabouw" in page(owner, VENDORS)
    assert 'value="kassabouw"' in page(owner, f"{VENDORS}?vendor=kassabouw")

    owner.post(VENDORS, {"act": "withdraw", "vendor": "kassabouw"})
    assert grant_of(vendor).withdrawn_at is not None
    assert "niet meer toegelaten" in page(owner, VENDORS)
    assert AuditEntry.objects.filter(action="partner_withdrawn").count() == 1
    owner.post(VENDORS, said)
    assert grant_of(vendor).withdrawn_at is None


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"reference": "nobody"}, "kent geen kassaleverancier"),
        ({"reference": "kassa\0bouw"}, "field-error"),
        ({"live": []}, "Kies minstens"),
        ({"live": ["test:codes"]}, "field-error"),
        ({"refunds_a_day": "-1"}, "field-error"),
    ],
)
@pytest.mark.usefixtures("vendor")
def test_what_a_vendor_cannot_be_allowed(owner: Client, said: dict[str, Any], told: str) -> None:
    form = {"act": "grant", "reference": "kassabouw", "live": ["sales:read"], **said}
    answer = owner.post(VENDORS, form)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert owner.post(VENDORS, {"act": "withdraw", "vendor": "nobody"}).status_code == 404
    assert owner.post(VENDORS, {"act": "explode"}).status_code == 404
    with operator_scope("the test looks"):
        assert not PartnerGrant.objects.exists()


def test_only_the_owner_lets_a_vendor_act(world: World, vendor: Partner) -> None:
    form = {"act": "grant", "reference": vendor.reference, "live": ["sales:read"]}
    clients = [works(world, world.alice, Role.MANAGER), works(world, world.bob, Role.CASHIER)]
    for client in [*clients, sign_in(Client(), world.charlie), Client()]:
        assert client.post(VENDORS, form).status_code in (302, 403, 404)
    with operator_scope("the test looks"):
        assert not PartnerGrant.objects.exists()


def test_a_key_that_nobody_used_for_long_is_named(owner: Client) -> None:
    _text, key = made(owner)
    with operator_scope("the test"):
        ApiKey.objects.filter(pk=key.pk).update(created_at=clock.now() - timedelta(days=91))
    assert "90 dagen niet gebruikt" in page(owner)
