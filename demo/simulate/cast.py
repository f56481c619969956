"""Who takes part: shops with their tills, and shoppers with their phones and bank accounts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import NamedTuple

from schwifty import IBAN

from demo.phones import Phone, enrol_phone
from loyalty.actions.join_programme import join_programme
from loyalty.actions.publish_programme import ProgrammeTerms, publish_programme
from loyalty.engine import Texts
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.modes import Mode
from okplatform.parties.actions.add_terminal import add_terminal
from okplatform.parties.actions.create_merchant import create_merchant
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.actions.issue_api_key import issue_api_key
from okplatform.parties.actions.open_store import open_store
from okplatform.parties.models import Channel
from okplatform.parties.scopes import TILL_SCOPES, Scope
from payments.actions.add_bank_account import add_bank_account
from payments.actions.choose_plan import choose_plan
from payments.actions.grant_credit import grant_credit
from payments.actions.put_acquirer import put_acquirer
from payments.actions.put_plan import Prices, put_plan
from payments.actions.set_limits import set_limits
from payments.actions.set_payout_terms import set_payout_terms
from payments.actions.set_refund_terms import set_refund_terms
from payments.actions.sign_mandate import sign_mandate
from payments.actions.vouch_for_account import vouch_for_account
from payments.bankfiles.acquirer import AcquirerMapping
from payments.bookkeeping.fees import Rate
from payments.calendar import Schedule, local_day
from payments.gateways.payee_names import NoPayeeNames
from payments.mandate_texts import CURRENT_VERSION
from payments.spending import MOST_DAILY, MOST_MONTHLY
from wallet.actions.set_pin import set_pin

PIN = "271828"
"""What everybody types to confirm."""
ACQUIRER_FILE = AcquirerMapping(
    amount="Bedrag",
    booked_on="Datum",
    reference="Terminal",
    bank_reference="Nummer",
    batch="Partij",
    decimal_mark=",",
    date_format="%d-%m-%Y",
    delimiter=";",
)
VAT_NUMBER = "NL004495445B01"
TERMS = Texts(nl="U spaart over wat u betaalt.", en="You earn on what you pay.")
MOST_PROGRAMMES = 3
MOST_HOURLY = 1_000
"""A day here has as many payments as a month elsewhere."""
POINTS = Texts(nl="punten", en="points")


PLANS: Mapping[str, Prices] = {
    "per-keer": Prices(monthly=0, in_store=Rate(1_250, 20), online=Rate(2_500, 90)),
    "vast": Prices(
        monthly=490_000, in_store=Rate(750, 15), online=Rate(1_900, 60), returns_fees=True
    ),
}
"""What OK asks of shops, in 1/100 cent; the first is the default."""


class Terms(NamedTuple):
    """How a shop is paid out (cents), and how many milli-points it gives per cent; 0 is none.

    ``floor`` is how far refunds may take its balance; ``at_once`` lets them go before the bank's
    days are over, at its own risk. ``plan`` is one of ``PLANS``, empty for the default one.
    """

    schedule: Schedule
    threshold: int
    reserve: int
    milli_points_per_cent: int
    floor: int
    at_once: bool
    plan: str = ""

    @property
    def prices(self) -> Prices:
        """Return what OK asks of the shop."""
        return PLANS[self.plan or next(iter(PLANS))]


TERMS_IN_TURN = (
    Terms(Schedule.DAILY, 1, 0, 10, -10_000, at_once=False),
    Terms(Schedule.INSTANT, 1, 0, 7, -20_000, at_once=True),
    Terms(Schedule.HOURLY, 2_500, 0, 0, 0, at_once=False, plan="vast"),
    Terms(Schedule.WEEKLY, 1, 5_000, 25, 0, at_once=False),
)


@dataclass(frozen=True, slots=True)
class Till:
    """One till, or a webshop's: whose it is, and what it signs in with to sell and to give back.

    ``prices`` are what each of its sales costs the shop.
    """

    merchant_id: int
    store_id: int
    store: str
    channel: str
    key: str
    refund_key: str
    prices: Prices


@dataclass(frozen=True, slots=True)
class Shop:
    """A merchant with its tills, where it is paid out, and its programme if it has one."""

    merchant_id: int
    name: str
    iban: str
    terms: Terms
    tills: tuple[Till, ...]
    programme_id: int | None
    acquirer_id: int

    def agree_on_terms(self, *, now: datetime) -> None:
        """Say, or say again, where and how it wants its money."""
        set_payout_terms(
            merchant_id=self.merchant_id,
            iban=self.iban,
            holder=self.name,
            schedule=self.terms.schedule,
            threshold=self.terms.threshold,
            reserve=self.terms.reserve,
            names=NoPayeeNames(),
            now=now,
            actor=SYSTEM,
        )


@dataclass(slots=True)
class Shopper:
    """A person with a phone; ``accounts`` are the bank accounts by their key, newest last.

    ``unproved`` are those of which nobody knows yet whose they are.
    """

    name: str
    phone: Phone
    accounts: dict[int, str] = field(default_factory=dict)
    unproved: dict[int, str] = field(default_factory=dict)

    @property
    def person_id(self) -> int:
        """Return whose phone this is."""
        return self.phone.person_id

    def pays_from(self, account_id: int | None) -> None:
        """Choose what the phone's next codes pay from; None only says who shows it."""
        self.phone.funding_ref = account_id
        self.phone.handles.clear()

    def add_account(self, iban: str, *, signs: bool, now: datetime) -> int:
        """Add a bank account that somebody vouches for; sign for it or not yet."""
        account_id = self.add_unproved(iban, now=now)
        vouch_for_account(bank_account_id=account_id, now=now, actor=SYSTEM)
        self.has_proved(account_id, now=now)
        if signs:
            self.sign(account_id, now=now)
        return account_id

    def add_unproved(self, iban: str, *, now: datetime) -> int:
        """Add a bank account of which nobody knows yet whose it is."""
        account = add_bank_account(
            person_id=self.person_id,
            mode=Mode.LIVE,
            iban=iban,
            holder=self.name,
            now=now,
            actor=self.phone.actor,
        )
        self.unproved[account.pk] = iban
        return account.pk

    def has_proved(self, account_id: int, *, now: datetime) -> None:
        """Count a proved account among those to pay from, with the highest limits."""
        self.accounts[account_id] = self.unproved.pop(account_id)
        for limited in (account_id, None)[: len(self.accounts)]:
            set_limits(
                person_id=self.person_id,
                bank_account_id=limited,
                daily=MOST_DAILY,
                monthly=MOST_MONTHLY,
                hourly_payments=MOST_HOURLY,
                now=now,
                actor=self.phone.actor,
            )

    def sign(self, account_id: int, *, now: datetime) -> None:
        """Let OK collect from an account."""
        sign_mandate(
            person_id=self.person_id,
            bank_account_id=account_id,
            text_version=CURRENT_VERSION,
            now=now,
            actor=self.phone.actor,
        )


