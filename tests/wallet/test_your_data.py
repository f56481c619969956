"""Your data: every purpose on its own, its text kept, its proof signed, and all of it findable."""

import json
from datetime import datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from pytest_django import Settings

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import call
from okplatform.kernel.models import AuditEntry
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.actions.create_merchant import create_merchant
from okplatform.parties.models import Merchant, Person
from tests.merchants.members.known import allow, somebody, told
from wallet import consent_texts
from wallet.actions import keep_wordings
from wallet.actions.grant_consent import grant_consent
from wallet.actions.keep_wordings import WordingChangedError
from wallet.consents import consented
from wallet.models import Birthday, Consent, ContactDetails, Declaration, Purpose
from wallet.own_data import sections_of

pytestmark = pytest.mark.django_db

SHOP = "/wallet/you/shops/bakkerij-bol/"
DATA = "/wallet/you/data/"


@pytest.fixture
def browser(client: Client, alice: Person) -> Client:
    """Alice's browser, in English."""
    client.force_login(alice)
    client.cookies["django_language"] = "en"
    return client


def in_force(person: Person) -> set[str]:
    with operator_scope("the test looks"):
        found = Consent.objects.filter(person_id=person.pk, withdrawn_at=None)
        return set(found.values_list("purpose", flat=True))


def say(browser: Client, purpose: str, *, yes: bool) -> Any:
    return browser.post(
        SHOP, {"purpose": purpose, "text_version": "1", **({"allow": "on"} if yes else {})}
    )


@pytest.mark.parametrize("purpose", Purpose.values)
def test_each_purpose_is_off_goes_on_alone_and_off_again(
    browser: Client, alice: Person, bakery: Merchant, purpose: str
) -> None:
    assert "checked" not in browser.get(SHOP).content.decode()
    say(browser, purpose, yes=True)
    assert in_force(alice) == {purpose}
    assert consented(bakery.pk, purpose).exists()
    page = browser.get(SHOP).content.decode()
    assert page.count("checked") == 1
    say(browser, purpose, yes=False)
    assert in_force(alice) == set()
    assert not consented(bakery.pk, purpose).exists()


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_purpose_has_its_text_in_every_language_and_it_is_kept(language: str) -> None:
    kept = set(
        call(
            'SELECT purpose, version, language, title, summary, "full" FROM wallet_consent_wording'
        )
    )
    for purpose in Purpose.values:
        version = consent_texts.CURRENT_VERSION[purpose]
        text = consent_texts.consent_text(purpose, version, language)
        assert "{merchant}" in text.full
        assert (purpose, version, language, text.title, text.summary, text.full) in kept


def test_a_text_that_was_edited_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = dict(consent_texts.all_texts())
    texts["identity", 1, "nl"] = texts["contact", 1, "nl"]
    monkeypatch.setattr(keep_wordings, "all_texts", lambda: texts)
    with pytest.raises(WordingChangedError, match="identity 1 nl"):
        keep_wordings.keep_wordings()


