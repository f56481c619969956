"""Let a shopper pay from a bank account, once its bank was asked whether the name is right."""

from datetime import datetime

from okplatform.kernel.audit import Actor
from payments.actions.add_bank_account import HolderMissing, add_bank_account, checked
from payments.actions.check_name import check_name
from payments.gateways.payee_names import PayeeNames
from payments.models import BankAccount


def add_checked_account(
    *,
    person_id: int,
    mode: str,
    iban: str,
    holder: str,
    names: PayeeNames,
    is_accepted: bool,
    now: datetime,
    actor: Actor,
) -> BankAccount:
    """Add a bank account with what its bank says of the holder's name.

    Raises what ``add_bank_account`` and ``check_name`` raise; then nothing was added.
    """
    number = str(checked(iban))
    if not holder.strip():
        raise HolderMissing
    told = check_name(iban=number, name=holder, is_accepted=is_accepted, names=names)
    return add_bank_account(
        person_id=person_id,
        mode=mode,
        iban=number,
        holder=holder,
        name_check=told,
        now=now,
        actor=actor,
    )
