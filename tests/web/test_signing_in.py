"""Signing in by password, mailed code, app and recovery code: what works, and what guesses get."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core import mail
from django.test import Client
from pytest_django import Settings

from okplatform.parties.models import Person
from okplatform.web.second_factors import LOCKED
from tests.support.world import PASSWORD, World

pytestmark = pytest.mark.django_db

LOGIN = "/account/login/"
ASK = "/account/login/code/"
CONFIRM = "/account/login/code/confirm/"
SECOND = "/account/2fa/authenticate/"
START = "/start/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def alice(world: World) -> Person:
    return world.alice


@pytest.fixture
def browser() -> Client:
    client = Client()
    client.cookies["django_language"] = "en"
    return client


def is_signed_in(browser: Client) -> bool:
    return browser.get(START).get("Location", "").startswith("/wallet/")


def code_in(letter: mail.EmailMessage) -> str:
    found = re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", str(letter.body), re.MULTILINE)
    assert found
    return found[0]


def code_of_app(*, periods_ago: int = 0) -> str:
    return str(format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 - periods_ago)))


def with_password(browser: Client, person: Person) -> str:
    answer = browser.post(LOGIN, {"login": person.email, "password": PASSWORD})
    return str(answer.get("Location", ""))


def test_the_page_offers_a_passkey_a_password_and_a_code(browser: Client) -> None:
    page = browser.get(f"{LOGIN}?next=/wallet/you/").content.decode()
    assert 'autocomplete="username webauthn"' in page
    assert "Sign in with a passkey" in page
    assert f"{ASK}?next=%2Fwallet%2Fyou%2F" in page
    # Without a script the button for a passkey stays hidden, and the other two work.
    assert re.search(r'id="passkey-button"[^>]*hidden', page)


def test_a_mailed_code_signs_in_once(browser: Client, alice: Person) -> None:
    browser.post(ASK, {"email": alice.email})
    code = code_in(mail.outbox[-1])
    assert mail.outbox[-1].to == [alice.email]
    assert "http" not in mail.outbox[-1].body
    assert not is_signed_in(browser)
    browser.post(CONFIRM, {"code": code.lower().replace("-", " ")})
    assert is_signed_in(browser)
    browser.post("/account/logout/")
    browser.post(CONFIRM, {"code": code})
    assert not is_signed_in(browser)


def test_whether_somebody_is_known_is_told_by_letter_only(browser: Client, alice: Person) -> None:
    pages = []
    for address in (alice.email, "nobody@example.nl"):
        other = Client()
        answer = other.post(ASK, {"email": address}, follow=True)
        pages.append(re.sub(r'value="[^"]+"|nonce\S+', "", answer.content.decode()))
    assert pages[0].replace(alice.email, "") == pages[1].replace("nobody@example.nl", "")
    assert code_in(mail.outbox[0])
    assert "nobody@example.nl" in mail.outbox[1].body
    assert not re.search(r"^[A-Z0-9]{4}-[A-Z0-9]{4}$", str(mail.outbox[1].body), re.MULTILINE)


def test_after_three_wrong_codes_the_right_one_works_no_more(
    browser: Client, alice: Person
) -> None:
    browser.post(ASK, {"email": alice.email})
    code = code_in(mail.outbox[-1])
    for _guess in range(2):
        assert "not the code" in browser.post(CONFIRM, {"code": "AAAA-AAAA"}).content.decode()
    assert browser.post(CONFIRM, {"code": "AAAA-AAAA"})["Location"] == ASK
    browser.post(CONFIRM, {"code": code})
    assert not is_signed_in(browser)


def test_a_code_of_six_minutes_ago_signs_nobody_in(browser: Client, alice: Person) -> None:
    browser.post(ASK, {"email": alice.email})
    session = browser.session
    stage = session["account_login"]["state"]["stages"]["login_by_code"]["data"]
    stage["at"] -= 6 * 60
    session.save()
    answer = browser.post(CONFIRM, {"code": code_in(mail.outbox[-1])})
    assert answer["Location"] == ASK
    assert not is_signed_in(browser)


def test_a_fourth_letter_within_a_minute_is_not_sent(alice: Person) -> None:
    for _time in range(3):
        Client().post(ASK, {"email": alice.email})
    answer = Client(headers={"accept-language": "en"}).post(ASK, {"email": alice.email})
    assert len(mail.outbox) == 3
    assert "Too many tries" in answer.content.decode()


@pytest.mark.parametrize("way", ["password", "mailed code"])
def test_whoever_has_an_app_needs_it_besides(browser: Client, alice: Person, way: str) -> None:
    TOTP.activate(alice, SECRET)
    if way == "password":
        assert with_password(browser, alice) == SECOND
    else:
        browser.post(ASK, {"email": alice.email})
        assert browser.post(CONFIRM, {"code": code_in(mail.outbox[-1])})["Location"] == SECOND
    assert not is_signed_in(browser)
    page = browser.get(SECOND).content.decode()
    assert "Type the code that it shows now" in page
    assert "Use my passkey" not in page
    assert "did not work" in browser.post(SECOND, {"code": "000000"}).content.decode()
    assert not is_signed_in(browser)
    browser.post(SECOND, {"code": code_of_app()})
    assert is_signed_in(browser)


@pytest.mark.parametrize("written", ["{}", " {} "])
def test_a_code_of_the_app_goes_by_once_also_from_a_slow_clock(
    browser: Client, alice: Person, written: str
) -> None:
    TOTP.activate(alice, SECRET)
    # The code before the last change: right for a clock that is half a minute behind.
    code = code_of_app(periods_ago=1)
    with_password(browser, alice)
    browser.post(SECOND, {"code": code})
    assert is_signed_in(browser)
    again = Client()
    with_password(again, alice)
    again.post(SECOND, {"code": written.format(code)})
    assert not is_signed_in(again)


def test_guessing_at_the_app_is_stopped_and_its_right_code_with_it(
    browser: Client, alice: Person
) -> None:
    TOTP.activate(alice, SECRET)
    with_password(browser, alice)
    for guess in range(5):
        browser.post(SECOND, {"code": f"{guess:06}"})
    page = browser.post(SECOND, {"code": code_of_app()}).content.decode()
    assert "Your account is safe" in page
    assert not is_signed_in(browser)


@pytest.mark.django_db(transaction=True)
def test_somebody_connects_an_app_and_gets_recovery_codes(browser: Client, alice: Person) -> None:
    with_password(browser, alice)
    page = browser.get("/account/2fa/totp/activate/").content.decode()
    assert "<svg" in page
    assert "data:image" not in page
    secret = browser.session["mfa.totp.secret"]
    right = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    answer = browser.post("/account/2fa/totp/activate/", {"code": right})
    assert answer["Location"] == "/account/2fa/recovery-codes/"
    kept = Authenticator.objects.get(type=Authenticator.Type.TOTP)
    assert kept.data["secret"].startswith(LOCKED)
    assert secret not in str(kept.data)
    assert "Codes uit een app staan aan" in [letter.subject for letter in mail.outbox]
    # The code that connected it signs nobody in.
    again = Client()
    with_password(again, alice)
    again.post(SECOND, {"code": right})
    assert not is_signed_in(again)


def test_a_recovery_code_signs_in_once(browser: Client, alice: Person) -> None:
    with_password(browser, alice)
    browser.get("/account/2fa/totp/activate/")
    secret = browser.session["mfa.totp.secret"]
    right = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    browser.post("/account/2fa/totp/activate/", {"code": right})
    page = browser.get("/account/2fa/recovery-codes/").content.decode()
    codes = re.findall(r'<li class="mono">(\w+)</li>', page)
    assert len(codes) == 10
    for attempt, is_in in ((1, True), (2, False)):
        elsewhere = Client()
        with_password(elsewhere, alice)
        elsewhere.post(SECOND, {"code": codes[0]})
        assert is_signed_in(elsewhere) is is_in, attempt


def test_an_app_kept_under_another_pepper_signs_nobody_in(
    browser: Client, alice: Person, settings: Settings
) -> None:
    TOTP.activate(alice, SECRET)
    settings.OK_API_KEY_PEPPER = "another pepper of forty characters, at least"
    with_password(browser, alice)
    empty = format_hotp_value(hotp_value("", int(time.time()) // 30))
    for code in (code_of_app(), empty):
        browser.post(SECOND, {"code": code})
    assert not is_signed_in(browser)


@pytest.mark.parametrize(
    "said",
    ["", "no json", "[]", "{}", '{"id": 7}', '{"id": "x", "rawId": "x", "response": {}}'],
)
def test_what_is_no_passkey_signs_nobody_in(browser: Client, alice: Person, said: str) -> None:
    browser.get("/account/2fa/webauthn/login/", headers={"accept": "application/json"})
    answer = browser.post("/account/2fa/webauthn/login/", {"credential": said})
    assert answer.status_code == 302
    assert not is_signed_in(browser)
