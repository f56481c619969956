"""Where notifications go: browsers that somebody is signed in with, and for as long as they are."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from okplatform.kernel import clock, relay
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.invariants import Proof
from okplatform.kernel.models import AuditEntry
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import BrowserSession, Person
from tests.support.phone import Phone
from tests.support.proofs import prove
from tests.support.push_service import TURNED_ON, BrowserKeys, PushPhone, PushService, unpadded
from tests.support.world import PASSWORD
from tests.wallet.pushes import deliveries, notices, phones, send_due, settings_kept, tell, wake
from tests.wallet.test_leaving import DELETE, signed_in, taken_along
from wallet import invariants
from wallet.actions.block_device import block_device
from wallet.actions.enrol_device import enrol_device
from wallet.models import PushNotice
from wallet.models.push import MOST_PHONES
from wallet.push_texts import push_text

pytestmark = pytest.mark.django_db

HERE = "/wallet/you/notifications/"


def test_a_phone_is_on_after_one_post_and_off_after_another(
    push_service: PushService, alice: Person
) -> None:
    phone = push_service.browser().sign_in(alice)
    assert phone.client.get(TURNED_ON).json()["on"] is False
    assert phone.turn_on().status_code == 200
    told = phone.client.get(TURNED_ON).json()
    assert told["on"] is True
    assert len(told["key"]) == 87
    assert [one.endpoint for one in phones()] == [phone.endpoint]
    phone.client.delete(TURNED_ON)
    phone.client.delete(TURNED_ON)
    assert phones() == []
    said = AuditEntry.objects.filter(action__startswith="push_").values_list("action", flat=True)
    assert sorted(said) == ["push_turned_off", "push_turned_on"]


def test_strangers_turn_nothing_on(push_service: PushService, client: Client) -> None:
    phone = PushPhone(push_service, "/1", client=client)
    assert phone.turn_on().status_code == 401
    assert client.get(TURNED_ON).status_code == 401
    assert client.get(HERE).status_code == 302
    assert phones() == []


def test_what_the_browser_says_of_a_change_needs_its_token(
    push_service: PushService, alice: Person
) -> None:
    phone = push_service.browser()
    phone.client = Client(enforce_csrf_checks=True)
    phone.sign_in(alice)
    assert phone.turn_on().status_code == 403
    token = phone.client.get(TURNED_ON).json()["token"]
    answer = phone.client.post(
        TURNED_ON,
        phone.said,
        content_type="application/json",
        headers={"X-CSRFToken": token},
    )
    assert answer.status_code == 200


def test_a_browser_that_moves_is_known_by_its_new_address_only(
    push_service: PushService, alice: Person, now: datetime
) -> None:
    phone = push_service.phone(alice)
    wake(alice)
    tell(alice, now)
    phone.path, phone.keys = "/moved", BrowserKeys()
    assert phone.turn_on().status_code == 200
    assert [one.endpoint for one in phones()] == [phone.endpoint]
    assert send_due(now) == []
    tell(alice, now, about="2")
    assert send_due(now) == ["sent"]
    assert len(phone.shown) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"endpoint": "http://push.example.nl/1"},
        {"endpoint": "https://push.example.nl:8443/1"},
        {"endpoint": "https://10.0.0.1/1"},
        {"endpoint": "https://127.0.0.1/1"},
        {"endpoint": "https://localhost/1"},
        {"endpoint": "https://intranet/1"},
        {"endpoint": "https://[::ffff:10.0.0.1]/1"},
        {"endpoint": "https://user:word@push.example.nl/1"},
        {"endpoint": "https://push.example.nl/" + "a" * 500},
        {"endpoint": "ftp://push.example.nl/1"},
        {"endpoint": ""},
        {"p256dh": unpadded(b"\x04" + b"\x01" * 64)},
        {"p256dh": unpadded(b"\x02" * 33)},
        {"p256dh": "é"},
        {"p256dh": ""},
        {"auth": unpadded(b"x" * 15)},
        {"auth": "a"},
    ],
)
def test_what_is_no_public_push_service_with_its_keys_is_refused(
    push_service: PushService, alice: Person, settings: Settings, changed: dict[str, str]
) -> None:
    settings.OK_PUSH_LOOPBACK = False
    phone = push_service.browser().sign_in(alice)
    usual = {"endpoint": "https://push.example.nl/1"}
    answer = phone.turn_on(**{**usual, **changed})
    assert (answer.status_code, answer.json()["code"]) == (422, "push_not_possible")
    assert phones() == []
    assert settings_kept() == []


def test_a_public_one_is_taken(push_service: PushService, alice: Person) -> None:
    phone = push_service.browser().sign_in(alice)
    for endpoint in ("https://push.example.nl/1", "https://push.example.nl:443/2"):
        assert phone.turn_on(endpoint=endpoint).status_code == 200


def test_a_field_that_nobody_knows_is_refused(push_service: PushService, alice: Person) -> None:
    assert push_service.browser().sign_in(alice).turn_on(person=7).status_code == 422


def test_whoever_knows_an_address_and_not_its_secret_takes_nothing_over(
    push_service: PushService, alice: Person, bob: Person
) -> None:
    hers = push_service.phone(alice)
    his = PushPhone(push_service, hers.path).sign_in(bob)
    assert his.turn_on().json()["code"] == "push_not_possible"
    assert [one.person_id for one in phones()] == [alice.pk]


def test_a_browser_that_somebody_else_signs_in_with_shows_theirs_only(
    push_service: PushService, alice: Person, bob: Person, now: datetime
) -> None:
    hers = push_service.phone(alice)
    wake(alice)
    tell(alice, now)
    his = PushPhone(push_service, hers.path, keys=hers.keys).sign_in(bob)
    assert his.turn_on().status_code == 200
    assert [one.person_id for one in phones()] == [bob.pk]
    assert send_due(now) == []
    assert hers.received == []
    prove()


def test_ten_phones_are_enough(push_service: PushService, alice: Person) -> None:
    for _phone in range(MOST_PHONES):
        push_service.phone(alice)
    one_more = push_service.browser().sign_in(alice)
    answer = one_more.turn_on()
    assert (answer.status_code, answer.json()["code"]) == (409, "push_phones_full")
    assert len(phones()) == MOST_PHONES
    first = phones()[0]
    one_more.client.post(f"{HERE}{first.uuid}/remove/")
    assert one_more.turn_on().status_code == 200


def test_nobody_removes_the_phone_of_another(
    push_service: PushService, alice: Person, bob: Person
) -> None:
    push_service.phone(alice)
    his = push_service.phone(bob)
    his.client.post(f"{HERE}{phones()[0].uuid}/remove/")
    assert len(phones()) == 2


def test_signing_out_ends_it(push_service: PushService, alice: Person, now: datetime) -> None:
    phone, other = push_service.phone(alice), push_service.phone(alice)
    tell(alice, now)
    phone.client.post("/wallet/sign-out/")
    assert [one.endpoint for one in phones()] == [other.endpoint]
    assert len(deliveries()) == 1


def test_a_sign_in_that_is_ended_elsewhere_ends_it(
    push_service: PushService, alice: Person
) -> None:
    push_service.phone(alice)
    session = BrowserSession.objects.get()
    other = push_service.browser().sign_in(alice)
    other.client.post(f"/wallet/you/sessions/{session.uuid}/end/")
    assert phones() == []


def test_a_session_that_runs_out_ends_it(push_service: PushService, alice: Person) -> None:
    from okplatform.parties.actions.forget_sessions import forget_sessions

    push_service.phone(alice)
    forget_sessions(now=clock.now() + timedelta(days=400))
    assert phones() == []


def test_blocking_the_phone_ends_it(push_service: PushService, alice: Person) -> None:
    phone = push_service.phone(alice)
    key = phone.client.session.session_key or ""
    device = enrol_device(
        person_id=alice.pk,
        mode="live",
        public_key=BrowserKeys().p256dh,
        name="Chrome op Android",
        now=clock.now(),
        actor=SYSTEM,
        session_key=key,
    )
    block_device(person_id=alice.pk, device_uuid=device.uuid, now=clock.now(), actor=SYSTEM)
    assert phones() == []


def test_a_new_phone_is_told_to_the_others_and_not_to_itself(
    push_service: PushService, alice: Person
) -> None:
    phone, other = push_service.phone(alice), push_service.phone(alice)
    enrol_device(
        person_id=alice.pk,
        mode="live",
        public_key=BrowserKeys().p256dh,
        name="Chrome op Android",
        now=clock.now(),
        actor=SYSTEM,
        session_key=phone.client.session.session_key or "",
    )
    relay.drain()
    assert send_due(clock.now()) == ["sent"]
    assert [shown["title"] for shown in other.shown] == ["Een nieuwe telefoon toont uw codes"]
    assert other.received[0].headers["urgency"] == "high"
    assert "Android" not in str(other.shown)
    assert phone.received == []


def test_a_sign_in_with_a_new_browser_is_told_also_at_night(
    push_service: PushService, alice: Person
) -> None:
    phone = push_service.phone(alice)
    stranger = Client(headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"})
    stranger.post("/account/login/", {"login": alice.email, "password": PASSWORD})
    relay.drain()
    send_due(clock.now())
    assert [shown["title"] for shown in phone.shown] == ["Er is ingelogd met een nieuwe browser"]
    assert phone.shown[0]["url"] == "/account/2fa/"
    stranger.post("/wallet/sign-out/")
    stranger.post("/account/login/", {"login": alice.email, "password": PASSWORD})
    relay.drain()
    send_due(clock.now())
    assert len(phone.shown) == 1


def test_it_is_taken_along_and_ends_with_the_account(
    push_service: PushService, alice: Person, now: datetime
) -> None:
    phone = push_service.phone(alice)
    tell(alice, now)
    browser = signed_in(alice)
    files = taken_along(browser)
    data: dict[str, Any] = json.loads(files["ok.json"])
    assert data["notifications"][0]["timezone"] == "Europe/Amsterdam"
    assert data["push_notices"][0]["name"] == "Bonuskaart"
    assert len(data["push_phones"]) == 1
    # Whoever finds the file writes to nobody's phone.
    assert phone.endpoint not in str(files)
    browser.post(DELETE, {"sure": "yes"})
    assert (phones(), notices(), deliveries(), settings_kept()) == ([], [], [], [])
    relay.drain()
    prove()


def test_the_page_lists_phones_keeps_wishes_and_sends_a_test(
    push_service: PushService, alice: Person
) -> None:
    phone = push_service.phone(alice)
    page = phone.client.get(HERE).content.decode()
    assert "deze browser" in page
    assert phone.endpoint not in page
    wishes = {
        "kinds": ["payment", "receipt"],
        "quiet": "on",
        "quiet_from": "23:15",
        "quiet_until": "06:45",
        "days_before": "14",
        "timezone": "America/Curacao",
    }
    assert phone.client.post(HERE, wishes).status_code == 302
    (kept,) = settings_kept()
    assert kept.kinds == ["payment", "receipt"]
    assert (str(kept.quiet_from), str(kept.quiet_until)) == ("23:15:00", "06:45:00")
    assert (kept.timezone, kept.days_before, kept.shows_details) == ("America/Curacao", 14, False)
    phone.client.post(f"{HERE}test/")
    phone.client.post(f"{HERE}test/")
    send_due(clock.now())
    assert [shown["title"] for shown in phone.shown][:1] == ["Dit werkt"]
    phone.client.post(HERE, {**wishes, "quiet": ""})
    assert settings_kept()[0].quiet_from is None


@pytest.mark.parametrize(
    "changed",
    [
        {"kinds": ["gossip"]},
        {"kinds": ["test"]},
        {"days_before": "0"},
        {"days_before": "61"},
        {"days_before": "a week"},
        {"quiet_from": ""},
        {"quiet_from": "25:00"},
        {"quiet_until": "22:00"},
        {"timezone": "Middle/Earth"},
    ],
)
def test_wishes_that_cannot_be_are_refused_and_nothing_is_changed(
    push_service: PushService, alice: Person, changed: dict[str, Any]
) -> None:
    phone = push_service.phone(alice)
    before = settings_kept()[0].__dict__.copy()
    usual = {
        "kinds": ["card"],
        "quiet": "on",
        "quiet_from": "22:00",
        "quiet_until": "07:00",
        "days_before": "3",
    }
    answer = phone.client.post(HERE, {**usual, **changed})
    assert answer.status_code == 422
    after = settings_kept()[0].__dict__
    assert {**before, "_state": None} == {**after, "_state": None}


def test_without_a_phone_there_is_nothing_to_test(client: Client, alice: Person) -> None:
    client.force_login(alice)
    client.get(HERE)
    answer = client.post(f"{HERE}test/", follow=True)
    assert "Zet eerst meldingen aan" in answer.content.decode()
    assert notices() == []


def test_every_kind_has_its_sentence_and_says_no_name_unless_asked() -> None:
    facts = {"what": "phone", "name": "Geheim", "shop": "Geheim", "amount": 1, "currency": "EUR"}
    said = {**facts, "on": "2026-11-30", "points": 12, "name_nl": "punten", "name_en": "points"}
    for kind in ("payment", "security", "receipt", "card", "warranty", "points"):
        assert "Geheim" not in str(push_text(kind, said, shows_details=False))
        assert "Geheim" in str(push_text(kind, said, shows_details=True))


def test_the_worker_and_phone_of_a_sale_are_two_things(alice: Person, now: datetime) -> None:
    """A phone with codes and no notifications hears nothing, and nothing is kept for it."""
    Phone.of(alice, now=now)
    relay.drain()
    assert notices() == []


def test_a_phone_of_somebody_who_is_not_signed_in_there_is_found(
    push_service: PushService, alice: Person, bob: Person, now: datetime
) -> None:
    push_service.phone(alice)
    tell(alice, now)
    whole = Proof(rows=1, breaches=[])
    assert invariants.notifications_go_to_their_person() == whole
    BrowserSession.objects.update(person=bob)
    found = invariants.notifications_go_to_their_person()
    assert len(found.breaches) == 1
    BrowserSession.objects.update(person=alice)
    with operator_scope("a notice is planted with another"):
        PushNotice.objects.update(person=bob)
    found = invariants.notifications_go_to_their_person()
    assert [breach.endswith("the phone of another") for breach in found.breaches] == [True]


def test_what_is_for_another_person_is_never_sent(
    push_service: PushService, alice: Person, bob: Person, now: datetime
) -> None:
    phone = push_service.phone(alice)
    wake(alice)
    tell(alice, now)
    BrowserSession.objects.update(person=bob)
    assert send_due(now) == ["dropped"]
    assert phone.received == []
