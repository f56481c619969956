"""Add, prove, sign: the pages that lead a shopper to an account from which codes pay."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from okplatform.kernel.audit import SYSTEM
from okplatform.parties.models import Person
from payments.actions.send_proofs import send_proofs
from payments.models import BankAccount, BankPayment, Collection
from tests.payments.books import bank_account, sell
from tests.payments.door import SEAL, Door, opened
from tests.payments.settling import bank_returns, collect, instruction, our_account
from tests.support.accounts import IBAN, added, proved
from tests.support.signing_in import sign_in
from tests.support.world import NOW, World

PAGE = "/wallet/accounts/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def hers(client: Client, alice: Person) -> Client:
    """Alice's browser."""
    sign_in(client, alice)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def door(tmp_path: Path, settings: Settings) -> Iterator[Door]:
    """A bank that OK knows by its settings."""
    for name, value in SEAL.items():
        setattr(settings, name, value)
    for door in opened(tmp_path):
        settings.OK_PIS_URL = door.url
        settings.OK_PAYEE_NAMES_URL = f"{door.url}/vop/v1/payee-verifications"
        yield door


def text(response: object) -> str:
    return " ".join(response.content.decode().split())  # type: ignore[attr-defined]


def add(client: Client, **form: str) -> object:
    return client.post(PAGE, {"iban": IBAN, "holder": "A. Jansen", **form}, follow=True)


def test_add_prove_sign_and_the_code_pays(hers: Client, alice: Person) -> None:
    our_account()
    page = text(add(hers))
    assert "Now prove that it is yours." in page
    assert "Sign the mandate" not in page
    account = BankAccount.objects.get()
    address = f"{PAGE}{account.pk}/"

    page = text(hers.post(f"{address}code/", follow=True))
    assert "We are sending € 0.01" in page
    (file_id,) = send_proofs(now=NOW, actor=SYSTEM)
    (told,) = instruction(file_id).texts("Ustrd")
    page = text(hers.post(f"{address}proof/", {"code": told.split()[-1]}, follow=True))
    assert "This account is yours" in page
    assert "You authorise Stichting Derdengelden OK" in page

    page = text(hers.post(f"{address}mandate/", {"text_version": "1"}, follow=True))
    assert "What is left to do" not in page
    account.refresh_from_db()
    assert account.ready_at is not None


def test_the_list_and_the_code_page_say_what_is_missing(hers: Client, alice: Person) -> None:
    assert "Add a bank account" in text(hers.get("/wallet/"))
    added(alice)
    assert "Not proved yet" in text(hers.get(PAGE))
    assert "Finish your bank account" in text(hers.get("/wallet/"))
    proved(alice, "NL20INGB0001234567")
    assert "Not signed for yet" in text(hers.get(PAGE))


def test_a_wrong_code_says_how_many_tries_are_left(hers: Client, alice: Person) -> None:
    our_account()
    account = added(alice)
    address = f"{PAGE}{account.pk}/"
    assert "No code works" in text(hers.post(f"{address}proof/", {"code": "1"}, follow=True))
    hers.post(f"{address}code/")
    send_proofs(now=NOW, actor=SYSTEM)
    page = text(hers.post(f"{address}proof/", {"code": "x"}, follow=True))
    assert "You can try 4 more times." in page


def test_a_test_person_reads_the_test_code(client: Client, world: World) -> None:
    sign_in(client, world.tessa)
    client.cookies["django_language"] = "en"
    account = added(world.tessa)
    page = text(client.post(f"{PAGE}{account.pk}/code/", follow=True))
    assert "the code is 123456" in page
    page = text(client.post(f"{PAGE}{account.pk}/proof/", {"code": "123456"}, follow=True))
    assert "This account is yours" in page


def test_nobody_proves_on_anothers_page(client: Client, alice: Person, bob: Person) -> None:
    account = added(alice)
    sign_in(client, bob)
    for step in ("code", "proof", "mandate"):
        client.post(f"{PAGE}{account.pk}/{step}/", {"code": "123456", "text_version": "1"})
    assert client.post(f"{PAGE}{account.pk}/proof-at-bank/").status_code == 404
    account.refresh_from_db()
    assert account.proved_at is None


