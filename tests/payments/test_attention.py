"""The first page of the wallet says what about money waits for its owner; else it says nothing."""

import pytest
from django.test import Client

from okplatform.kernel.audit import SYSTEM
from payments.actions.close_mandate import close_mandate
from payments.actions.remove_bank_account import remove_bank_account
from payments.models import BankAccount, Collection
from tests.payments.refunding import give_back
from tests.payments.settling import our_account
from tests.payments.test_letters import owed
from tests.payments.test_office_pages import text
from tests.support.world import NOW, World

pytestmark = pytest.mark.django_db

HOME = "/wallet/"


@pytest.fixture
def hers(client: Client, world: World) -> Client:
    client.force_login(world.alice)
    return client


def test_whoever_has_settled_everything_sees_nothing(
    hers: Client, collected: Collection, bob_sees: Client
) -> None:
    for browser in (hers, bob_sees):
        assert text(browser.get(HOME)).count("attention-item") == UNSEEN


def test_what_the_bank_refused_is_said(
    hers: Client, bob_sees: Client, world: World, account: BankAccount
) -> None:
    our_account()
    owed(account, world, "AM04")
    shown = text(hers.get(HOME))
    assert "€ 18,40 kon niet worden afgeschreven" in shown
    assert f'href="/wallet/accounts/{account.pk}/"' in shown
    assert "18,40" not in text(bob_sees.get(HOME))


def test_an_account_that_pays_no_more_is_named(
    hers: Client, sale: int, account: BankAccount
) -> None:
    assert "betaalt niet meer" not in text(hers.get(HOME))
    close_mandate(person_id=account.person_id, bank_account_id=account.pk, now=NOW, actor=SYSTEM)
    assert "ABN AMRO •• 4300 betaalt niet meer" in text(hers.get(HOME))


def test_money_that_waits_for_an_account_is_said(
    hers: Client, world: World, sale: int, collected: Collection, account: BankAccount
) -> None:
    give_back(world.till, sale, 500)
    remove_bank_account(person_id=world.alice.pk, bank_account_id=account.pk, now=NOW, actor=SYSTEM)
    shown = text(hers.get(HOME))
    assert "U krijgt € 5,00 terug" in shown
    assert 'href="/wallet/refunds/"' in shown


@pytest.fixture
def bob_sees(world: World) -> Client:
    client = Client()
    client.force_login(world.bob)
    return client


UNSEEN = 1
"""The line that a phone shows by itself, for what it could not save."""
