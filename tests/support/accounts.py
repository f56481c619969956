"""A shopper's bank account as it comes to be: added, proved, signed for; codes then pay from it."""

from datetime import datetime

from okplatform.kernel.audit import SYSTEM
from okplatform.parties.models import Person
from payments.actions.add_bank_account import add_bank_account
from payments.actions.sign_mandate import sign_mandate
from payments.actions.vouch_for_account import vouch_for_account
from payments.mandate_texts import CURRENT_VERSION
from payments.models import BankAccount, Mandate
from tests.support.world import NOW

IBAN = "NL91ABNA0417164300"


def added(person: Person, iban: str = IBAN, *, now: datetime = NOW) -> BankAccount:
    """Return an account of which nobody knows yet whose it is."""
    return add_bank_account(
        person_id=person.pk, mode=person.mode, iban=iban, holder=person.name, now=now, actor=SYSTEM
    )


def proved(person: Person, iban: str = IBAN, *, now: datetime = NOW) -> BankAccount:
    """Return an account that is proved, and not signed for."""
    account = added(person, iban, now=now)
    vouch_for_account(bank_account_id=account.pk, now=now, actor=SYSTEM)
    account.refresh_from_db()
    return account


def ready(person: Person, iban: str = IBAN, *, now: datetime = NOW) -> BankAccount:
    """Return an account that codes pay from."""
    account = proved(person, iban, now=now)
    sign_for(account, now=now)
    account.refresh_from_db()
    return account


def sign_for(account: BankAccount, *, now: datetime = NOW) -> Mandate:
    """Let the holder sign."""
    return sign_mandate(
        person_id=account.person_id,
        bank_account_id=account.pk,
        text_version=CURRENT_VERSION,
        now=now,
        actor=SYSTEM,
    )
