"""The shopper's bank accounts, as one sees and changes them."""

import pytest
from django.test import Client

from okplatform.parties.models import Person
from payments.models import BankAccount, Mandate
from tests.payments.books import bank_account, sell
from tests.support.accounts import IBAN, proved
from tests.support.signing_in import sign_in
from tests.support.world import World

PAGE = "/wallet/accounts/"


@pytest.fixture
def hers(client: Client, alice: Person) -> Client:
    """Alice's browser."""
    alice.language = "en"
    alice.save()
    sign_in(client, alice)
    client.cookies["django_language"] = "en"
    return client


def text(response: object) -> str:
    return " ".join(response.content.decode().split())  # type: ignore[attr-defined]


def test_nobody_sees_accounts_without_signing_in(client: Client, account: BankAccount) -> None:
    for address in (PAGE, f"{PAGE}{account.pk}/"):
        assert client.get(address).status_code == 302
    assert client.post(f"{PAGE}{account.pk}/removal/").status_code == 302
    account.refresh_from_db()
    assert account.removed_at is None


def test_the_first_visit_teaches_the_next_step(hers: Client) -> None:
    page = text(hers.get(PAGE))
    assert "Add your bank account" in page
    assert 'value="Alice Jansen"' in page


def test_an_account_is_added_and_listed_by_its_last_digits(hers: Client, alice: Person) -> None:
    answer = hers.post(PAGE, {"iban": "nl91 abna 0417 1643 00", "holder": "A. Jansen"}, follow=True)
    assert "Added." in text(answer)
    assert "ABN AMRO" in text(answer)
    assert "4300" in text(answer)
    assert IBAN not in text(answer)
    assert BankAccount.objects.get().person == alice


@pytest.mark.parametrize(
    ("iban", "holder", "sentence"),
    [
        ("NL91ABNA0417164301", "A. Jansen", "This is not an account number (IBAN)."),
        ("hello", "A. Jansen", "This is not an account number (IBAN)."),
        ("BR1800360305000010009795493C1", "A. Jansen", "OK cannot collect from this country."),
        ("", "A. Jansen", "This field is required."),
        (IBAN, " ", "This field is required."),
        (IBAN, "x" * 71, "at most 70 characters"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    hers: Client, iban: str, holder: str, sentence: str
) -> None:
    answer = hers.post(PAGE, {"iban": iban, "holder": holder})
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert f'value="{iban}"' in text(answer) or not iban
    assert not BankAccount.objects.exists()


def test_the_same_account_again_is_refused_in_words(hers: Client, account: BankAccount) -> None:
    answer = hers.post(PAGE, {"iban": account.iban, "holder": "A. Jansen"})
    assert "This account is in your list already." in text(answer)
    assert BankAccount.objects.count() == 1


def test_what_is_still_to_be_collected_stands_beside_the_account(
    hers: Client, world: World, account: BankAccount
) -> None:
    sell(world.till, account, 1_840)
    sell(world.till, account, 260)
    assert "€21.00 to be collected" in text(hers.get(PAGE))
    page = text(hers.get(f"{PAGE}{account.pk}/"))
    assert "€21.00" in page
    assert page.index("€2.60") < page.index("€18.40")
    assert page.count("Bakkerij Bol") == 2


def test_a_removed_account_is_gone(hers: Client, account: BankAccount) -> None:
    answer = hers.post(f"{PAGE}{account.pk}/removal/", follow=True)
    assert "Removed." in text(answer)
    assert "4300" not in text(answer)
    assert hers.get(f"{PAGE}{account.pk}/").status_code == 404
    assert "not in your list" in text(hers.post(f"{PAGE}{account.pk}/removal/", follow=True))


def test_nobody_sees_or_removes_anothers_account(hers: Client, bob: Person) -> None:
    his = bank_account(bob)
    assert "4300" not in text(hers.get(PAGE))
    assert hers.get(f"{PAGE}{his.pk}/").status_code == 404
    hers.post(f"{PAGE}{his.pk}/removal/")
    his.refresh_from_db()
    assert his.removed_at is None


def test_a_test_person_has_test_accounts(client: Client, world: World) -> None:
    sign_in(client, world.tessa)
    client.post(PAGE, {"iban": IBAN, "holder": "Tessa"})
    assert BankAccount.objects.get().mode == "test"


def test_removing_is_no_link_that_a_robot_follows(hers: Client, account: BankAccount) -> None:
    assert hers.get(f"{PAGE}{account.pk}/removal/").status_code == 405
    account.refresh_from_db()
    assert account.removed_at is None


def test_a_proved_account_asks_to_be_signed_for_and_says_what_one_signs(
    hers: Client, alice: Person
) -> None:
    answer = hers.get(f"{PAGE}{proved(alice).pk}/")
    assert "You authorise Stichting Derdengelden OK" in text(answer)
    assert "within 8 weeks" in text(answer)
    assert not Mandate.objects.exists()


def test_who_signs_has_a_mandate_in_that_text(hers: Client, alice: Person) -> None:
    account = proved(alice)
    assert "Not signed for yet" in text(hers.get(PAGE))
    address = f"{PAGE}{account.pk}/"

    answer = hers.post(f"{address}mandate/", {"text_version": "1"}, follow=True)

    mandate = Mandate.objects.get()
    assert (mandate.bank_account_id, mandate.text_version) == (account.pk, 1)
    assert f"Mandate {mandate.reference}, signed:" in text(answer)
    assert "You authorise" not in text(answer)
    assert "Not signed for yet" not in text(hers.get(PAGE))


def test_signing_twice_or_another_text_signs_nothing_more(hers: Client, alice: Person) -> None:
    account = proved(alice)
    address = f"{PAGE}{account.pk}/mandate/"
    for version in ("2", "", "x"):
        answer = hers.post(address, {"text_version": version}, follow=True)
        assert "The text has changed." in text(answer)
    assert not Mandate.objects.exists()
    hers.post(address, {"text_version": "1"})
    again = hers.post(address, {"text_version": "1"}, follow=True)
    assert "You have signed for this account already." in text(again)
    assert Mandate.objects.count() == 1


def test_nobody_signs_for_anothers_account(client: Client, bob: Person, alice: Person) -> None:
    account = proved(alice)
    sign_in(client, bob)
    client.post(f"{PAGE}{account.pk}/mandate/", {"text_version": "1"})
    assert not Mandate.objects.exists()


def test_a_withdrawn_mandate_is_closed_and_may_be_signed_anew(hers: Client, alice: Person) -> None:
    account = proved(alice)
    address = f"{PAGE}{account.pk}/"
    hers.post(f"{address}mandate/", {"text_version": "1"})
    assert "Withdrawn." in text(hers.post(f"{address}withdrawal/", follow=True))
    assert [mandate.state for mandate in Mandate.objects.all()] == ["closed"]
    answer = hers.post(f"{address}withdrawal/", follow=True)
    assert "You have not signed for this account" in text(answer)
    hers.post(f"{address}mandate/", {"text_version": "1"})
    assert sorted(mandate.state for mandate in Mandate.objects.all()) == ["active", "closed"]
