"""Finds receipts by what somebody remembers: the shop, a product, an amount, a day, a number.

A person has hundreds, each with a handful of lines that lie together, so no index of its own is
worth what it would cost every sale: the person's receipts are read by theirs, and looked through.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from okplatform.kernel.money import MINOR_UNITS
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Merchant
from okplatform.trade.models import SaleLine
from wallet.models import Receipt
from wallet.queries import receipts_of

LONGEST_SEARCH = 80
MOST_WORDS = 6
LATELY = {"30": timedelta(days=30), "90": timedelta(days=90)}
"""The periods that end now; a year is its four digits."""

AMOUNT = re.compile(r"(\d{1,7})(?:[.,](\d{2}))?")
DAY = re.compile(r"(\d{1,2})[-/](\d{1,2})(?:[-/](\d{4}))?")
ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
YEAR = re.compile(r"2\d{3}")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the receipts somebody wants to see; ``period`` is of ``LATELY``, or a year."""

    text: str = ""
    shop: str = ""
    period: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> "Wanted":
        """Read it from an address; what makes no sense there narrows nothing."""
        text, shop, period = (
            asked.get(name, "").replace("\x00", "").strip()[:LONGEST_SEARCH]
            for name in ("q", "shop", "period")
        )
        known = period in LATELY or YEAR.fullmatch(period)
        return cls(text=text, shop=shop, period=period if known else "")

    @property
    def is_narrow(self) -> bool:
        """Say whether it is less than everything."""
        return bool(self.text or self.shop or self.period)


@dataclass(frozen=True, slots=True)
class Total:
    """What receipts come to in one currency; ``due`` before anything came back."""

    currency: str
    due: int
    number: int


def find_receipts(person_id: int, wanted: Wanted, *, now: datetime) -> QuerySet[Receipt]:
    """Return a person's receipts that fit, the newest first."""
    found = receipts_of(person_id)
    if wanted.shop:
        found = found.filter(merchant__reference=wanted.shop)
    if wanted.period in LATELY:
        found = found.filter(sale__closed_at__gte=now - LATELY[wanted.period])
    elif wanted.period:
        found = found.filter(sale__closed_at__year=int(wanted.period))
    for word in wanted.text.split()[:MOST_WORDS]:
        if word != "€":
            found = found.filter(_fits(word))
    return found


def totals_of(receipts: QuerySet[Receipt]) -> Sequence[Total]:
    """Add up receipts per currency, the most receipts first."""
    summed = receipts.order_by().values_list("sale__currency")
    rows = summed.annotate(due=Sum("sale__due"), number=Count("id")).order_by("-number")
    return [Total(*row) for row in rows]


def shops_of_receipts(person_id: int) -> QuerySet[Merchant]:
    """Return the shops where a person has receipts, by name."""
    mine = receipts_of(person_id).order_by().values("merchant_id")
    return Merchant.objects.filter(id__in=mine).order_by("name")


def years_of_receipts(person_id: int, *, now: datetime) -> Sequence[str]:
    """Return the years from the first receipt to now, the latest first."""
    first = receipts_of(person_id).order_by().aggregate(at=Min("sale__closed_at"))["at"]
    if first is None:
        return []
    years = range(timezone.localtime(first).year, timezone.localtime(now).year + 1)
    return [str(year) for year in reversed(years)]


def _fits(word: str) -> Q:
    """Return what makes a receipt fit one word: any of what the word may mean."""
    with operator_scope("lines of a person's own receipts, at every shop"):
        lines = SaleLine.objects.filter(sale_id=OuterRef("sale_id"))
    fits = (
        Q(merchant__name__icontains=word)
        | Q(sale__store__name__icontains=word)
        | Q(sale__store__city__icontains=word)
        | Q(sale__reference__iexact=word)
    )
    bought = Q(name__icontains=word)
    amount = _cents(word)
    if amount is not None:
        fits |= Q(sale__due=amount)
        bought |= Q(gross=amount) | Q(paid=amount)
    return fits | Exists(lines.filter(bought)) | _on_day(word) | _numbered(word)


def _cents(word: str) -> int | None:
    found = AMOUNT.fullmatch(word.removeprefix("€"))
    return int(found[1]) * MINOR_UNITS + int(found[2] or 0) if found else None


def _on_day(word: str) -> Q:
    iso, said = ISO_DAY.fullmatch(word), DAY.fullmatch(word)
    try:
        if iso:
            return _between(date(int(iso[1]), int(iso[2]), int(iso[3])))
        if said and said[3]:
            return _between(date(int(said[3]), int(said[2]), int(said[1])))
    except (ValueError, OverflowError):
        return Q()
    if said:
        return Q(sale__closed_at__day=int(said[1]), sale__closed_at__month=int(said[2]))
    return Q()


def _between(day: date) -> Q:
    begin = timezone.make_aware(datetime.combine(day, time.min))
    end = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    return Q(sale__closed_at__gte=begin, sale__closed_at__lt=end)


def _numbered(word: str) -> Q:
    try:
        return Q(sale__uuid=UUID(word))
    except ValueError:
        return Q()
