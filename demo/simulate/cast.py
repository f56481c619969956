"""Who takes part: shops with their tills, and shoppers with their phones and bank accounts."""

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
from payments.actions.add_bank_account import add_bank_account
from payments.actions.open_merchant_accounts import open_merchant_accounts
from payments.actions.set_limits import set_limits
from payments.actions.set_payout_terms import set_payout_terms
from payments.actions.sign_mandate import sign_mandate
from payments.actions.vouch_for_account import vouch_for_account
from payments.calendar import Schedule
from payments.gateways.payee_names import NoPayeeNames
from payments.mandate_texts import CURRENT_VERSION
from payments.spending import MOST_DAILY, MOST_MONTHLY

VAT_NUMBER = "NL004495445B01"
TERMS = Texts(nl="U spaart over wat u betaalt.", en="You earn on what you pay.")
MOST_PROGRAMMES = 3
MOST_HOURLY = 1_000
"""A day here has as many payments as a month elsewhere."""
POINTS = Texts(nl="punten", en="points")


class Terms(NamedTuple):
    """How a shop is paid out (cents), and how many milli-points it gives per cent; 0 is none."""

    schedule: Schedule
    threshold: int
    reserve: int
    milli_points_per_cent: int


TERMS_IN_TURN = (
    Terms(Schedule.DAILY, 1, 0, 10),
    Terms(Schedule.INSTANT, 1, 0, 7),
    Terms(Schedule.HOURLY, 2_500, 0, 0),
    Terms(Schedule.WEEKLY, 1, 5_000, 25),
)


@dataclass(frozen=True, slots=True)
class Till:
    """One till, or a webshop's: what it signs in with, and whose it is."""

    merchant_id: int
    key: str


@dataclass(frozen=True, slots=True)
class Shop:
    """A merchant with its tills, where it is paid out, and its programme if it has one."""

    merchant_id: int
    name: str
    iban: str
    terms: Terms
    tills: tuple[Till, ...]
    programme_id: int | None

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
    """A person with a phone; ``accounts`` are the bank accounts by their key, newest last."""

    name: str
    phone: Phone
    accounts: dict[int, str] = field(default_factory=dict)

    @property
    def person_id(self) -> int:
        """Return whose phone this is."""
        return self.phone.person_id

    def pays_from(self, account_id: int | None) -> None:
        """Choose what the phone's next codes pay from; None only says who shows it."""
        self.phone.funding_ref = account_id
        self.phone.handles.clear()

    def add_account(self, iban: str, *, signs: bool, now: datetime) -> int:
        """Add a bank account, proved and with the highest limits; sign for it or not yet."""
        account = add_bank_account(
            person_id=self.person_id,
            mode=Mode.LIVE,
            iban=iban,
            holder=self.name,
            now=now,
            actor=self.phone.actor,
        )
        self.accounts[account.pk] = iban
        vouch_for_account(bank_account_id=account.pk, now=now, actor=SYSTEM)
        for limited in (account.pk, None)[: len(self.accounts)]:
            set_limits(
                person_id=self.person_id,
                bank_account_id=limited,
                daily=MOST_DAILY,
                monthly=MOST_MONTHLY,
                hourly_payments=MOST_HOURLY,
                now=now,
                actor=self.phone.actor,
            )
        if signs:
            self.sign(account.pk, now=now)
        return account.pk

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
        open_merchant_accounts(merchant_id=merchant.pk, actor=SYSTEM)
        shop = Shop(
            merchant_id=merchant.pk,
            name=merchant.name,
            iban=merchant.iban,
            terms=terms,
            tills=(
                _till(merchant.pk, "winkel", Channel.IN_STORE, now=now),
                _till(merchant.pk, "webshop", Channel.ONLINE, now=now),
            ),
            programme_id=_programme(merchant.pk, terms.milli_points_per_cent, now=now),
        )
        shop.agree_on_terms(now=now)
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


def _till(merchant_id: int, reference: str, channel: str, *, now: datetime) -> Till:
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
    issued = issue_api_key(
        merchant_id=merchant_id,
        store_id=store.pk,
        terminal_id=terminal.pk,
        mode=Mode.LIVE,
        name=reference,
        actor=SYSTEM,
        now=now,
    )
    return Till(merchant_id, issued.text)


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
