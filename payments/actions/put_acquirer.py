"""Let a merchant say who settles its card payments, and how its file reads."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import merchant_scope
from payments.acquiring import AcquirerUnknown
from payments.actions.add_bank_account import IbanInvalid
from payments.bankfiles.acquirer import AcquirerMapping
from payments.chart import EUR
from payments.models import AcquirerAccount


class AcquirerNameTaken(Refusal):
    """The merchant has another contract of this name."""

    code = "acquirer_name_taken"
    sentence = _("You have a contract of this name already. Change that one.")


def put_acquirer(
    *,
    merchant_id: int,
    mode: str,
    name: str,
    iban: str,
    mapping: AcquirerMapping,
    since: date,
    now: datetime,
    actor: Actor,
    account_id: int | None = None,
) -> int:
    """Keep a new contract, or what is new of ``account_id``; return its id.

    ``iban`` is the account that the acquirer pays to, empty while that is not followed. ``since``
    is the first day whose sales are followed; of a contract that is there it stays as it is. Raises
    ``IbanInvalid``, ``AcquirerNameTaken`` or ``AcquirerUnknown``.
    """
    facts: dict[str, Any] = {
        "name": " ".join(name.split()),
        "iban": _checked(iban) if iban.strip() else "",
        "mapping": mapping.as_json(),
    }
    with merchant_scope(merchant_id), transaction():
        try:
            account_id = _put(account_id, merchant_id, mode, facts, since, now)
        except IntegrityError as error:
            raise AcquirerNameTaken from error
        audit.record(
            actor=actor,
            action="acquirer_put",
            object_type="acquirer_account",
            object_id=account_id,
            merchant_id=merchant_id,
            mode=mode,
            data={"name": facts["name"], "mapping": facts["mapping"]},
        )
    return account_id


def _put(
    account_id: int | None,
    merchant_id: int,
    mode: str,
    facts: Mapping[str, Any],
    since: date,
    now: datetime,
) -> int:
    if account_id is None:
        opened = AcquirerAccount(
            merchant_id=merchant_id,
            mode=mode,
            currency=EUR,
            since=since,
            opened_at=now,
            **facts,
        )
        opened.save(force_insert=True)
        return opened.pk
    mine = AcquirerAccount.objects.filter(pk=account_id, merchant_id=merchant_id, mode=mode)
    if not mine.update(**facts):
        raise AcquirerUnknown
    return account_id


def _checked(iban: str) -> str:
    try:
        return str(IBAN(iban, validate_bban=True))
    except SchwiftyException as error:
        raise IbanInvalid from error
