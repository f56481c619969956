from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from okplatform.kernel.audit import SYSTEM
from okplatform.parties.models import Person
from payments.models import HouseAccount
from tests.loyalty.bakery import Bakery
from tests.merchants.checkout.at_bank import BankPayer
from tests.merchants.checkout.connecting import connect, recognise
from tests.merchants.checkout.webshop import Shopper, Webshop
from tests.payments.books import bank_account
from tests.payments.door import SEAL, Door, opened
from tests.payments.settling import our_account
from tests.support.accounts import added
from tests.support.chain import Chain, running
from tests.support.confirming import PIN
from tests.support.counter import Counter, join, with_bank_account
from tests.support.phone import Phone
from tests.support.world import NOW, World
from wallet.actions.set_pin import set_pin


@pytest.fixture
def phone(alice: Person) -> Phone:
    """Alice's phone; she is no member, and confirms with a PIN."""
    set_pin(person_id=alice.pk, pin=PIN, now=NOW, actor=SYSTEM)
    return with_bank_account(alice)


@pytest.fixture
def counter(world: World) -> Counter:
    """Bakkerij Bol's till."""
    return Counter(world.till, world.till.key)


@pytest.fixture
def hers(client: Client, alice: Person) -> Client:
    """Alice's phone, by its browser."""
    client.force_login(alice)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def member(alice: Person, bakery: Bakery) -> Phone:
    """Alice's phone; she saves points at the bakery."""
    join(alice, bakery.programme_id)
    return with_bank_account(alice)


@pytest.fixture
def webshop(world: World) -> Webshop:
    """Kramer's webshop, live."""
    return Webshop(world.webshop, world.webshop.key)


@pytest.fixture
def shopper(alice: Person) -> Shopper:
    """Alice in her browser, with a bank account."""
    return Shopper(alice, bank_account(alice))


@pytest.fixture
def console(world: World) -> Client:
    """The owner of Boekhandel Kramer, in the console."""
    browser = Client()
    browser.force_login(world.olga)
    browser.cookies["django_language"] = "en"
    return browser


@pytest.fixture
def door(tmp_path: Path, settings: Settings) -> Iterator[Door]:
    """A bank that OK knows by its settings."""
    for name, value in SEAL.items():
        setattr(settings, name, value)
    for door in opened(tmp_path):
        settings.OK_PIS_URL = door.url
        yield door


@pytest.fixture
def ours() -> HouseAccount:
    """OK's own account at its bank."""
    return our_account()


@pytest.fixture
def payer(alice: Person, door: Door, ours: HouseAccount) -> BankPayer:
    """Alice, with an account that is not proved or signed for."""
    return BankPayer(alice, added(alice), door)


@pytest.fixture
def bobs(bob: Person, door: Door, ours: HouseAccount) -> BankPayer:
    """Bob, with such an account."""
    return BankPayer(bob, added(bob, "NL44RABO0123456789"), door)


@pytest.fixture
def chain(settings: Settings) -> Iterator[Chain]:
    """A chain's own loyalty system, which may lie on this machine."""
    settings.OK_WEBHOOK_LOOPBACK = True
    with running() as found:
        yield found


@pytest.fixture
def connected(bakery: Bakery, chain: Chain, alice: Person) -> Bakery:
    """The bakery asks its chain; Alice is a member and lets herself be recognised."""
    connect(bakery, chain)
    join(alice, bakery.programme_id)
    recognise(alice, bakery)
    return bakery
