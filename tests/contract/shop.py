"""The shop that the contract is tried on: one till, a test key that may do all, a test person."""

from dataclasses import dataclass, field
from functools import cached_property

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.modes import Mode
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.actions.issue_api_key import issue_api_key
from okplatform.parties.models import Channel
from okplatform.parties.scopes import Scope
from tests.loyalty.bakery import Bakery
from tests.merchants.checkout.gift_cards import sells_cards
from tests.merchants.checkout.webshop import Shopper, payment_of
from tests.support.accounts import ready
from tests.support.counter import Counter, join
from tests.support.dark import DarkTill, allow
from tests.support.world import NOW, PASSWORD, World
from wallet.actions.issue_test_code import issue_test_code

MOST_KNOWN = 4
CODES_OF_ONE = 8
"""What one shopper may pay in a day and an hour is soon used up."""


@dataclass
class TestShop:
    """Bakkerij Bol with its programme and gift cards, and shoppers who are members and can pay."""

    __test__ = False

    world: World
    known: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.programme_id = Bakery(self.world).programme_id
        self.codes = 0
        self.code()
        self.world.bol.open("webshop", "Webshop", Channel.ONLINE)
        sells_cards(self.world.till)
        self.key = self._key(Mode.TEST, list(Scope))
        # Products have no mode: only a live key writes what they cost.
        self.live_key = self._key(Mode.LIVE, [Scope.PRODUCTS_WRITE])

    def _key(self, mode: str, scopes: list[Scope]) -> str:
        return issue_api_key(
            merchant_id=self.world.bol.merchant.pk,
            mode=mode,
            name="Contract",
            scopes=scopes,
            actor=SYSTEM,
            now=NOW,
        ).text

    def code(self) -> str:
        """Return what a test person's phone could show now."""
        if not self.codes % CODES_OF_ONE:
            self.shopper = self._shopper(self.codes // CODES_OF_ONE)
        self.codes += 1
        email = self.shopper.person.email
        return issue_test_code(email=email, now=clock.now(), actor=SYSTEM).code

    def _shopper(self, number: int) -> Shopper:
        person = create_person(
            email=f"test-{number}@example.nl",
            name=f"Test {number}",
            mode=Mode.TEST,
            password=PASSWORD,
            address_proved=True,
            actor=SYSTEM,
        )
        join(person, self.programme_id)
        return Shopper(person, ready(person))

    @cached_property
    def dark(self) -> DarkTill:
        """The till, without a network from now on: it signs what it sells."""
        till = self.world.till
        allow(till, mode=Mode.TEST)
        return DarkTill(Counter(till, till.test_key)).ready()

    def pays_online(self, uuid: str) -> str:
        """Let the shopper pay on the page of an online payment, if they can; return its state."""
        payment = payment_of(uuid)
        self.shopper.opens(payment)
        self.shopper.pays(payment, payment.asked)
        return str(payment_of(uuid).state)

    def remember(self, kind: str, what: object) -> None:
        """Keep the newest few of what answers told, for calls that follow no link."""
        if isinstance(what, str):
            known = self.known.setdefault(kind, [])
            known.append(what)
            del known[:-MOST_KNOWN]