def test_without_a_bank_the_page_offers_the_code_alone(hers: Client, alice: Person) -> None:
    page = text(hers.get(f"{PAGE}{added(alice).pk}/"))
    assert "Send me a code" in page
    assert "Prove it at my bank" not in page


def test_an_account_is_proved_at_the_bank(hers: Client, alice: Person, door: Door) -> None:
    our_account()
    account = added(alice)
    assert "Prove it at my bank" in text(hers.get(f"{PAGE}{account.pk}/"))
    page = text(hers.post(f"{PAGE}{account.pk}/proof-at-bank/", follow=True))
    assert "Approve it at your bank" in page
    found = re.search(rf'href="({door.url}/consent/[^"]+)"', page)
    assert found
    back = door.decide(found[1]).headers["location"]
    page = text(hers.get(back))
    assert "Now sign once" in page
    account.refresh_from_db()
    assert account.proved_by == "bank"


def test_a_debt_is_paid_on_the_page(hers: Client, alice: Person, world: World, door: Door) -> None:
    our_account()
    account = bank_account(alice)
    sell(world.till, account, 1_840)
    bank_returns(collect(), "MD06", same_day=True)
    assert "€18.40 could not be collected" in text(hers.get(f"{PAGE}{account.pk}/"))
    debt = Collection.objects.get()
    hers.post(f"/wallet/debts/{debt.pk}/payment/")
    payment = BankPayment.objects.get()
    door.decide(payment.approval_url)
    page = text(hers.get(f"/wallet/at-bank/{payment.request_id}/"))
    assert "Thank you." in page
    assert "could not be collected" not in text(hers.get(f"{PAGE}{account.pk}/"))
    assert "nothing to pay here" in text(
        hers.post(f"/wallet/debts/{debt.pk}/payment/", follow=True)
    )


def test_a_bank_that_does_not_answer_is_said_so(hers: Client, alice: Person, door: Door) -> None:
    our_account()
    account = added(alice)
    door.order("fail_call", next=9)
    page = text(hers.post(f"{PAGE}{account.pk}/proof-at-bank/", follow=True))
    assert "Your bank does not answer now" in page


def test_nobody_sees_anothers_payment(
    client: Client, alice: Person, bob: Person, door: Door
) -> None:
    our_account()
    account = added(alice)
    sign_in(client, alice)
    client.post(f"{PAGE}{account.pk}/proof-at-bank/")
    address = f"/wallet/at-bank/{BankPayment.objects.get().request_id}/"
    sign_in(client, bob)
    assert client.get(address).status_code == 404


def test_a_name_that_fits_is_said_so(hers: Client, door: Door) -> None:
    door.opens(IBAN, "Mw. A. Jansen")
    assert "The bank confirms that name." in text(add(hers))


@pytest.mark.parametrize(
    ("known", "sentence", "kept"),
    [
        ("A. Janssen", "The bank knows this account as A. Janssen.", "close"),
        ("P. de Groot", "The bank says that this account is in another name.", "no_match"),
    ],
)
def test_another_name_is_added_only_by_who_says_that_it_is_right(
    hers: Client, door: Door, known: str, sentence: str, kept: str
) -> None:
    door.opens(IBAN, known)
    page = text(add(hers))
    assert sentence in page
    assert "The number and the name are right" in page
    assert not BankAccount.objects.exists()
    add(hers, is_accepted="on")
    account = BankAccount.objects.get()
    assert account.name_check == kept
    assert account.name_checked_at is not None


@pytest.mark.parametrize("order", ["", "fail_call", "lose_answer"])
def test_a_bank_that_cannot_say_keeps_nobody_out(hers: Client, door: Door, order: str) -> None:
    if order:
        door.opens(IBAN, "P. de Groot")
        door.order(order, call="names")
    page = text(add(hers))
    assert "could not say whether that name is right" in page
    assert BankAccount.objects.get().name_check == "not_available"
