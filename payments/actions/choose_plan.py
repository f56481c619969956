"""Give a merchant a plan from a day on."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.integrity import refusing
from payments.calendar import local_day
from payments.models import MerchantPlan, Plan


class PlanUnknown(Refusal):
    """No plan has this code."""

    code = "plan_unknown"
    status = 404
    sentence = _("There is no such plan.")


class PlanTooLate(Refusal):
    """The merchant's fees accrued from that day on, or may be accruing now, by another plan."""

    code = "plan_too_late"
    sentence = _("Fees accrue by another plan on that day. Choose a day after today.")


class PlanChosen(Refusal):
    """The merchant changes to another plan on that very day."""

    code = "plan_chosen"
    sentence = _("Another plan begins on that day already. Choose another day.")


HAS_ACCRUED = "SELECT EXISTS (SELECT FROM payments_fee WHERE merchant_id = %s AND accrued_on >= %s)"


def choose_plan(*, merchant_id: int, code: str, since: date, now: datetime, actor: Actor) -> None:
    """Let a merchant have a plan from a day on; its monthly fee is asked for each whole month.

    A day that is not after today is for a merchant of whom nothing accrued since. Raises
    ``PlanUnknown``, ``PlanTooLate`` or ``PlanChosen``, having changed nothing.
    """
    plan = Plan.objects.filter(code=code).first()
    if plan is None:
        raise PlanUnknown
    with refusing({"merchant_plan_since": PlanChosen}), merchant_scope(merchant_id), transaction():
        if since <= local_day(now) and call(HAS_ACCRUED, [merchant_id, since])[0][0]:
            raise PlanTooLate
        MerchantPlan.objects.create(merchant_id=merchant_id, plan=plan, since=since)
        audit.record(
            actor=actor,
            action="plan_chosen",
            object_type="merchant",
            object_id=merchant_id,
            merchant_id=merchant_id,
            data={"plan": code, "since": since.isoformat()},
        )
