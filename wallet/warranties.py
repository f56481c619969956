"""A person's warranties: which run, and how long still, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from okplatform.kernel.tenancy import operator_scope, person_scope
from okplatform.trade.models import SaleLine
from okplatform.web.formats import number
from wallet.models import Warranty

DAYS_OF_MONTH, DAYS_OF_YEAR = 30, 365
SAID_IN_DAYS, SAID_IN_MONTHS = 60, 730
"""Up to so many days left are said in days, and in months; what is longer in years."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A warranty as pages show it: of which receipt and what, and how long still.

    ``line`` is None where it is of everything on the receipt; then ``name`` is the shop's.
    """

    receipt_id: int
    line: int | None
    name: str
    shop: str
    ends_on: date
    note: str
    left: str
    runs: bool


def warranties_of(person_id: int, *, today: date, receipt_id: int | None = None) -> Sequence[Kept]:
    """Return a person's warranties, of one receipt or all, those that end first first."""
    with person_scope(person_id):
        found = Warranty.objects.select_related("receipt__merchant").order_by("ends_on", "id")
        rows = list(found if receipt_id is None else found.filter(receipt_id=receipt_id))
    names = _names(rows)
    return [
        Kept(
            receipt_id=one.receipt_id,
            line=one.line,
            name=names.get((one.receipt.sale_id, one.line), one.receipt.merchant.name),
            shop=one.receipt.merchant.name,
            ends_on=one.ends_on,
            note=one.note,
            left=time_left(one.ends_on, today),
            runs=one.ends_on >= today,
        )
        for one in rows
    ]


def time_left(ends_on: date, today: date) -> str:
    """Say how long a warranty still runs, or that it has ended."""
    days = (ends_on - today).days
    if days < 0:
        return _("ended")
    if days == 0:
        return _("ends today")
    if days <= SAID_IN_DAYS:
        said, count = ngettext("ends in {number} day", "ends in {number} days", days), days
    elif days <= SAID_IN_MONTHS:
        count = days // DAYS_OF_MONTH
        said = ngettext("ends in {number} month", "ends in {number} months", count)
    else:
        count = days // DAYS_OF_YEAR
        said = ngettext("ends in {number} year", "ends in {number} years", count)
    return said.format(number=number(count))


def _names(rows: Sequence[Warranty]) -> dict[tuple[int, int | None], str]:
    sales = {one.receipt.sale_id for one in rows if one.line is not None}
    with operator_scope("lines of a person's own receipts, at every shop"):
        lines = SaleLine.objects.filter(sale_id__in=sales).values_list("sale_id", "number", "name")
        return {(sale_id, line): name for sale_id, line, name in lines}
