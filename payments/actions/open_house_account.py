"""Open one of OK's own bank accounts: what comes in and goes out there is booked from then on."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from okplatform.parties.integrity import refusing
from payments.actions.add_bank_account import IbanInvalid
from payments.chart import CHART, EUR, OwnerType
from payments.ledger import AccountRef, open_account
from payments.models import HouseAccount, StatementKind


class HouseAccountTaken(Refusal):
    """It is one of ours already, perhaps in the other mode."""

    code = "house_account_taken"
    sentence = _("This account is one of ours already.")


def open_house_account(
    *,
    mode: str,
    iban: str,
    holder: str,
    now: datetime,
    actor: Actor,
    statement_kind: str = StatementKind.CAMT_053,
) -> HouseAccount:
    """Open an account in euros, with all that the ledger keeps of it.

    The bank's first statement of it opens at 0. Raises ``IbanInvalid`` or ``HouseAccountTaken``.
    """
    try:
        number = IBAN(iban, validate_bban=True)
    except SchwiftyException as error:
        raise IbanInvalid from error
    account = HouseAccount(
        mode=mode,
        iban=str(number),
        holder=holder,
        currency=EUR,
        statement_kind=statement_kind,
        opened_at=now,
    )
    with refusing({"house_account_once": HouseAccountTaken}), transaction():
        account.save(force_insert=True)
        for line in CHART:
            if line.owner is OwnerType.HOUSE_ACCOUNT:
                open_account(AccountRef(line.kind, account.pk, EUR), mode=mode)
        audit.record(
            actor=actor,
            action="house_account_opened",
            object_type="house_account",
            object_id=account.pk,
            mode=mode,
        )
    return account
