"""Bank accounts of the demo's shoppers."""

from collections.abc import Iterable
from datetime import datetime

from schwifty import IBAN

from demo.world import HOUSE_HOLDER, HOUSE_IBAN
from okplatform.kernel.audit import SYSTEM, Actor
from okplatform.kernel.modes import Mode
from payments.actions.add_bank_account import add_bank_account
from payments.actions.open_house_account import open_house_account
from payments.actions.sign_mandate import sign_mandate
from payments.actions.vouch_for_account import vouch_for_account
from payments.mandate_texts import CURRENT_VERSION
from payments.models import BankAccount, HouseAccount


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


def household_iban(number: int) -> str:
    """Make up the account of a household; its check digits are right, and it is nobody's."""
    return IBAN.generate("NL", "INGB", str(number)).compact
