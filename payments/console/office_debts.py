"""The office of OK: what shoppers owe because a collection came back, and its reminders."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.web.views import OperatorPage
from payments.actions.pause_reminders import LONGEST, pause_reminders
from payments.bank_desk import returned_debts
from payments.calendar import ZONE
from payments.console import paging


class PauseForm(forms.Form):
    """Until when, and why, for whoever looks at it later."""

    until = forms.DateField()
    reason = forms.CharField(max_length=200)


class DebtsPage(OperatorPage):
    """Who owes what, since when, and when the next reminder goes."""

    template_name = "payments/office_debts.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give one page of debts, those that are owed longest first."""
        after = paging.number(self.request.GET.get("after"))
        rows = returned_debts(after=after, limit=paging.PER_PAGE + 1)
        shown = rows[: paging.PER_PAGE]
        today = clock.now().astimezone(ZONE).date()
        return super().get_context_data(
            debts=shown,
            following=shown[-1].collection.pk if len(rows) > len(shown) else None,
            is_first=after is None,
            soonest=today + timedelta(days=1),
            latest=today + LONGEST,
            **kwargs,
        )


class PauseReminders(OperatorPage):
    """Leaves a shopper in peace until a day (``POST``)."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, collection_id: int) -> HttpResponse:
        """Put the reminders off, with the reason."""
        form = PauseForm(request.POST)
        if not form.is_valid():
            messages.error(request, _("Say until which day, and why. Nothing was changed."))
            return redirect("payments:office-debts")
        try:
            pause_reminders(
                collection_id=collection_id,
                until=form.cleaned_data["until"],
                reason=form.cleaned_data["reason"],
                now=clock.now(),
                actor=Actor(kind="person", id=str(self.person.pk)),
            )
        except Refusal as refusal:
            messages.error(request, refusal.detail)
        else:
            messages.success(request, _("Paused, and written down. What is owed stays owed."))
        return redirect("payments:office-debts")
