"""What a shopper reads of money that comes back, and says where it goes."""

import pytest
from django.test import Client

from okplatform.kernel.audit import SYSTEM
from payments.actions.remove_bank_account import remove_bank_account
from payments.models import BankAccount, Collection, HouseAccount
from tests.payments.books import bank_account
from tests.payments.refunding import IN_TIME, bank_pays, give_back, order, refunds
from tests.support.signing_in import sign_in
from tests.support.world import NOW, World

REFUNDS = "/wallet/refunds/"
OTHER_IBAN = "NL02ABNA0123456789"


@pytest.fixture
def client(world: World) -> Client:
    """Alice's browser."""
    client = Client()
    sign_in(client, world.alice)
    return client


def page(client: Client, address: str = REFUNDS) -> str:
    return client.get(address).content.decode()


@pytest.mark.django_db
def test_nothing_comes_back_says_what_would(client: Client) -> None:
    assert "Er komt niets terug" in page(client)


def test_what_was_taken_off_says_so(world: World, client: Client, sale: int) -> None:
    give_back(world.till, sale, 500)
    assert "Afgetrokken van wat u nog moet betalen." in page(client)
    assert "1 teruggave" in page(client, "/wallet/accounts/")
    account = refunds()[0].bank_account_id
    assert "Bakkerij Bol, teruggegeven" in page(client, f"/wallet/accounts/{account}/")


def test_it_says_when_and_where_to(
    world: World, client: Client, sale: int, collected: Collection, ours: HouseAccount
) -> None:
    give_back(world.till, sale, 500)
    assert "Gaat vanaf 27 november naar ABN AMRO •• 4300." in page(client)
    order(IN_TIME)
    assert "Onderweg naar ABN AMRO •• 4300." in page(client)
    bank_pays(ours, refunds()[0])
    assert "Betaald op ABN AMRO •• 4300, 19 november." in page(client)


def test_who_took_the_account_away_chooses_another(
    world: World, client: Client, sale: int, collected: Collection, account: BankAccount
) -> None:
    give_back(world.till, sale, 500)
    remove_bank_account(person_id=world.alice.pk, bank_account_id=account.pk, now=NOW, actor=SYSTEM)
    assert 'href="/wallet/accounts/"' in page(client)
    other = bank_account(world.alice, OTHER_IBAN)
    assert f'value="{other.pk}"' in page(client)
    address = f"{REFUNDS}{refunds()[0].pk}/account/"
    assert client.post(address, {"account": str(other.pk)})["Location"] == REFUNDS
    assert "Bedankt. Het geld gaat naar deze rekening." in page(client)
    assert refunds()[0].pay_to_id == other.pk


@pytest.mark.parametrize("said", ["", "0", "²", "9" * 30, "x"])
def test_an_account_nobody_has_is_refused(
    world: World, client: Client, sale: int, collected: Collection, account: BankAccount, said: str
) -> None:
    give_back(world.till, sale, 500)
    remove_bank_account(person_id=world.alice.pk, bank_account_id=account.pk, now=NOW, actor=SYSTEM)
    client.post(f"{REFUNDS}{refunds()[0].pk}/account/", {"account": said})
    assert "Deze rekening staat niet in uw lijst." in page(client)
    assert refunds()[0].pay_to_id is None


def test_nobody_sees_anothers(world: World, sale: int) -> None:
    give_back(world.till, sale, 500)
    bobs = Client()
    sign_in(bobs, world.bob)
    assert "Er komt niets terug" in page(bobs)
    answer = bobs.post(f"{REFUNDS}{refunds()[0].pk}/account/", {"account": "1"})
    assert answer.status_code == 302
    assert refunds()[0].pay_to_id is None
    assert Client().get(REFUNDS).status_code == 302
