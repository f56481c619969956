"""A proof answers yes or no, only what is offered and attested; else the shop checks the ID."""

import http.client
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from django.test import Client
from rest_framework.test import APIClient

from demo.bank.attesting import ISSUER
from demo.bank.bank import Bank
from demo.bank.clock import Clock
from demo.bank.counter import Counter as BankCounter
from demo.bank.server import served
from okplatform.kernel import clock
from okplatform.kernel.db import call
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from okplatform.parties.scopes import TILL_SCOPES, Scope
from tests.support.phone import Phone
from tests.support.proofs import prove
from tests.support.world import World
from wallet import invariants
from wallet.models import Attestation, AttestationRequest, Disclosure, ProofOffer

pytestmark = pytest.mark.django_db

PROOFS = "/wallet/you/data/proofs/"
ADULT = {"claim": "age_over_18"}


@pytest.fixture
def issuer(tmp_path: Path, settings: Any) -> Iterator[str]:
    """The sandbox bank, which attests what its customers let it."""
    bank = Bank(tmp_path)
    with served(BankCounter(bank, Clock(None))) as address:
        settings.OK_ATTESTATION_ISSUERS = [
            {
                "id": ISSUER,
                "name": "Zandbank",
                "authorize": f"{address}/attest",
                "keys": f"{address}/attest/keys",
            }
        ]
        yield ISSUER
    bank.close()


@pytest.fixture
def browser(client: Client, alice: Person) -> Client:
    """Alice's browser, in English."""
    client.force_login(alice)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def phone(alice: Person) -> Phone:
    return Phone.of(alice, now=clock.now())


@pytest.fixture
def till(world: World) -> APIClient:
    """The bakery's till, which may ask for proofs."""
    return world.api(world.till.issue_key(scopes={*TILL_SCOPES, Scope.PROOFS_READ}).text)


def ask(till: APIClient, phone: Phone, claim: str = "age_over_18") -> Any:
    body = {"code": phone.shows(clock.now()), "claim": claim}
    return till.post("/api/v1/proof-checks", body, format="json")


def say(address: str, decision: str) -> str:
    """Decide at the issuer, and return where it sends the customer."""
    parts = urlsplit(address)
    connection_ = http.client.HTTPConnection(parts.netloc, timeout=5)
    connection_.request("GET", f"{parts.path}?{parts.query}")
    page = connection_.getresponse()
    assert (page.status, "18" in page.read().decode()) == (200, True)
    form = f"{parts.query}&{urlencode({'decision': decision})}"
    connection_.request("POST", parts.path, body=form)
    sent = connection_.getresponse()
    sent.read()
    connection_.close()
    return sent.headers["Location"]


def way_to(browser: Client, issuer: str) -> str:
    page = browser.post(f"{PROOFS}issuer/", {**ADULT, "issuer": issuer})
    address: str = page.context["address"]
    return address


def attested(browser: Client, issuer: str, decision: str = "yes") -> Any:
    back = urlsplit(say(way_to(browser, issuer), decision))
    return browser.get(f"{back.path}?{back.query}", follow=True)


@pytest.mark.parametrize(("decision", "answer"), [("yes", "yes"), ("no", "no")])
def test_what_is_attested_and_offered_is_answered_and_nothing_else_is_said(
    browser: Client, issuer: str, phone: Phone, till: APIClient, decision: str, answer: str
) -> None:
    assert "Kept." in attested(browser, issuer, decision).content.decode()
    browser.post(PROOFS, ADULT)
    told = ask(till, phone).json()
    assert (set(told), told["answer"]) == ({"claim", "answer", "sentence"}, answer)
    assert "Alice" not in str(told)
    with operator_scope("the test looks"):
        look = Disclosure.objects.get()
    assert (look.why, look.about, look.actor_name) == ("proof", "age_over_18", "utrecht · kassa-1")
    page = browser.get("/wallet/you/data/looks/").content.decode()
    assert "a proof you offered, 18 or older" in page
    prove()


def test_what_was_not_offered_or_not_attested_is_answered_alike(
    browser: Client, issuer: str, phone: Phone, till: APIClient
) -> None:
    assert ask(till, phone).json()["answer"] == "check_the_id"
    browser.post(PROOFS, ADULT)
    assert ask(till, phone).json()["answer"] == "check_the_id"
    ProofOffer.objects.all().delete()
    attested(browser, issuer)
    assert ask(till, phone).json()["answer"] == "check_the_id"
    browser.post(PROOFS, ADULT)
    assert ask(till, phone, "student").json()["answer"] == "check_the_id"
    with operator_scope("the test looks"):
        assert not Disclosure.objects.exists()


