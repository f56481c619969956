"""Say what a plan costs from a day on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction
from okplatform.kernel.errors import Refusal
from okplatform.parties.integrity import refusing
from payments.bookkeeping.fees import Rate
from payments.calendar import local_day
from payments.models import Plan, PlanPrice


class PriceTooLate(Refusal):
    """Fees accrued from that day on, or may be accruing now, by another price."""

    code = "price_too_late"
    sentence = _("Fees accrue by another price on that day. Choose a day after today.")


class PriceKnown(Refusal):
    """The plan has a price from that very day."""

    code = "price_known"
    sentence = _("This plan has a new price from that day already. Choose another day.")


class DefaultPlanHasMonth(Refusal):
    """The default plan is for who chose none: nobody owes a month for that."""

    code = "default_plan_has_month"
    status = 422
    sentence = _("The default plan has no monthly fee: nobody chose it.")


class DefaultPlanTaken(Refusal):
    """Another plan is the default."""

    code = "default_plan_taken"
    sentence = _("Another plan is the default one.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What a plan costs, in 1/100 cent; ``refund`` is what a refund itself costs.

    ``returns_fees`` when refunds give their part of the payment's fee back.
    """

    monthly: int
    in_store: Rate
    online: Rate
    refund: int = 0
    returns_fees: bool = False


HAS_ACCRUED = """
SELECT EXISTS (
    SELECT FROM payments_fee fee JOIN payments_plan_price price ON price.id = fee.price_id
    WHERE price.plan_id = %s AND fee.accrued_on >= %s
)
"""


def put_plan(
    *,
    code: str,
    name: Mapping[str, str],
    since: date,
    prices: Prices,
    is_default: bool,
    now: datetime,
    actor: Actor,
) -> None:
    """Give a plan, new or known by its ``code``, these prices from a day on.

    A day that is not after today is for a plan by which nothing accrued since. ``name`` is in both
    languages. Raises ``PriceTooLate``, ``PriceKnown``, ``DefaultPlanHasMonth`` or
    ``DefaultPlanTaken``, having changed nothing.
    """
    if is_default and prices.monthly:
        raise DefaultPlanHasMonth
    known = {"plan_price_since": PriceKnown, "plan_has_one_default": DefaultPlanTaken}
    with refusing(known), transaction():
        texts = {"name": dict(name), "is_default": is_default}
        plan, _is_new = Plan.objects.update_or_create(code=code, defaults=texts)
        if since <= local_day(now) and call(HAS_ACCRUED, [plan.pk, since])[0][0]:
            raise PriceTooLate
        PlanPrice.objects.create(
            plan=plan,
            since=since,
            monthly=prices.monthly,
            in_store_fixed=prices.in_store.fixed,
            in_store_bp=prices.in_store.percentage_bp,
            online_fixed=prices.online.fixed,
            online_bp=prices.online.percentage_bp,
            refund_fixed=prices.refund,
            returns_fees=prices.returns_fees,
        )
        audit.record(
            actor=actor,
            action="plan_priced",
            object_type="plan",
            object_id=plan.pk,
            data={"code": code, "since": since.isoformat(), "monthly": prices.monthly},
        )