def test_a_new_text_is_offered_and_the_old_yes_counts_until_then(
    browser: Client, alice: Person, bakery: Merchant, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(browser, "identity", yes=True)
    newer = consent_texts.ConsentText("Who you are", "Your name", "{merchant} may see it anew.")
    monkeypatch.setitem(consent_texts._TEXTS, ("identity", 2, "en"), newer)
    monkeypatch.setitem(consent_texts.CURRENT_VERSION, "identity", 2)
    page = browser.get(SHOP).content.decode()
    assert "Yes to the new text" in page
    assert consented(bakery.pk, "identity").get().text_version == 1
    browser.post(SHOP, {"purpose": "identity", "text_version": "2", "allow": "on"})
    assert consented(bakery.pk, "identity").get().text_version == 2
    assert AuditEntry.objects.order_by("-id")[0].data["instead_of"] == 1
    with operator_scope("the test looks"):
        assert Consent.objects.filter(person_id=alice.pk).count() == 2


def test_one_tap_turns_everything_off_for_a_shop_and_another_everywhere(
    browser: Client, alice: Person, bakery: Merchant, bookshop: Merchant
) -> None:
    allow(alice, bakery.pk, *Purpose.values)
    allow(alice, bookshop.pk, "identity", "mail")
    browser.post(f"{SHOP}withdrawal/")
    assert in_force(alice) == {"identity", "mail"}
    page = browser.post(DATA, follow=True).content.decode()
    assert "2 consents have ended" in page
    assert in_force(alice) == set()


def test_thirty_shops_stand_in_one_list_and_can_be_searched(
    browser: Client, alice: Person, bakery: Merchant
) -> None:
    allow(alice, bakery.pk, "identity", "contact")
    for number in range(30):
        shop = create_merchant(
            reference=f"winkel-{number}",
            name=f"Winkel {number:02}",
            kvk=f"7000{number:04}",
            vat_number="NL004495445B01",
            iban="NL91ABNA0417164300",
            actor=SYSTEM,
        )
        allow(alice, shop.pk, "mail")
    page = browser.get(DATA).content.decode()
    assert page.count('href="/wallet/you/shops/') == 31
    assert "31 shops may know something about you" in page
    assert "Who you are and how to reach you" in page
    found = browser.get(DATA, {"q": "winkel 07"}).content.decode()
    assert found.count('href="/wallet/you/shops/') == 1
    assert "Winkel 07" in found
    assert "No shop that knows you" in browser.get(DATA, {"q": "<nergens>"}).content.decode()


def test_a_proof_can_be_checked_with_the_published_key(
    browser: Client, alice: Person, bakery: Merchant
) -> None:
    allow(alice, bakery.pk, "allergies")
    consent = consented(bakery.pk, "allergies").get()
    browser.get(SHOP)
    file = browser.get(f"{DATA}consents/{consent.pk}/").json()
    (key,) = Client().get("/.well-known/jwks.json").json()["keys"]
    jws = file["receipt"]["jws"]
    assert jwt.get_unverified_header(jws)["kid"] == key["kid"]
    record = jwt.decode(jws, jwt.PyJWK(key), algorithms=["ES256"])
    assert record == file["record"]
    (purpose,) = record["pii_processing"]["purposes"]
    assert purpose["lawful_basis"] == "explicit consent (GDPR Art. 9(2)(a))"
    notice = record["pii_processing"]["privacy_notice"]
    assert notice["text"].startswith("Allergieën zijn gegevens over uw gezondheid")
    assert "Bakkerij Bol" in notice["text"]
    assert [event["event_state"] for event in record["events"]] == ["consent given"]
    header, payload, signature = jws.split(".")
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(f"{header}.{payload[:-4]}AAAA.{signature}", jwt.PyJWK(key), ["ES256"])


def test_a_proof_of_before_can_still_be_checked_after_the_key_was_changed(
    browser: Client, alice: Person, bakery: Merchant, settings: Settings
) -> None:
    allow(alice, bakery.pk, "identity")
    consent = consented(bakery.pk, "identity").get()
    jws = browser.get(f"{DATA}consents/{consent.pk}/").json()["receipt"]["jws"]
    settings.OK_CONSENT_OLD_PUBLIC_KEYS = _public_half(settings.OK_CONSENT_PRIVATE_KEY)
    settings.OK_CONSENT_PRIVATE_KEY = _another_key()
    newest, earlier = Client().get("/.well-known/jwks.json").json()["keys"]
    newer = browser.get(f"{DATA}consents/{consent.pk}/").json()["receipt"]["jws"]
    assert jwt.get_unverified_header(jws)["kid"] == earlier["kid"]
    assert jwt.get_unverified_header(newer)["kid"] == newest["kid"]
    assert jwt.decode(jws, jwt.PyJWK(earlier), algorithms=["ES256"])
    with pytest.raises(jwt.InvalidSignatureError):
        jwt.decode(jws, jwt.PyJWK(newest), algorithms=["ES256"])


def _public_half(pem: str) -> str:
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


def _another_key() -> str:
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(serialization.Encoding.PEM, form, plain).decode()


def test_all_proofs_come_together_and_nobody_elses(
    browser: Client, alice: Person, bob: Person, bakery: Merchant, bookshop: Merchant
) -> None:
    allow(alice, bakery.pk, "identity")
    allow(alice, bookshop.pk, "mail")
    allow(bob, bakery.pk, "contact")
    say(browser, "identity", yes=False)
    everything = browser.get(f"{DATA}consents/").json()["consents"]
    assert [one["record"]["pii_processing"]["purposes"][0]["purpose"] for one in everything] == [
        "mail",
        "identity",
    ]
    states = [event["event_state"] for event in everything[1]["record"]["events"]]
    assert states == ["consent given", "consent withdrawn"]
    assert len(browser.get(f"{SHOP}consents/").json()["consents"]) == 1
    other = consented(bakery.pk, "contact").get()
    assert browser.get(f"{DATA}consents/{other.pk}/").status_code == 404


def test_what_one_tells_about_oneself_is_kept_and_can_be_emptied(
    browser: Client, alice: Person
) -> None:
    about = f"{DATA}about/"
    said = {"about": "contact", "phone": "06-12 34 56 78", "street": "Dam 1"}
    answer = browser.post(about, said | {"postal_code": "1012 JS", "city": "Amsterdam"})
    assert answer.status_code == 302
    assert ContactDetails.objects.get().phone == "+31612345678"
    browser.post(about, {"about": "allergy", "allergy-codes": ["milk"], "allergy-words": "kiwi"})
    browser.post(about, {"about": "preference", "preference-codes": ["organic"]})
    assert {str(one) for one in Declaration.objects.all()} == {"milk", "kiwi", "organic"}
    page = browser.get(about).content.decode()
    assert "kiwi" in page
    assert "+31612345678" in page
    browser.post(about, {"about": "allergy"})
    assert Declaration.objects.filter(kind="allergy").count() == 0
    browser.post(about, {"about": "contact"})
    assert not ContactDetails.objects.exists()
    audit = json.dumps(list(AuditEntry.objects.values_list("data", flat=True)))
    assert "kiwi" not in audit
    assert "milk" not in audit


def test_a_birthday_is_told_without_a_year_and_can_be_emptied(
    browser: Client, alice: Person
) -> None:
    about = f"{DATA}about/"
    assert browser.post(about, {"about": "birthday", "day": "29", "month": "2"}).status_code == 302
    first = Birthday.objects.get()
    assert (first.day, first.month) == (29, 2)
    assert 'value="29" selected' in browser.get(about).content.decode()
    browser.post(about, {"about": "birthday", "day": "29", "month": "2"})
    assert Birthday.objects.get().told_at == first.told_at
    browser.post(about, {"about": "birthday", "day": "1", "month": "3"})
    assert Birthday.objects.get().told_at > first.told_at
    assert sections_of(alice.pk)[0].rows[0]["birthday"] == "--0301"
    browser.post(about, {"about": "birthday"})
    assert not Birthday.objects.exists()
    assert sections_of(alice.pk)[0].rows[0]["birthday"] == ""
    entries = AuditEntry.objects.filter(action="birthday_set")
    assert set(map(str, entries.values_list("data", flat=True))) == {"{}"}


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"about": "birthday", "day": "30", "month": "2"}, "no such day"),
        ({"about": "birthday", "day": "30"}, "no such day"),
        ({"about": "birthday", "day": "1", "month": "13"}, ""),
        ({"about": "contact", "phone": "12"}, "no telephone number"),
        ({"about": "contact", "street": "Dam 1"}, "street, postal code and town"),
        ({"about": "allergy", "allergy-words": "x" * 81}, "at most ten lines"),
        ({"about": "allergy", "allergy-codes": ["gravity"]}, ""),
    ],
)
def test_what_cannot_be_kept_is_said_beside_it(
    browser: Client, said: dict[str, Any], sentence: str
) -> None:
    answer = browser.post(f"{DATA}about/", said)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Declaration.objects.exists()
    assert not ContactDetails.objects.exists()
    assert not Birthday.objects.exists()


