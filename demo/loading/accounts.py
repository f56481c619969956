"""Bank accounts of the demo's shoppers."""

from collections.abc import Iterable
from datetime import datetime

from schwifty import IBAN

from okplatform.kernel.audit import Actor
from payments.actions.add_bank_account import add_bank_account
from payments.models import BankAccount


def load_accounts(
    person_id: int, ibans: Iterable[str], *, holder: str, mode: str, now: datetime
) -> None:
    """Add the accounts that were never in the person's list: one that was removed stays away."""
    known = set(BankAccount.objects.filter(person_id=person_id).values_list("iban", flat=True))
    for iban in ibans:
        if iban not in known:
            add_bank_account(
                person_id=person_id,
                mode=mode,
                iban=iban,
                holder=holder,
                now=now,
                actor=Actor(kind="person", id=str(person_id)),
            )


def household_iban(number: int) -> str:
    """Make up the account of a household; its check digits are right, and it is nobody's."""
    return IBAN.generate("NL", "INGB", str(number)).compact
