"""Bank accounts of the demo's shoppers, and by what they confirm."""

from collections.abc import Iterable
from datetime import datetime

from schwifty import IBAN

from demo.world import HOUSE_HOLDER, HOUSE_IBAN, PIN
from okplatform.kernel.audit import SYSTEM, Actor
from okplatform.kernel.modes import Mode
from payments.actions.add_bank_account import add_bank_account
from payments.actions.open_house_account import open_house_account
from payments.actions.set_limits import set_limits
from payments.actions.sign_mandate import sign_mandate
from payments.actions.vouch_for_account import vouch_for_account
from payments.mandate_texts import CURRENT_VERSION
from payments.models import BankAccount, HouseAccount
from payments.spending import MOST_DAILY, MOST_MONTHLY
from wallet.actions.set_pin import set_pin
from wallet.queries import pin_of

REPLAYED_PAYMENTS = 10_000


def load_house_account(now: datetime) -> None:
    """Open OK's own account at the sandbox bank, unless there is one."""
    if not HouseAccount.objects.filter(iban=HOUSE_IBAN).exists():
        open_house_account(
            mode=Mode.LIVE, iban=HOUSE_IBAN, holder=HOUSE_HOLDER, now=now, actor=SYSTEM
        )


def load_accounts(
    person_id: int, ibans: Iterable[str], *, holder: str, mode: str, now: datetime
) -> None:
    """Add the accounts that were never in the person's list: one that was removed stays away.

    They are proved on the word of the demo: there is no bank to send a cent to before it runs.
    """
    known = set(BankAccount.objects.filter(person_id=person_id).values_list("iban", flat=True))
    for iban in ibans:
        if iban not in known:
            actor = Actor(kind="person", id=str(person_id))
            account = add_bank_account(
                person_id=person_id, mode=mode, iban=iban, holder=holder, now=now, actor=actor
            )
            vouch_for_account(bank_account_id=account.pk, now=now, actor=SYSTEM)
            sign_mandate(
                person_id=person_id,
                bank_account_id=account.pk,
                text_version=CURRENT_VERSION,
                now=now,
                actor=actor,
            )


def let_pay_often(person_id: int, now: datetime) -> None:
    """Let a household pay as often as ``replay`` makes it: a month's shopping in an hour."""
    mine = BankAccount.objects.filter(person_id=person_id, removed_at=None)
    for account in mine.exclude(limit__hourly_payments=REPLAYED_PAYMENTS):
        set_limits(
            person_id=person_id,
            bank_account_id=account.pk,
            daily=MOST_DAILY,
            monthly=MOST_MONTHLY,
            hourly_payments=REPLAYED_PAYMENTS,
            now=now,
            actor=SYSTEM,
        )


def load_pin(person_id: int, now: datetime) -> None:
    """Give a shopper the demo's PIN, unless they have one."""
    if pin_of(person_id) is None:
        actor = Actor(kind="person", id=str(person_id))
        set_pin(person_id=person_id, pin=PIN, now=now, actor=actor)


def household_iban(number: int) -> str:
    """Make up the account of a household; its check digits are right, and it is nobody's."""
    return IBAN.generate("NL", "INGB", str(number)).compact
