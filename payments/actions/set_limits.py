"""Let a person choose how much one bank account, or all of them together, may spend."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction
from okplatform.kernel.errors import Refusal
from payments.actions.remove_bank_account import BankAccountUnknown
from payments.models import AccountLimit, BankAccount, PersonLimit
from payments.spending import MOST_DAILY, MOST_MONTHLY

# What has been spent stays counted; a row is opened where nothing was paid yet.
OPEN_ACCOUNT = """
INSERT INTO payments_account_limit (bank_account_id, day, month, hour_from, opened_at)
SELECT %(id)s, day, date_trunc('month', day), %(now)s, %(now)s
FROM (SELECT (%(now)s AT TIME ZONE 'Europe/Amsterdam')::date AS day) AS today
ON CONFLICT (bank_account_id) DO NOTHING
"""
OPEN_PERSON = "SELECT payments_limit_person(%(id)s, %(now)s)"


class LimitOverMaximum(Refusal):
    """OK allows nobody that much."""

    code = "limit_over_maximum"
    status = 422
    sentence = _("The highest limits are {daily} a day and {monthly} a month, in cents.")


def set_limits(
    *,
    person_id: int,
    bank_account_id: int | None,
    daily: int,
    monthly: int,
    now: datetime,
    actor: Actor,
    hourly_payments: int | None = None,
) -> None:
    """Set the limits of a bank account of this person; None is all accounts together. In cents.

    What was spent before counts. How often one may pay in an hour is not the person's choice: only
    an operator gives ``hourly_payments``. Raises ``BankAccountUnknown`` or ``LimitOverMaximum``.
    """
    if not (0 <= daily <= MOST_DAILY and 0 <= monthly <= MOST_MONTHLY):
        raise LimitOverMaximum(daily=MOST_DAILY, monthly=MOST_MONTHLY)
    chosen = {"daily": daily, "monthly": monthly}
    if hourly_payments is not None:
        chosen["hourly_payments"] = hourly_payments
    with transaction():
        if bank_account_id is None:
            call(OPEN_PERSON, {"id": person_id, "now": now})
            PersonLimit.objects.filter(pk=person_id).update(**chosen)
        else:
            _check_theirs(person_id, bank_account_id)
            call(OPEN_ACCOUNT, {"id": bank_account_id, "now": now})
            AccountLimit.objects.filter(pk=bank_account_id).update(**chosen)
        audit.record(
            actor=actor,
            action="limits_set",
            object_type="person" if bank_account_id is None else "bank_account",
            object_id=person_id if bank_account_id is None else bank_account_id,
            data=chosen,
        )


def _check_theirs(person_id: int, bank_account_id: int) -> None:
    mine = BankAccount.objects.filter(pk=bank_account_id, person_id=person_id, removed_at=None)
    if not mine.exists():
        raise BankAccountUnknown
