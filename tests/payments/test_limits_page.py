"""Where shoppers choose how much may be spent."""

import pytest
from django.test import Client

from okplatform.kernel.audit import SYSTEM
from okplatform.parties.models import Person
from payments.models import AccountLimit, BankAccount, PersonLimit
from tests.payments.books import bank_account
from tests.support.world import NOW
from wallet.actions.set_pin import set_pin

PIN = "31415"


@pytest.fixture
def hers(client: Client, alice: Person) -> Client:
    """Alice's browser, with a PIN of hers."""
    set_pin(person_id=alice.pk, pin=PIN, now=NOW, actor=SYSTEM)
    client.force_login(alice)
    client.cookies["django_language"] = "en"
    return client


def page_of(account: BankAccount) -> str:
    return f"/wallet/accounts/{account.pk}/limits/"


def said(daily: int, monthly: int, pin: str = "") -> dict[str, str]:
    return {"daily": str(daily), "monthly": str(monthly), "pin": pin}


def test_lower_works_at_once(hers: Client, account: BankAccount) -> None:
    answer = hers.post(page_of(account), said(50, 400), follow=True)
    assert "Your limits are set." in answer.content.decode()
    row = AccountLimit.objects.get()
    assert (row.daily, row.monthly) == (5_000, 40_000)
    assert 'value="50"' in hers.get(page_of(account)).content.decode()


@pytest.mark.parametrize(
    ("pin", "sentence"), [("", "Type your PIN"), ("27182", "That is not your PIN. Tries left: 4.")]
)
def test_higher_takes_the_pin(hers: Client, account: BankAccount, pin: str, sentence: str) -> None:
    answer = hers.post(page_of(account), said(2_000, 6_000, pin))
    assert (answer.status_code, AccountLimit.objects.count()) == (422, 0)
    assert sentence in answer.content.decode()
    hers.post(page_of(account), said(2_000, 6_000, PIN))
    assert AccountLimit.objects.get().daily == 200_000


@pytest.mark.parametrize(("daily", "monthly"), [(5_001, 100), (100, 25_001), (-1, 100)])
def test_nobody_goes_beyond_the_bounds(
    hers: Client, account: BankAccount, daily: int, monthly: int
) -> None:
    answer = hers.post(page_of(account), said(daily, monthly, PIN))
    assert (answer.status_code, AccountLimit.objects.count()) == (422, 0)


def test_all_accounts_together_have_limits_of_their_own(
    hers: Client, account: BankAccount, alice: Person
) -> None:
    assert "/wallet/accounts/limits/" in hers.get("/wallet/accounts/").content.decode()
    hers.post("/wallet/accounts/limits/", said(60, 500))
    row = PersonLimit.objects.get()
    assert (row.person_id, row.daily) == (alice.pk, 6_000)
    assert AccountLimit.objects.get(pk=account.pk).person_id == alice.pk


def test_nobody_sees_or_sets_anothers_limits(
    hers: Client, client: Client, account: BankAccount, bob: Person
) -> None:
    his = bank_account(bob)
    assert hers.get(page_of(his)).status_code == 404
    assert hers.post(page_of(his), said(1, 1)).status_code == 404
    client.logout()
    assert client.get(page_of(account)).status_code == 302
    assert not AccountLimit.objects.exists()