class Cast:
    """Everybody, made as they come in."""

    def __init__(self) -> None:
        self.shops: list[Shop] = []
        self.shoppers: list[Shopper] = []
        self._numbers = count(1)

    def new_iban(self, bank: str) -> str:
        """Make up an account number; its check digits are right, and it is nobody's."""
        return IBAN.generate("NL", bank, str(next(self._numbers))).compact

    def price_plans(self, *, now: datetime) -> None:
        """Say what OK costs, from the first of this month on."""
        for number, (code, prices) in enumerate(PLANS.items()):
            put_plan(
                code=code,
                name={"nl": code, "en": code},
                since=local_day(now).replace(day=1),
                prices=prices,
                is_default=not number,
                now=now,
                actor=SYSTEM,
            )

    def open_shop(self, *, now: datetime) -> Shop:
        """Let a merchant begin, with a store and a webshop."""
        terms = TERMS_IN_TURN[len(self.shops) % len(TERMS_IN_TURN)]
        number = len(self.shops) + 1
        merchant = create_merchant(
            reference=f"shop-{number}",
            name=f"Winkel {number}",
            kvk=f"{60_000_000 + number}",
            vat_number=VAT_NUMBER,
            iban=self.new_iban("RABO"),
            actor=SYSTEM,
        )
        grant_credit(merchant_id=merchant.pk, credit=-terms.floor, actor=SYSTEM)
        set_refund_terms(merchant_id=merchant.pk, at_once=terms.at_once, now=now, actor=SYSTEM)
        shop = Shop(
            merchant_id=merchant.pk,
            name=merchant.name,
            iban=merchant.iban,
            terms=terms,
            tills=(
                _till(merchant.pk, "winkel", Channel.IN_STORE, terms.prices, now=now),
                _till(merchant.pk, "webshop", Channel.ONLINE, terms.prices, now=now),
            ),
            programme_id=_programme(merchant.pk, terms.milli_points_per_cent, now=now),
            acquirer_id=put_acquirer(
                merchant_id=merchant.pk,
                mode=Mode.LIVE,
                name="Pinbedrijf",
                iban="",
                mapping=ACQUIRER_FILE,
                since=local_day(now),
                now=now,
                actor=SYSTEM,
            ),
        )
        shop.agree_on_terms(now=now)
        if terms.plan:
            since = local_day(now).replace(day=1)
            choose_plan(
                merchant_id=merchant.pk, code=terms.plan, since=since, now=now, actor=SYSTEM
            )
        self.shops.append(shop)
        return shop

    def welcome_shopper(self, *, now: datetime) -> Shopper:
        """Let a person sign up, with a phone and an account, and join some programmes."""
        number = len(self.shoppers) + 1
        person = create_person(
            email=f"shopper-{number}@example.com",
            name=f"Klant {number}",
            mode=Mode.LIVE,
            address_proved=True,
            actor=SYSTEM,
        )
        phone = enrol_phone(person_id=person.pk, mode=Mode.LIVE, now=now - timedelta(minutes=1))
        shopper = Shopper(person.name, phone)
        set_pin(person_id=person.pk, pin=PIN, now=now, actor=phone.actor)
        shopper.pays_from(shopper.add_account(self.new_iban("INGB"), signs=True, now=now))
        for programme_id in self._programmes(number):
            join_programme(
                programme_id=programme_id,
                person_id=person.pk,
                terms_version=1,
                actor=phone.actor,
                now=now,
            )
        self.shoppers.append(shopper)
        return shopper

    def _programmes(self, number: int) -> list[int]:
        """Return the first programmes that this shopper comes by."""
        first = number % len(self.shops)
        passed = [*self.shops[first:], *self.shops[:first]]
        return [shop.programme_id for shop in passed if shop.programme_id][:MOST_PROGRAMMES]