def test_a_form_about_nothing_is_refused(browser: Client) -> None:
    assert browser.post(f"{DATA}about/", {"about": "everything"}).status_code == 400


def test_who_looked_is_paged_per_shop(
    browser: Client, alice: Person, bakery: Merchant, now: datetime
) -> None:
    allow(alice, bakery.pk, "identity", now=now - timedelta(days=9))
    call(
        "INSERT INTO wallet_disclosure (person_id, merchant_id, actor_kind, actor_id, actor_name,"
        " purpose, what, why, about, at)"
        " SELECT %s, %s, 'membership', '1', 'Sam (cashier)', 'identity', 'name', 'question',"
        " 'R-' || n, %s - n * interval '1 minute' FROM generate_series(1, 60) n",
        [alice.pk, bakery.pk, now],
    )
    first = browser.get(f"{DATA}looks/", {"shop": "bakkerij-bol"}).content.decode()
    assert first.count("Sam (cashier)") == 50
    assert "a question about a purchase, R-1" in first
    second = browser.get(f"{DATA}looks/", {"shop": "bakkerij-bol", "page": "2"}).content.decode()
    assert second.count("Sam (cashier)") == 10
    assert browser.get(f"{DATA}looks/", {"shop": "nergens"}).status_code == 404


def test_the_mirror_shows_what_is_shared_and_nothing_else(client: Client, bakery: Merchant) -> None:
    person = somebody()
    client.force_login(person)
    assert told(client.get(f"{SHOP}card/").content.decode()) == set()
    allow(person, bakery.pk, "contact", "allergies")
    assert told(client.get(f"{SHOP}card/").content.decode()) == {"contact", "allergies"}


def test_who_left_can_say_yes_to_nothing(alice: Person, bakery: Merchant) -> None:
    Person.objects.filter(pk=alice.pk).update(is_active=False)
    grant_consent(
        person_id=alice.pk,
        merchant_id=bakery.pk,
        purpose="identity",
        text_version=1,
        language="nl",
        now=clock.now(),
        actor=SYSTEM,
    )
    assert in_force(alice) == set()
