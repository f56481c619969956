"""What the tests of fees and invoices do again and again: price, sell, invoice, and read."""

from datetime import UTC, date, datetime

from okplatform.kernel import clock, relay
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.actions.set_address import set_address
from okplatform.parties.models import Merchant
from payments.actions.choose_plan import choose_plan
from payments.actions.make_invoices import make_invoices
from payments.actions.put_plan import Prices, put_plan
from payments.bookkeeping.fees import Rate
from payments.models import Fee, Invoice, InvoiceFile, InvoiceForm
from tests.support.world import NOW

LONG_AGO = date(2026, 1, 1)
NEXT_MONTH = datetime(2026, 12, 1, 5, 0, tzinfo=UTC)

PAY_AS_YOU_GO = Prices(monthly=0, in_store=Rate(500, 25), online=Rate(2_500, 90))
"""€ 0.05 + 0.25 % in store, € 0.25 + 0.9 % online."""
MONTHLY = Prices(monthly=150_000, in_store=Rate(325, 10), online=Rate(1_500, 60))
"""€ 15 a month, € 0.0325 + 0.1 % in store, € 0.15 + 0.6 % online."""
WITH_REFUNDS = Prices(monthly=0, in_store=Rate(500, 25), online=Rate(2_500, 90), refund=2_500)
"""As the first, and € 0.25 for a refund."""
GENEROUS = Prices(monthly=0, in_store=Rate(500, 25), online=Rate(2_500, 90), returns_fees=True)


def plan(
    code: str = "start", prices: Prices = PAY_AS_YOU_GO, since: date = LONG_AGO, **other: bool
) -> None:
    """Price a plan, the default one unless said otherwise."""
    put_plan(
        code=code,
        name={"nl": code.capitalize(), "en": code.capitalize()},
        since=since,
        prices=prices,
        is_default=other.get("is_default", True),
        now=NOW,
        actor=SYSTEM,
    )


def give(merchant: Merchant, code: str, since: date = LONG_AGO) -> None:
    choose_plan(merchant_id=merchant.pk, code=code, since=since, now=NOW, actor=SYSTEM)


def move_in(merchant: Merchant) -> None:
    """Tell where a merchant is."""
    set_address(
        merchant_id=merchant.pk,
        street="Markt 12 bis",
        postal_code="3511 AB",
        city="Utrecht",
        country="NL",
        actor=SYSTEM,
    )


def accrue() -> None:
    """Let the handlers of what was sold act."""
    relay.drain(now=clock.now())


def fees(**which: object) -> list[Fee]:
    with operator_scope("the test looks"):
        return list(Fee.objects.filter(**which).order_by("pk"))


def invoice_all(now: datetime = NEXT_MONTH) -> list[Invoice]:
    """Run the task; return the invoices it made."""
    made = make_invoices(now=now, actor=SYSTEM)
    return [invoice_of(one) for one in made]


def invoice_of(invoice_id: int) -> Invoice:
    with operator_scope("the test looks"):
        found: Invoice = Invoice.objects.select_related("house_account").get(pk=invoice_id)
    return found


def numbered(number: str) -> Invoice:
    with operator_scope("the test looks"):
        found: Invoice = Invoice.objects.select_related("house_account").get(number=number)
    return found


def file_of(invoice: Invoice, form: InvoiceForm) -> bytes:
    return bytes(InvoiceFile.objects.get(invoice=invoice, form=form).content)
