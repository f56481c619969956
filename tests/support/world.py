"""The people and shops that tests speak of. Each comes into being when it is first named.

Alice shops, Bob shops too and is a member of nothing. Sam is the cashier of Bakkerij Bol. Olga owns
Boekhandel Kramer, with stores in Haarlem and Leiden and a webshop. Charlie owns the cheese shop
next door, and must never see anything of the others. Anna works at OK itself.
Tessa is a test person: she shops with test keys.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from rest_framework.test import APIClient

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.modes import Mode
from okplatform.parties.actions.add_terminal import add_terminal
from okplatform.parties.actions.appoint_staff import appoint_staff
from okplatform.parties.actions.create_merchant import create_merchant
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.actions.issue_api_key import IssuedKey, issue_api_key
from okplatform.parties.actions.open_store import open_store
from okplatform.parties.models import Channel, Merchant, Person, Role, Store, Terminal
from okplatform.parties.scopes import TILL_SCOPES

PASSWORD = "kaas-en-brood-voor-morgen"
NOW = datetime(2026, 11, 17, 14, 0, tzinfo=UTC)
"""A Tuesday afternoon, three o'clock in the Netherlands."""


@dataclass(frozen=True)
class Place:
    """A till in a store, and the keys it signs in with."""

    merchant: Merchant
    store: Store
    terminal: Terminal

    @cached_property
    def key(self) -> str:
        """A live key held to this till."""
        return self.issue_key().text

    @cached_property
    def test_key(self) -> str:
        """A test key held to this till, which may make test codes."""
        return self.issue_key(mode=Mode.TEST, scopes={*TILL_SCOPES, "test:codes"}).text

    def issue_key(self, *, mode: str = Mode.LIVE, scopes: Iterable[str] = TILL_SCOPES) -> IssuedKey:
        """Issue one more key held to this till."""
        return issue_api_key(
            merchant_id=self.merchant.pk,
            store_id=self.store.pk,
            terminal_id=self.terminal.pk,
            mode=mode,
            name=f"{self.store.name} {self.terminal.name}",
            scopes=scopes,
            actor=SYSTEM,
            now=NOW,
        )


@dataclass
class Shop:
    """A merchant with its places by store reference."""

    merchant: Merchant
    places: dict[str, Place] = field(default_factory=dict)

    def open(self, reference: str, name: str, channel: str = Channel.IN_STORE) -> Place:
        """Open a store with one till."""
        store = open_store(
            merchant_id=self.merchant.pk,
            reference=reference,
            name=name,
            channel=channel,
            city=name,
            actor=SYSTEM,
        )
        terminal = add_terminal(
            merchant_id=self.merchant.pk,
            store_id=store.pk,
            reference="kassa-1",
            name="Kassa 1",
            actor=SYSTEM,
        )
        self.places[reference] = Place(self.merchant, store, terminal)
        return self.places[reference]

    @cached_property
    def chain_key(self) -> str:
        """A live key for all of the merchant's stores."""
        return issue_api_key(
            merchant_id=self.merchant.pk, mode=Mode.LIVE, name="Keten", actor=SYSTEM, now=NOW
        ).text


class World:
    """Everybody, made through the actions on first use."""

    now = NOW

    @cached_property
    def alice(self) -> Person:
        return _person("Alice Jansen", "alice@example.nl")

    @cached_property
    def bob(self) -> Person:
        return _person("Bob de Vries", "bob@example.nl")

    @cached_property
    def tessa(self) -> Person:
        return _person("Tessa Test", "tessa@example.nl", mode=Mode.TEST)

    @cached_property
    def sam(self) -> Person:
        person = _person("Sam Bakker", "sam@bakkerijbol.example")
        _works(person, self.bol.merchant, Role.CASHIER)
        return person

    @cached_property
    def olga(self) -> Person:
        person = _person("Olga Kramer", "olga@boekhandelkramer.example")
        _works(person, self.kramer.merchant, Role.OWNER)
        return person

    @cached_property
    def charlie(self) -> Person:
        person = _person("Charlie Kaas", "charlie@kaashuis.example")
        _works(person, self.kaashuis.merchant, Role.OWNER)
        return person

    @cached_property
    def anna(self) -> Person:
        """One of OK's own people."""
        person = _person("Anna de Boer", "anna@ok.example")
        appoint_staff(email=person.email, actor=SYSTEM)
        person.refresh_from_db()
        return person

    @cached_property
    def bol(self) -> Shop:
        """Bakkerij Bol: one shop, one till."""
        shop = _shop("bakkerij-bol", "Bakkerij Bol", "60000001", "NL91ABNA0417164300")
        shop.open("utrecht", "Utrecht")
        return shop

    @cached_property
    def kramer(self) -> Shop:
        """Boekhandel Kramer: two stores and a webshop."""
        shop = _shop("boekhandel-kramer", "Boekhandel Kramer", "60000002", "NL20INGB0001234567")
        shop.open("haarlem", "Haarlem")
        shop.open("leiden", "Leiden")
        shop.open("webshop", "Webshop", Channel.ONLINE)
        return shop

    @cached_property
    def kaashuis(self) -> Shop:
        """Charlie's cheese shop."""
        shop = _shop("kaashuis", "Kaashuis Charlie", "60000003", "NL44RABO0123456789")
        shop.open("gouda", "Gouda")
        return shop

    @property
    def till(self) -> Place:
        """The till most tests sell at: Bakkerij Bol's."""
        return self.bol.places["utrecht"]

    @property
    def haarlem(self) -> Place:
        """Kramer's till in Haarlem."""
        return self.kramer.places["haarlem"]

    @property
    def leiden(self) -> Place:
        """Kramer's till in Leiden."""
        return self.kramer.places["leiden"]

    @property
    def webshop(self) -> Place:
        """Kramer's webshop."""
        return self.kramer.places["webshop"]

    @property
    def gouda(self) -> Place:
        """Charlie's till."""
        return self.kaashuis.places["gouda"]

    @staticmethod
    def api(key: str) -> APIClient:
        """Return a client of the API that signs in with a key."""
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
        return client


def _person(name: str, email: str, *, mode: str = Mode.LIVE) -> Person:
    return create_person(
        email=email, name=name, mode=mode, password=PASSWORD, address_proved=True, actor=SYSTEM
    )


def _works(person: Person, merchant: Merchant, role: str) -> None:
    grant_membership(person_id=person.pk, merchant_id=merchant.pk, role=role, actor=SYSTEM)


def _shop(reference: str, name: str, kvk: str, iban: str) -> Shop:
    return Shop(
        create_merchant(
            reference=reference,
            name=name,
            kvk=kvk,
            vat_number="NL004495445B01",
            iban=iban,
            actor=SYSTEM,
        )
    )
