"""Whatever changes how one signs in or pays asks anew who it is: an old session cannot do it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.views import View

from okplatform.kernel.models import AuditEntry
from okplatform.parties.models import Person
from payments.models import BankAccount, Mandate
from tests.support.accounts import proved
from tests.support.signing_in import WHILE, sign_in
from tests.support.world import PASSWORD

pytestmark = pytest.mark.django_db

OTHER = "NL20INGB0001234567"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
AGAIN = "/account/reauthenticate/"
ACCOUNT = "/wallet/accounts/{account}/"

# What one asks, with what, and the page's own name; "" is allauth's.
DOORS: list[tuple[str, str, dict[str, str], str]] = [
    (
        "post",
        "/wallet/accounts/",
        {"iban": OTHER, "holder": "A"},
        "BankAccountsPage",
    ),
    ("post", f"{ACCOUNT}removal/", {}, "RemoveBankAccount"),
    ("post", f"{ACCOUNT}mandate/", {"text_version": "1"}, "SignMandate"),
    ("post", f"{ACCOUNT}withdrawal/", {}, "WithdrawMandate"),
    ("post", "/wallet/refunds/1/account/", {"account": "{account}"}, "ChooseRefundAccount"),
    ("get", "/wallet/you/pin/", {}, "PinPage"),
    ("post", "/wallet/you/pin/", {"pin": "27182", "again": "27182"}, "PinPage"),
    ("get", "/wallet/you/data/deletion/", {}, "DeleteAccount"),
    ("post", "/wallet/you/data/deletion/", {"sure": "yes"}, "DeleteAccount"),
    ("get", "/wallet/you/data/download/", {}, "Download"),
    ("post", "/account/email/", {"email": "thief@example.nl", "action_add": ""}, ""),
    ("get", "/account/2fa/webauthn/add/", {}, ""),
    ("post", "/account/2fa/webauthn/add/", {"name": "x", "credential": "{{}}"}, ""),
    ("get", "/account/2fa/webauthn/keys/{passkey}/remove/", {}, ""),
    ("post", "/account/2fa/webauthn/keys/{passkey}/remove/", {}, ""),
    ("get", "/account/2fa/webauthn/keys/{passkey}/edit/", {}, ""),
    ("post", "/account/2fa/webauthn/keys/{passkey}/edit/", {"name": "x"}, ""),
    ("get", "/account/2fa/totp/deactivate/", {}, ""),
    ("post", "/account/2fa/totp/deactivate/", {}, ""),
    ("get", "/account/2fa/recovery-codes/", {}, ""),
    ("get", "/account/2fa/recovery-codes/download/", {}, ""),
    ("get", "/account/2fa/recovery-codes/generate/", {}, ""),
    ("post", "/account/2fa/recovery-codes/generate/", {}, ""),
]

# Pages of money that take a form and ask for no proof of this kind, and why.
OTHERWISE = {
    "ConfirmPage": "asks for the PIN or a passkey each time",
    "LimitsPage": "asks for the PIN where a limit goes up",
    "RequestCode": "sends a cent to an account that is theirs already or never will be",
    "EnterCode": "a proof itself",
    "ProveAtBank": "the bank asks",
    "PayDebt": "the bank asks",
    "AddGiftCard": "asks for the card's PIN, and gives only what is on the card",
    "GiftCardPage": "puts the card away; whoever has it adds it again",
}


@pytest.fixture
def account(alice: Person) -> BankAccount:
    return proved(alice)


@pytest.fixture
def passkey(alice: Person) -> Authenticator:
    """Alice's second factors; nothing here comes so far as to read the passkey."""
    TOTP.activate(alice, SECRET)
    RecoveryCodes.activate(alice)
    data = {"name": "Mijn telefoon", "credential": {}}
    kept: Authenticator = Authenticator.objects.create(
        user=alice, type=Authenticator.Type.WEBAUTHN, data=data
    )
    return kept


def everything(alice: Person) -> str:
    """Return all that these doors could change."""
    alice.refresh_from_db()
    return json.dumps(
        {
            "person": [alice.email, alice.is_active, alice.password],
            "audit": AuditEntry.objects.exclude(action="session_opened").count(),
            "factors": list(Authenticator.objects.order_by("id").values("type", "data")),
            "accounts": list(BankAccount.objects.values("id", "removed_at")),
            "mandates": Mandate.objects.count(),
        },
        default=str,
    )


