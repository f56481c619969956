"""What OK costs the demo's merchants, where they are, and their first invoices."""

from collections.abc import Mapping
from datetime import date, datetime

from demo.loading.parties import Premises
from demo.world import MERCHANTS, PLANS, PlanFacts
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.actions.set_address import set_address
from okplatform.parties.models import Merchant
from payments.actions.choose_plan import choose_plan
from payments.actions.make_invoices import make_invoices
from payments.actions.put_plan import Prices, put_plan
from payments.bookkeeping.fees import Rate
from payments.calendar import local_day
from payments.models import MerchantPlan, Plan


def load_plans(premises: Mapping[str, Premises], now: datetime) -> None:
    """Price the plans, let merchants have theirs since last month, and tell where they are."""
    last_month = (local_day(now).replace(day=1) - date.resolution).replace(day=1)
    for plan in PLANS:
        if not Plan.objects.filter(code=plan.code).exists():
            _put(plan, last_month, now)
    for facts in MERCHANTS:
        merchant_id = premises[facts.reference].merchant_id
        merchant = Merchant.objects.get(pk=merchant_id)
        if not merchant.has_address:
            street, postal_code, city = facts.address
            set_address(
                merchant_id=merchant_id,
                street=street,
                postal_code=postal_code,
                city=city,
                country="NL",
                actor=SYSTEM,
            )
        with merchant_scope(merchant_id):
            has_plan = MerchantPlan.objects.exists()
        if facts.plan and not has_plan:
            choose_plan(
                merchant_id=merchant_id, code=facts.plan, since=last_month, now=now, actor=SYSTEM
            )


def load_invoices(now: datetime) -> int:
    """Invoice what is over, as the hourly task would; return how many."""
    return len(make_invoices(now=now, actor=SYSTEM))


def _put(plan: PlanFacts, since: date, now: datetime) -> None:
    prices = Prices(monthly=plan.monthly, in_store=Rate(*plan.in_store), online=Rate(*plan.online))
    put_plan(
        code=plan.code,
        name=plan.name.as_dict(),
        since=since,
        prices=prices,
        is_default=not plan.monthly,
        now=now,
        actor=SYSTEM,
    )
