"""Taking everything along, and leaving."""

import io
import json
import zipfile
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test import Client

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from tests.merchants.members.known import FACTS, allow, somebody, told
from tests.support.accounts import ready
from tests.support.counter import Counter, settle_events, with_bank_account
from tests.support.phone import Phone
from tests.support.proofs import prove
from tests.support.world import PASSWORD, World
from tests.wallet.cards import BONUS, put, said
from tests.wallet.sales import sell
from wallet.actions.add_photo import add_photo
from wallet.actions.ask_receipt import ask_receipt
from wallet.actions.change_balance import change_balance
from wallet.actions.set_warranty import set_warranty
from wallet.consents import consented
from wallet.models import (
    Birthday,
    Card,
    CardChange,
    CardPhoto,
    CardShelf,
    ContactDetails,
    Declaration,
    Purpose,
    ReceiptLetter,
    Warranty,
)
from wallet.queries import latest_receipt

pytestmark = pytest.mark.django_db

DELETE = "/wallet/you/data/deletion/"
DOWNLOAD = "/wallet/you/data/download/"
PNG = b"\x89PNG\r\n\x1a\n" + b"a picture of a card"
EVERYTHING = tuple(Purpose.values)


@pytest.fixture
def person() -> Person:
    return somebody()


@pytest.fixture
def counter(world: World) -> Counter:
    """The bakery's till."""
    return Counter(world.till, world.till.key)


def signed_in(person: Person, *, lately: bool = True) -> Client:
    """Return a browser in which the person is signed in, by their password a moment ago or not."""
    browser = Client()
    browser.force_login(person)
    if lately:
        browser.post("/account/reauthenticate/", {"password": PASSWORD})
    return browser


def taken_along(browser: Client) -> dict[str, str]:
    file = zipfile.ZipFile(io.BytesIO(b"".join(browser.get(DOWNLOAD))))
    return {
        name: file.read(name).decode("latin-1" if "/" in name else "utf-8")
        for name in file.namelist()
    }


def test_everything_is_in_the_file_to_read_and_for_programs(
    person: Person, world: World, counter: Counter
) -> None:
    phone = with_bank_account(person)
    counter.sell(phone)
    settle_events()
    allow(person, world.bol.merchant.pk, "identity")
    files = taken_along(signed_in(person))
    assert set(files) == {"ok.html", "ok.json", "consents.json"}
    for text in (files["ok.html"], files["ok.json"]):
        assert told(text) == {purpose.value for purpose in FACTS}
        assert "Desembrood" in text
    data: dict[str, Any] = json.loads(files["ok.json"])
    assert data["bank_accounts"][0]["holder"]
    assert data["payments"][0]["amount"] == 1100
    assert data["consents"][0]["purpose"] == "identity"
    assert data["devices"]
    assert json.loads(files["consents.json"])["consents"][0]["receipt"]["jws"]


def test_nobody_elses_data_are_in_the_file(person: Person, alice: Person, world: World) -> None:
    allow(person, world.bol.merchant.pk, *EVERYTHING)
    assert told(" ".join(taken_along(signed_in(alice)).values())) == set()


@pytest.mark.parametrize("address", [DOWNLOAD, DELETE])
def test_both_ask_for_the_password_first(person: Person, address: str) -> None:
    answer = signed_in(person, lately=False).get(address)
    assert answer.status_code == 302
    assert "/account/reauthenticate/" in answer["Location"]


def test_an_old_page_deletes_nothing(person: Person) -> None:
    signed_in(person, lately=False).post(DELETE, {"sure": "yes"})
    signed_in(person).post(DELETE)
    person.refresh_from_db()
    assert person.is_active
    assert person.name


def test_who_leaves_is_gone_and_what_the_law_keeps_names_nobody(
    person: Person, world: World
) -> None:
    merchant = world.bol.merchant
    phone = Phone.of(person, now=clock.now())
    allow(person, merchant.pk, *EVERYTHING)
    browser = signed_in(person)
    page = browser.get(DELETE).content.decode()
    assert "zeven jaar" in page
    answer = browser.post(DELETE, {"sure": "yes"})
    assert answer.status_code == 302
    assert answer["Clear-Site-Data"]
    person.refresh_from_db()
    assert (person.name, person.is_active, person.has_usable_password()) == ("", False, False)
    assert told(person.email) == set()
    assert not ContactDetails.objects.exists()
    assert not Birthday.objects.exists()
    assert not Declaration.objects.exists()
    assert not any(consented(merchant.pk, purpose).exists() for purpose in EVERYTHING)
    counter = Counter(world.till, world.till.key)
    assert counter.sell(phone).json()["code"] == "code_blocked"
    assert Client().login(email="postbus-zeven@example.nl", password=PASSWORD) is False
    assert browser.get("/wallet/you/").status_code == 302
    settle_events()
    prove()