@pytest.mark.parametrize(
    ("method", "address", "said", "page"), DOORS, ids=[f"{door[0]} {door[1]}" for door in DOORS]
)
def test_an_old_session_opens_none_of_them(
    client: Client,
    alice: Person,
    account: BankAccount,
    passkey: Authenticator,
    method: str,
    address: str,
    said: dict[str, str],
    page: str,
) -> None:
    known = {"account": account.pk, "passkey": passkey.pk}
    hers, before = sign_in(client, alice, ago=WHILE), everything(alice)
    there = address.format(**known)
    answer = getattr(hers, method)(there, {k: v.format(**known) for k, v in said.items()})
    assert answer.status_code == 302
    # A passkey is asked for first; what holds a secret begins anew at its own page.
    asked = answer["Location"]
    assert asked == there or asked.startswith("/account/2fa/webauthn/reauthenticate/")
    if asked == there:
        assert "/reauthenticate/" in hers.get(there)["Location"]
        assert "27182" not in str(dict(hers.session))
    assert everything(alice) == before


def test_an_old_session_raises_no_limit(client: Client, alice: Person) -> None:
    hers, before = sign_in(client, alice, ago=WHILE), everything(alice)
    answer = hers.post("/wallet/accounts/limits/", {"daily": "900", "monthly": "9000", "pin": ""})
    assert answer.status_code == 422
    assert everything(alice) == before


def test_an_old_session_connects_no_app_and_keeps_its_password(
    client: Client, alice: Person
) -> None:
    hers, before = sign_in(client, alice, ago=WHILE), everything(alice)
    for method in (hers.get, hers.post):
        answer = method("/account/2fa/totp/activate/")
        assert answer["Location"].startswith(AGAIN)
    said = {"oldpassword": "a guess", "password1": "iets heel anders", "password2": ""}
    assert hers.post("/account/password/change/", said).status_code == 200
    assert everything(alice) == before


def test_what_was_asked_goes_on_by_itself_after_the_proof(
    client: Client, alice: Person, account: BankAccount
) -> None:
    hers = sign_in(client, alice, ago=WHILE)
    there = f"/wallet/accounts/{account.pk}/mandate/"
    asked = hers.post(there, {"text_version": "1"})["Location"]
    assert asked.startswith(AGAIN)
    hers.post(asked, {"password": "a guess", "next": there})
    assert not Mandate.objects.exists()
    hers.post(asked, {"password": PASSWORD, "next": there})
    assert Mandate.objects.filter(bank_account=account).exists()
    # From here on nobody is asked for a while.
    hers.post(f"/wallet/accounts/{account.pk}/withdrawal/")
    assert not Mandate.objects.filter(closed_at=None).exists()


def test_who_has_no_password_and_no_passkey_is_let_through_by_nothing(
    client: Client, alice: Person, account: BankAccount
) -> None:
    alice.set_unusable_password()
    alice.save()
    hers = sign_in(client, alice, ago=WHILE)
    hers.post(f"/wallet/accounts/{account.pk}/mandate/", {"text_version": "1"})
    hers.post("/wallet/you/pin/", {"pin": "27182", "again": "27182"})
    assert not Mandate.objects.exists()
    assert not AuditEntry.objects.filter(action="pin_set").exists()
    # Nor does the session alone give itself a password, or a passkey.
    new = "een gloednieuw wachtwoord"
    hers.post("/account/password/set/", {"password1": new, "password2": new})
    assert hers.get("/account/password/set/")["Location"] == "/account/password/reset/"
    assert hers.get("/account/2fa/webauthn/add/")["Location"] == "/account/password/reset/"
    alice.refresh_from_db()
    assert not alice.has_usable_password()


def test_an_old_session_sends_no_payouts_elsewhere(client: Client, olga: Person) -> None:
    his, before = sign_in(client, olga, ago=WHILE), AuditEntry.objects.count()
    there = "/console/boekhandel-kramer/payouts/terms/"
    said = {"schedule": "daily", "iban": OTHER, "holder": "K", "threshold": "1", "reserve": "0"}
    assert his.post(there, said)["Location"].startswith(AGAIN)
    opened = AuditEntry.objects.filter(action="session_opened").count()
    assert AuditEntry.objects.count() == before + opened


def pages() -> Iterator[type[View]]:
    def walk(patterns: list[Any]) -> Iterator[type[View]]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns)
            elif isinstance(pattern, URLPattern) and hasattr(pattern.callback, "view_class"):
                yield pattern.callback.view_class

    yield from walk(get_resolver().url_patterns)


def test_every_form_about_money_asks_or_says_why_not() -> None:
    taking = {
        page.__name__
        for page in pages()
        if page.__module__.startswith("payments.pages.") and hasattr(page, "post")
    }
    asking = {door[3] for door in DOORS}
    assert taking - asking - set(OTHERWISE) == set()
    assert set(OTHERWISE) <= taking
