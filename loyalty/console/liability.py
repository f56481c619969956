"""Points as money owed: a page, and a file for the bookkeeper."""

import csv
from datetime import date, datetime, time, timedelta
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from loyalty.queries.balances import waiting_at
from loyalty.queries.liability import Liability, liability_of, month_ends
from okplatform.kernel import clock
from okplatform.kernel.money import MINOR_UNITS
from okplatform.parties.models import Role
from okplatform.web.permissions import staff
from okplatform.web.views import StaffPage

KEEPERS = staff(Role.OWNER, Role.FINANCE)
COLUMNS = (
    "until",
    "points_issued",
    "points_used",
    "points_redeemed",
    "points_expired",
    "points_outstanding",
    "worth_of_1000_points",
    "expected_to_be_redeemed_percent",
    "full_value",
    "expected_value",
    "breakage",
    "sales",
    "sales_of_goods",
    "deferred_revenue",
)


class DayForm(forms.Form):
    """As of which day."""

    day = forms.DateField(
        label=_("At the end of"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )


class LiabilityPage(StaffPage):
    """What is owed for points at the end of a day, and at the ends of the months before it."""

    required_permission = KEEPERS
    template_name = "loyalty/liability.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the day asked for, today where none is."""
        day = self.day()
        rows = self.rows(day)
        return super().get_context_data(
            day=day,
            form=DayForm(initial={"day": day}),
            owed=rows[-1],
            deferral=rows[-1].deferral,
            waiting=waiting_at(
                self.merchant.pk,
                at=datetime.combine(
                    day + timedelta(days=1), time(), ZoneInfo(self.merchant.timezone)
                ),
            ),
            rows=[(row, row.deferral) for row in reversed(rows) if row.issued],
            **kwargs,
        )

    def day(self) -> date:
        """Return the day in the address; today for none, for nonsense and for a day to come."""
        today = clock.now().astimezone(ZoneInfo(self.merchant.timezone)).date()
        form = DayForm(self.request.GET)
        return min(form.cleaned_data["day"], today) if form.is_valid() else today

    def rows(self, day: date) -> list[Liability]:
        """Return what was owed then and at each month's end before."""
        return [
            liability_of(merchant_id=self.merchant.pk, day=end, zone=self.merchant.timezone)
            for end in month_ends(day)
        ]


class LiabilityFile(LiabilityPage):
    """The same as CSV: amounts in euros with a point, days by ISO 8601."""

    @override
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send the file."""
        day, text = self.day(), StringIO()
        writer = csv.writer(text)
        writer.writerow(COLUMNS)
        writer.writerows(_fields(row) for row in self.rows(day))
        name = f"OK-{self.merchant.reference}-points-{day.isoformat()}.csv"
        return HttpResponse(
            text.getvalue(),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


def _fields(row: Liability) -> list[str]:
    money = row.deferral
    points = (row.issued, row.used, row.redeemed, row.expired, row.outstanding)
    return [
        row.day.isoformat(),
        *map(str, points),
        "" if row.worth is None else _euros(row.worth),
        _euros(row.redeemed_bp),
        *(("",) * 3 if money is None else map(_euros, money[:3])),
        _euros(row.sales),
        *(("",) * 2 if money is None else map(_euros, money[3:])),
    ]


def _euros(cents: int) -> str:
    """Write hundredths with a point; a spreadsheet reads no other as a number everywhere."""
    sign = "-" if cents < 0 else ""
    whole, rest = divmod(abs(cents), MINOR_UNITS)
    return f"{sign}{whole}.{rest:02}"
