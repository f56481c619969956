"""Sign-in and safety: where somebody is signed in, and ending that, also of a lost phone."""

import base64
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client
from pytest_django import Settings

from okplatform.kernel import clock
from okplatform.kernel.models import AuditEntry
from okplatform.parties.actions.forget_sessions import forget_sessions
from okplatform.parties.models import BrowserSession, Person
from tests.support.counter import Counter, with_bank_account
from tests.support.world import PASSWORD, World
from wallet import keys
from wallet.models import Device

pytestmark = pytest.mark.django_db

PAGE = "/account/2fa/"
YOU = "/wallet/you/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
CHROME = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Mobile Safari/537.36"
)


def browser(person: Person | None = None, user_agent: str = FIREFOX) -> Client:
    """Return a browser, signed in with a password where somebody is named."""
    client = Client(headers={"user-agent": user_agent})
    if person is not None:
        client.post("/account/login/", {"login": person.email, "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get(YOU).status_code == 200


def row_of(client: Client) -> BrowserSession:
    return BrowserSession.objects.get(session_key=client.session.session_key)


def phone(person: Person) -> tuple[Client, UUID]:
    """Return a phone that shows codes, and its device."""
    client = browser(person, CHROME)
    point = base64.b64encode(keys.point(ec.generate_private_key(ec.SECP256R1()))).decode()
    said = {"public_key": point, "name": "Pixel van Alice"}
    answer = client.post("/wallet/phone/", said, content_type="application/json")
    return client, UUID(answer.json()["device"])


@pytest.fixture
def alice(world: World) -> Person:
    return world.alice


def test_the_page_lists_every_browser_and_marks_this_one(alice: Person) -> None:
    here, _there = browser(alice), browser(alice, CHROME)
    page = here.get(PAGE).content.decode()
    assert page.count("laatst gezien") == 2
    assert page.index("Firefox, Linux") < page.index("deze") < page.index("Chrome, Android")
    assert "127.0.0.1" not in page


def test_no_address_and_no_whole_user_agent_is_kept(alice: Person) -> None:
    browser(alice)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(kept)::text FROM parties_browser_session AS kept")
        kept = str(cursor.fetchall())
    assert "Firefox, Linux" in kept
    assert "127.0.0.1" not in kept
    assert "Gecko" not in kept


def test_one_browser_is_signed_out_and_the_others_stay(alice: Person) -> None:
    here, there, third = browser(alice), browser(alice, CHROME), browser(alice)
    here.post(f"/wallet/you/sessions/{row_of(there).uuid}/end/")
    assert not is_in(there)
    assert is_in(here)
    assert is_in(third)
    assert AuditEntry.objects.filter(action="session_ended").count() == 1


def test_all_others_are_signed_out_in_one_tap(alice: Person, world: World) -> None:
    here, others, bobs = browser(alice), [browser(alice), browser(alice)], browser(world.bob)
    answer = here.post("/wallet/you/sessions/others/end/", follow=True)
    assert "2 andere browsers" in answer.content.decode()
    assert not any(is_in(other) for other in others)
    assert is_in(here)
    assert is_in(bobs)
    assert "Overal elders uitloggen" not in here.get(PAGE).content.decode()


def test_nobody_ends_the_session_of_somebody_else(alice: Person, world: World) -> None:
    hers, his = browser(alice), browser(world.bob)
    for end in (row_of(hers).uuid, uuid4()):
        answer = his.post(f"/wallet/you/sessions/{end}/end/", follow=True)
        assert "daar niet meer ingelogd" in answer.content.decode()
    assert is_in(hers)
    assert Client().post(f"/wallet/you/sessions/{row_of(hers).uuid}/end/").status_code == 302
    assert is_in(hers)


def test_whoever_ends_this_very_session_is_asked_to_sign_in(alice: Person) -> None:
    here = browser(alice)
    answer = here.post(f"/wallet/you/sessions/{row_of(here).uuid}/end/")
    assert answer["Location"] == "/account/login/"
    assert not is_in(here)


@pytest.mark.parametrize("back", ["", "safety"])
def test_a_lost_phone_is_blocked_from_any_browser_at_once(
    alice: Person, world: World, back: str
) -> None:
    lost, device = phone(alice)
    asked = {"device": str(device)}
    stock = "/wallet/phone/stock/"
    assert lost.post(stock, asked, content_type="application/json").status_code == 200
    desk = browser(alice)
    answer = desk.post(f"/wallet/you/devices/{device}/block/", {"back": back}, follow=True)
    assert "hij is uitgelogd" in answer.content.decode()
    # Its next request is that of a stranger: it is told to forget what it keeps, and cannot set
    # itself up again.
    answer = lost.post(stock, asked, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (409, "device_blocked")
    said = {"public_key": "x", "name": "again"}
    assert lost.post("/wallet/phone/", said, content_type="application/json").status_code == 401
    assert not is_in(lost)
    assert is_in(desk)
    # Of its stock of handles none is given out any more, not even to its owner.
    answer = desk.post(stock, asked, content_type="application/json")
    assert answer.json()["code"] == "device_blocked"


def test_a_phone_that_was_not_blocked_only_hears_that_it_is_signed_out(alice: Person) -> None:
    _own, device = phone(alice)
    for asked in (device, uuid4()):
        answer = Client().post(
            "/wallet/phone/stock/", {"device": str(asked)}, content_type="application/json"
        )
        assert answer.status_code == 401


def test_what_a_blocked_phone_still_shows_is_refused_at_the_till(
    alice: Person, world: World
) -> None:
    shown = with_bank_account(alice)
    counter = Counter(world.till, world.till.key)
    device = Device.objects.get(person=alice)
    browser(alice).post(f"/wallet/you/devices/{device.uuid}/block/")
    assert counter.sell(shown).json()["code"] == "code_blocked"


def test_a_phone_that_blocks_itself_is_signed_out(alice: Person) -> None:
    own, device = phone(alice)
    answer = own.post(f"/wallet/you/devices/{device}/block/")
    assert answer["Location"] == "/account/login/"
    assert not is_in(own)


def test_an_older_phone_is_tied_to_its_session_when_it_asks_for_codes(alice: Person) -> None:
    own, device = phone(alice)
    own.post("/account/logout/")
    own.post("/account/login/", {"login": alice.email, "password": PASSWORD})
    assert row_of(own).device is None
    own.post("/wallet/phone/stock/", {"device": str(device)}, content_type="application/json")
    assert row_of(own).device == device


def test_a_new_password_signs_everything_else_out(alice: Person) -> None:
    here, there = browser(alice), browser(alice, CHROME)
    new = "een heel ander wachtwoord"
    said = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    here.post("/account/password/change/", said)
    assert is_in(here)
    assert not is_in(there)
    assert row_of(here).person_id == alice.pk
    assert BrowserSession.objects.count() == 1


def test_signing_out_and_forgetting_leave_no_row(alice: Person) -> None:
    here, there = browser(alice), browser(alice)
    here.post("/account/logout/")
    assert [row.session_key for row in BrowserSession.objects.all()] == [there.session.session_key]
    Session.objects.update(expire_date=clock.now() - timedelta(minutes=1))
    assert forget_sessions(now=clock.now()) >= 1
    assert not BrowserSession.objects.exists()


def test_last_seen_is_written_once_in_a_quarter(alice: Person) -> None:
    here = browser(alice)
    long_ago = clock.now() - timedelta(hours=1)
    BrowserSession.objects.update(signed_in_at=long_ago, seen_at=long_ago)
    here.get(YOU)
    assert row_of(here).seen_at == long_ago
    session = here.session
    session["noted_at"] = long_ago.timestamp()
    session.save()
    here.get(YOU)
    assert row_of(here).seen_at > long_ago


def test_only_a_browser_that_was_never_seen_is_told_by_letter(alice: Person, world: World) -> None:
    here = browser(alice)
    assert [letter.to for letter in mail.outbox] == [[alice.email]]
    letter = mail.outbox[0]
    assert letter.subject == "Ingelogd in een nieuwe browser"
    assert "Firefox, Linux" in letter.body
    assert "http" not in letter.body
    here.post("/account/logout/")
    here.post("/account/login/", {"login": alice.email, "password": PASSWORD})
    assert is_in(here)
    assert len(mail.outbox) == 1
    # Somebody else in the same browser; and a cookie that somebody made up.
    here.post("/account/logout/")
    here.post("/account/login/", {"login": world.bob.email, "password": PASSWORD})
    other = Client()
    other.cookies["ok_known"] = f"[{alice.pk}]"
    other.post("/account/login/", {"login": alice.email, "password": PASSWORD})
    assert [letter.to for letter in mail.outbox[1:]] == [[world.bob.email], [alice.email]]


def test_a_mail_server_that_is_away_locks_nobody_out(alice: Person, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert is_in(browser(alice))