def test_an_offer_is_for_one_shop_which_may_repeat_its_call_and_for_two_minutes(
    browser: Client, issuer: str, phone: Phone, till: APIClient, world: World
) -> None:
    attested(browser, issuer)
    browser.post(PROOFS, ADULT)
    assert [ask(till, phone).json()["answer"] for _ in range(2)] == ["yes", "yes"]
    other = world.api(world.gouda.issue_key(scopes={Scope.PROOFS_READ}).text)
    assert ask(other, phone).json()["answer"] == "check_the_id"
    ProofOffer.objects.update(until=clock.now() - timedelta(seconds=1))
    assert ask(till, phone).json()["answer"] == "check_the_id"


def test_an_attestation_ends(browser: Client, issuer: str, phone: Phone, till: APIClient) -> None:
    attested(browser, issuer)
    browser.post(PROOFS, ADULT)
    now = clock.now()
    Attestation.objects.update(
        attested_at=now - timedelta(days=91), expires_at=now - timedelta(seconds=1)
    )
    assert ask(till, phone).json()["answer"] == "check_the_id"
    assert "Nobody has attested this yet" in browser.get(PROOFS).content.decode()


def test_a_key_without_the_scope_may_not_ask(world: World, phone: Phone) -> None:
    answer = ask(world.api(world.till.key), phone)
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


@pytest.mark.parametrize(
    "body",
    [{}, {"code": "1", "claim": "rich"}, {"code": "1", "claim": "student", "name": "x"}],
)
def test_a_call_that_makes_no_sense_is_refused(till: APIClient, body: dict[str, str]) -> None:
    answer = till.post("/api/v1/proof-checks", body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_a_code_that_is_none_is_refused(till: APIClient) -> None:
    body = {"code": "12345", "claim": "student"}
    assert till.post("/api/v1/proof-checks", body, format="json").json()["code"] == "code_malformed"


def test_somebody_elses_credential_is_refused(browser: Client, issuer: str, bob: Person) -> None:
    """Bob is of age; Alice comes back with what was signed for him, or for an earlier request."""
    his = Client()
    his.force_login(bob)
    token = urlsplit(say(way_to(his, issuer), "yes")).query
    way_to(browser, issuer)
    asked = AttestationRequest.objects.get(person_id=browser.session["_auth_user_id"])
    page = browser.get(f"{PROOFS}{asked.nonce}/?{token}", follow=True)
    assert "cannot be used" in page.content.decode()
    assert not Attestation.objects.exists()


@pytest.mark.parametrize("token", ["", "nonsense", "e30.e30.e30"])
def test_what_the_issuer_did_not_sign_is_refused(browser: Client, issuer: str, token: str) -> None:
    way_to(browser, issuer)
    asked = AttestationRequest.objects.get()
    page = browser.get(f"{PROOFS}{asked.nonce}/", {"id_token": token}, follow=True)
    assert "cannot be used" in page.content.decode()
    assert not Attestation.objects.exists()


def test_an_answer_counts_once_and_not_after_half_an_hour(browser: Client, issuer: str) -> None:
    back = urlsplit(say(way_to(browser, issuer), "yes"))
    AttestationRequest.objects.update(asked_at=clock.now() - timedelta(minutes=31))
    browser.get(f"{back.path}?{back.query}")
    assert not Attestation.objects.exists()
    AttestationRequest.objects.update(asked_at=clock.now())
    for expected in ("Kept.", "cannot be used"):
        page = browser.get(f"{back.path}?{back.query}", follow=True)
        assert expected in page.content.decode()


def test_an_issuer_that_is_gone_changes_nothing(
    browser: Client, issuer: str, settings: Any
) -> None:
    way_to(browser, issuer)
    asked = AttestationRequest.objects.get()
    settings.OK_ATTESTATION_ISSUERS = []
    page = browser.get(f"{PROOFS}{asked.nonce}/", {"id_token": "a.b.c"}, follow=True)
    assert "cannot be used" in page.content.decode()
    assert "There is nobody yet who can attest this" in page.content.decode()
    assert browser.post(f"{PROOFS}issuer/", {**ADULT, "issuer": issuer}).status_code == 404
    assert browser.post(PROOFS, {"claim": "rich"}).status_code == 404


def test_what_an_issuer_attested_counts_while_it_is_trusted(
    browser: Client, issuer: str, phone: Phone, till: APIClient, settings: Any
) -> None:
    attested(browser, issuer)
    browser.post(PROOFS, ADULT)
    settings.OK_ATTESTATION_ISSUERS = []
    assert ask(till, phone).json()["answer"] == "check_the_id"
    assert "Attested by" not in browser.get(PROOFS).content.decode()


def test_a_look_at_a_proof_that_was_not_offered_is_found(alice: Person, world: World) -> None:
    call(
        "INSERT INTO wallet_disclosure (person_id, merchant_id, actor_kind, actor_id, actor_name,"
        " purpose, what, why, about, at)"
        " VALUES (%s, %s, 'api_key', '1', 'Kassa 1', 'proof', 'proof', 'proof', 'student', now())",
        [alice.pk, world.bol.merchant.pk],
    )
    assert len(invariants.disclosures_have_consent().breaches) == 1