def _till(merchant_id: int, reference: str, channel: str, prices: Prices, *, now: datetime) -> Till:
    store = open_store(
        merchant_id=merchant_id,
        reference=reference,
        name=reference.capitalize(),
        channel=channel,
        city="Utrecht",
        actor=SYSTEM,
    )
    terminal = add_terminal(
        merchant_id=merchant_id,
        store_id=store.pk,
        reference="kassa-1",
        name="Kassa 1",
        actor=SYSTEM,
    )
    keys = [
        issue_api_key(
            merchant_id=merchant_id,
            store_id=store.pk,
            terminal_id=terminal.pk,
            mode=Mode.LIVE,
            name=reference,
            scopes=scopes,
            actor=SYSTEM,
            now=now,
        ).text
        for scopes in (TILL_SCOPES, {Scope.REFUNDS_WRITE, Scope.SALES_READ})
    ]
    return Till(merchant_id, store.pk, reference, channel, keys[0], keys[1], prices)


def _programme(merchant_id: int, milli_points_per_cent: int, *, now: datetime) -> int | None:
    if not milli_points_per_cent:
        return None
    promise = ProgrammeTerms(
        name="Spaarprogramma",
        points_name=POINTS,
        milli_points_per_cent=milli_points_per_cent,
        terms=TERMS,
    )
    return publish_programme(merchant_id=merchant_id, promise=promise, actor=SYSTEM, now=now)
