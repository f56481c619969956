"""A store's day: what each till came to, its shifts and their drawers, and all of it as CSV."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from merchants.models import Shift
from merchants.shifts.answers import cash_of
from merchants.shifts.console.permission import CLOSERS
from merchants.shifts.queries import (
    Span,
    shifts_of,
    span_of,
    stores_with_tills,
    tills_of,
    totals_of,
)
from merchants.shifts.receipt_lines import beside_goods, load_name, tender_name
from merchants.shifts.totals import Totals
from okplatform.kernel import clock
from okplatform.kernel.money import MINOR_UNITS
from okplatform.parties.models import Store, Terminal
from okplatform.web.views import StaffPage

COLUMNS = ("store", "till", "day", "what", "name", "in", "out", "vat_in", "vat_out")


class DayForm(forms.Form):
    """Which store, and which day."""

    store = forms.ChoiceField(label=_("Store"))
    day = forms.DateField(
        label=_("Day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def __init__(self, *args: Any, stores: Sequence[Store], **kwargs: Any) -> None:
        """Offer the stores."""
        super().__init__(*args, **kwargs)
        choices = [(store.reference, store.name) for store in stores]
        self.fields["store"].choices = choices  # type: ignore[attr-defined]  # the stubs see a plain field


@dataclass(frozen=True, slots=True)
class Drawer:
    """A shift with what it came to, and what lay in its drawer."""

    shift: Shift
    totals: Totals
    expected: int
    difference: int | None

    @property
    def size(self) -> int:
        """Return how much is missing or too much."""
        return abs(self.difference or 0)


class DayPage(StaffPage):
    """What a store's tills came to on one day of its own calendar."""

    required_permission = CLOSERS
    template_name = "merchants/day.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the day asked for; without one, today in the first store."""
        store, day = self.asked()
        whole = totals_of(self._span(store, day))
        return super().get_context_data(
            form=DayForm(initial={"store": store.reference, "day": day}, stores=self._stores()),
            store=store,
            day=day,
            whole=whole,
            tills=self.tills(store, day),
            tenders=[(tender_name(one.kind), one) for one in whole.tenders],
            beside_goods=list(beside_goods(whole)),
            loads=[(load_name(one.paid_by), one) for one in whole.loads],
            drawers=self._drawers(store, day),
            **kwargs,
        )

    def asked(self) -> tuple[Store, date]:
        """Return store and day of the address; nonsense, and a day to come, is today."""
        stores = self._stores()
        if not stores:
            raise Http404
        form = DayForm(self.request.GET, stores=stores)
        form.is_valid()
        reference = form.cleaned_data.get("store")
        store = next((one for one in stores if one.reference == reference), stores[0])
        today = clock.now().astimezone(ZoneInfo(store.timezone)).date()
        return store, min(form.cleaned_data.get("day") or today, today)

    def tills(self, store: Store, day: date) -> list[tuple[Terminal, Totals]]:
        """Return the tills at which something happened."""
        found = [(till, totals_of(self._span(store, day, till.pk))) for till in tills_of(store)]
        return [(till, totals) for till, totals in found if not totals.is_empty]

    def _stores(self) -> Sequence[Store]:
        return stores_with_tills(self.membership.store_id)

    def _span(self, store: Store, day: date, terminal_id: int | None = None) -> Span:
        zone = ZoneInfo(store.timezone)
        return Span(
            merchant_id=self.merchant.pk,
            mode=self.person.mode,
            store_id=store.pk,
            terminal_id=terminal_id,
            since=datetime.combine(day, time.min, zone),
            until=datetime.combine(day + timedelta(days=1), time.min, zone),
        )

    def _drawers(self, store: Store, day: date) -> list[Drawer]:
        span, now = self._span(store, day), clock.now()
        begun = shifts_of(mode=self.person.mode, store_id=store.pk).filter(
            opened_at__gte=span.since, opened_at__lt=span.until
        )
        found = []
        for shift in begun.order_by("opened_at", "id"):
            totals = totals_of(span_of(shift, now))
            cash = cash_of(shift, totals)
            found.append(Drawer(shift, totals, cash["expected"] or 0, cash["difference"]))
        return found


class DayFile(DayPage):
    """The same as CSV, per till and for the whole store: amounts in euros with a point."""

    @override
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send the file."""
        store, day = self.asked()
        text = StringIO()
        writer = csv.writer(text)
        writer.writerow(COLUMNS)
        every = [("", totals_of(self._span(store, day)))]
        every += [(till.reference, totals) for till, totals in self.tills(store, day)]
        for till, totals in every:
            for row in rows_of(totals):
                writer.writerow((store.reference, till, day.isoformat(), *row))
        name = f"OK-{self.merchant.reference}-{store.reference}-{day.isoformat()}.csv"
        return HttpResponse(
            text.getvalue(),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


def rows_of(totals: Totals) -> Iterator[tuple[str, ...]]:
    """Return the lines of a file: what it is, its name, what came in and went out, and the VAT."""
    yield ("sales", "", _euros(totals.due), _euros(totals.refunded), "", "")
    yield ("discount", "", "", _euros(totals.discount), "", "")
    yield ("tips", "", _euros(totals.tips), _euros(totals.tips_given_back), "", "")
    given_back = totals.empties + totals.deposits_given_back
    yield ("deposits", "", _euros(totals.deposits), _euros(given_back), "", "")
    for tender in totals.tenders:
        yield ("tender", tender.kind, _euros(tender.paid), _euros(tender.given_back), "", "")
    for rate in totals.vat:
        amounts = (rate.sold, rate.returned, rate.vat, rate.returned_vat)
        yield ("vat", f"{rate.rate_bp / 100:g}", *map(_euros, amounts))
    for load in totals.loads:
        yield ("gift_card", load.paid_by, _euros(load.loaded), _euros(load.taken_back), "", "")
    yield ("points", "", str(totals.points_earned), str(totals.points_spent), "", "")


def _euros(cents: int) -> str:
    """Write hundredths with a point; a spreadsheet reads no other as a number everywhere."""
    whole, rest = divmod(abs(cents), MINOR_UNITS)
    return f"{'-' if cents < 0 else ''}{whole}.{rest:02}"
