"""Let a shopper pay from a bank account."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction
from okplatform.kernel.errors import Refusal
from okplatform.parties.integrity import refusing
from payments.banks import bank_name
from payments.chart import EUR, SHOPPER_RECEIVABLE
from payments.ledger import AccountRef, open_account
from payments.models import BankAccount, NameCheck

BANK_LENGTH = 80

# From the second account on, a removed one included, the person is limited over all of them: else a
# limit would be as many times itself as one has accounts.
LIMIT_PERSON = """
SELECT payments_limit_person(%(person_id)s, %(now)s)
FROM payments_bank_account WHERE person_id = %(person_id)s HAVING count(*) > 1
"""


class IbanInvalid(Refusal):
    """This is no IBAN: its length or its check digits are wrong."""

    code = "iban_invalid"
    status = 422
    sentence = _("This is not an account number (IBAN). Check it and try again.")


class IbanOutsideSepa(Refusal):
    """The account cannot pay in euros."""

    code = "iban_outside_sepa"
    status = 422
    sentence = _("OK cannot collect from this country. Use an account within the euro area.")


class HolderMissing(Refusal):
    """A bank account belongs to somebody."""

    code = "holder_missing"
    status = 422
    sentence = _("Fill in the name on the account.")


class BankAccountTaken(Refusal):
    """It is in the person's list already."""

    code = "bank_account_taken"
    sentence = _("This account is in your list already.")


def add_bank_account(
    *,
    person_id: int,
    mode: str,
    iban: str,
    holder: str,
    name_check: NameCheck = NameCheck.NOT_ASKED,
    now: datetime,
    actor: Actor,
) -> BankAccount:
    """Add a bank account and open its account in the ledger.

    The IBAN may contain spaces and small letters. ``name_check`` is what its bank said just now of
    the holder's name, if anybody asked (``add_checked_account``). Raises ``IbanInvalid``,
    ``IbanOutsideSepa``, ``HolderMissing`` or ``BankAccountTaken``.
    """
    number = checked(iban)
    if not holder.strip():
        raise HolderMissing
    account = BankAccount(
        person_id=person_id,
        mode=mode,
        iban=str(number),
        holder=" ".join(holder.split()),
        bank=bank_name(number)[:BANK_LENGTH],
        added_at=now,
        name_check=name_check,
        name_checked_at=now if name_check else None,
    )
    with refusing({"bank_account_is_added_once": BankAccountTaken}), transaction():
        account.save(force_insert=True)
        open_account(AccountRef(SHOPPER_RECEIVABLE.kind, account.pk, EUR), mode=mode)
        call(LIMIT_PERSON, {"person_id": person_id, "now": now})
        audit.record(
            actor=actor,
            action="bank_account_added",
            object_type="bank_account",
            object_id=account.pk,
            mode=mode,
            data={"name_check": name_check.value} if name_check else {},
        )
    return account


def checked(iban: str) -> IBAN:
    """Return an IBAN that can be collected from; raises ``IbanInvalid``, ``IbanOutsideSepa``."""
    try:
        number = IBAN(iban, validate_bban=True)
    except SchwiftyException as error:
        raise IbanInvalid from error
    if not number.in_sepa_zone:
        raise IbanOutsideSepa
    return number
