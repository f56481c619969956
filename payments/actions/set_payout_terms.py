"""Let a merchant say how it wants its money."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import merchant_scope
from payments.actions.add_bank_account import HolderMissing, checked
from payments.actions.check_name import check_name
from payments.calendar import Schedule
from payments.gateways.payee_names import PayeeNames
from payments.models import PayoutTerms


class PayoutAmountsWrong(Refusal):
    """The least that is paid out is a cent, and the reserve is not below zero."""

    code = "payout_amounts_wrong"
    status = 422
    sentence = _("The smallest payout is at least one cent, and the reserve is not below zero.")


def set_payout_terms(
    *,
    merchant_id: int,
    iban: str,
    holder: str,
    schedule: Schedule,
    threshold: int,
    reserve: int,
    names: PayeeNames,
    is_accepted: bool = False,
    now: datetime,
    actor: Actor,
) -> None:
    """Keep where and how often a merchant is paid; amounts in minor units.

    The account's bank is asked whether the name is right (``names``); what it says is kept. Payouts
    that were paused because one came back go on. Raises ``IbanInvalid``, ``IbanOutsideSepa``,
    ``HolderMissing``, ``PayoutAmountsWrong``, and what ``check_name`` raises unless
    ``is_accepted``.
    """
    number = checked(iban)
    if not holder.strip():
        raise HolderMissing
    if threshold < 1 or reserve < 0:
        raise PayoutAmountsWrong
    told = check_name(iban=str(number), name=holder, is_accepted=is_accepted, names=names)
    kept: dict[str, Any] = {"schedule": schedule, "threshold": threshold, "reserve": reserve}
    with merchant_scope(merchant_id), transaction():
        PayoutTerms.objects.update_or_create(
            merchant_id=merchant_id,
            defaults={
                **kept,
                "iban": str(number),
                "holder": " ".join(holder.split()),
                "paused_reason": "",
                "changed_at": now,
                "name_check": told,
                "name_checked_at": now if told else None,
            },
        )
        audit.record(
            actor=actor,
            action="payout_terms_set",
            object_type="merchant",
            object_id=merchant_id,
            merchant_id=merchant_id,
            data={**kept, "iban_tail": str(number)[-4:], "name_check": told.value},
        )
