"""Find the sale that something comes back of."""

from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from merchants.returns.console.permission import REFUNDERS
from merchants.returns.queries import RECENT, sales_like
from okplatform.kernel import clock
from okplatform.trade.models import Sale
from okplatform.web.views import StaffPage


class FindForm(forms.Form):
    """What stands on the receipt."""

    number = forms.CharField(
        label=_("Number on the receipt"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    day = forms.DateField(
        label=_("Day of the purchase"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Leave it empty for the last two weeks."),
    )


class FindSalePage(StaffPage):
    """One field; a number that fits one sale opens it."""

    required_permission = REFUNDERS
    template_name = "merchants/refund_find.html"

    @override
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the field, or what was found by it."""
        form = FindForm(request.GET if "number" in request.GET else None)
        found = self._found(form) if form.is_valid() else None
        if found is not None and len(found) == 1:
            return redirect("merchants:refund", self.merchant.reference, found[0].uuid)
        return self.render_to_response(self.get_context_data(form=form, found=found))

    def _found(self, form: FindForm) -> list[Sale]:
        zone, now = ZoneInfo(self.merchant.timezone), clock.now()
        day = form.cleaned_data["day"]
        since = datetime.combine(day, time.min, zone) if day else now - RECENT
        return sales_like(
            form.cleaned_data["number"].strip(),
            mode=self.person.mode,
            since=since,
            until=since + timedelta(days=1) if day else now,
        )