def test_cards_and_their_photos_are_taken_along_and_end_with_the_account(person: Person) -> None:
    now = clock.now()
    photo = add_photo(person_id=person.pk, content=PNG, now=now, actor=SYSTEM)
    card = put(person, now, name="Bonuskaart", barcode=BONUS, front=photo)
    change_balance(
        person_id=person.pk,
        card=card.uuid,
        delta=250,
        note="",
        said=said(now),
        now=now,
        actor=SYSTEM,
    )
    browser = signed_in(person)
    files = taken_along(browser)
    assert files[f"photos/{photo}.png"].encode("latin-1") == PNG
    data: dict[str, Any] = json.loads(files["ok.json"])
    assert data["cards"][0]["barcode"]["payload"] == BONUS["payload"]
    assert data["card_edits"][0]["name"] == "Bonuskaart"
    assert data["card_balances"][0]["delta"] == 250
    browser.post(DELETE, {"sure": "yes"})
    with operator_scope("a test looks at what is left"):
        assert not any(model.objects.exists() for model in (Card, CardChange, CardPhoto, CardShelf))
    settle_events()
    prove()


def test_warranties_and_letters_are_taken_along_and_end_with_the_account(
    person: Person, world: World
) -> None:
    now = clock.now()
    sell(world.till.store, now=now, person=person)
    settle_events()
    receipt = latest_receipt(person.pk)
    assert receipt is not None
    who: dict[str, Any] = {
        "person_id": person.pk,
        "receipt_id": receipt.pk,
        "now": now,
        "actor": SYSTEM,
    }
    set_warranty(line=1, ends_on=date(2099, 1, 1), note="in de la", **who)
    ask_receipt(**who)
    browser = signed_in(person)
    data: dict[str, Any] = json.loads(taken_along(browser)["ok.json"])
    assert (data["warranties"][0]["ends_on"], data["warranties"][0]["note"]) == (
        "2099-01-01",
        "in de la",
    )
    assert data["receipt_letters"][0]["state"] == "waiting"
    browser.post(DELETE, {"sure": "yes"})
    with operator_scope("a test looks at what is left"):
        assert not any(model.objects.exists() for model in (Warranty, ReceiptLetter))


def test_the_address_is_free_again(person: Person) -> None:
    signed_in(person).post(DELETE, {"sure": "yes"})
    assert somebody().pk != person.pk


def test_whoever_owes_something_is_told_and_nothing_is_changed(
    person: Person, counter: Counter, world: World
) -> None:
    counter.sell(with_bank_account(person))
    settle_events()
    browser = signed_in(person)
    assert "€ 11,00" in browser.get(DELETE).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    answer = browser.post(DELETE, {"sure": "yes"})
    assert answer.status_code == 409
    person.refresh_from_db()
    assert person.is_active
    assert counter.sell(with_bank_account(world.bob)).status_code == 200


def test_an_owner_hands_the_shop_over_first(world: World) -> None:
    page = signed_in(world.olga).get(DELETE).content.decode()
    assert "Boekhandel Kramer" in page
    assert signed_in(world.olga).post(DELETE, {"sure": "yes"}).status_code == 409


def test_bank_accounts_and_mandates_end_with_the_account(person: Person) -> None:
    account = ready(person, "NL20INGB0001234567")
    signed_in(person).post(DELETE, {"sure": "yes"})
    account.refresh_from_db()
    assert account.removed_at is not None
    assert account.ready_at is None
    prove()


# Beside what is handed over: why a table that names a person is not a section of its own.
ELSEWHERE = {
    "account.EmailAddress": "the address stands with the person",
    "mfa.Authenticator": "keys of sign-in; they open nothing by themselves",
    "parties.Person_groups": "for OK's own people",
    "parties.Person_user_permissions": "for OK's own people",
    "payments.Confirmation": "questions of a minute; what was paid is a payment",
    "payments.AccountLimit": "belongs to the person's limits",
    "trade.Sale": "stands as its receipt",
    "wallet.AttestationRequest": "on the way to an issuer, for minutes",
    "wallet.PresencePin": "whether there is one stands with the person; the hash opens nothing",
    "wallet.Birthday": "stands with the person",
    "wallet.CardImport": "a file on its way in, for a day; what came in stands as cards",
    "wallet.CardImportPhoto": "its photos, for a day",
    "wallet.CardShelf": "counts the cards",
    "wallet.ContactDetails": "stands with the person",
}
HANDED_OVER = {
    "loyalty.Correction",
    "loyalty.KeptCoupon",
    "loyalty.Member",
    "loyalty.PoolAsk",
    "merchants.OnlinePayment",
    "parties.BrowserSession",
    "parties.Membership",
    "payments.BankAccount",
    "payments.KeptGiftCard",
    "payments.PersonLimit",
    "wallet.Attestation",
    "wallet.Card",
    "wallet.CardBalanceChange",
    "wallet.CardChange",
    "wallet.CardInvitation",
    "wallet.CardPhoto",
    "wallet.CardShare",
    "wallet.Consent",
    "wallet.Declaration",
    "wallet.Device",
    "wallet.Disclosure",
    "wallet.LiveCard",
    "wallet.ProofOffer",
    "wallet.PushNotice",
    "wallet.PushSettings",
    "wallet.PushSubscription",
    "wallet.Receipt",
    "wallet.ReceiptLetter",
    "wallet.Warranty",
}


def test_every_table_that_names_a_person_is_handed_over_or_says_why_not() -> None:
    naming = {
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey) and field.related_model is Person
    }
    assert naming - HANDED_OVER - set(ELSEWHERE) == set()
