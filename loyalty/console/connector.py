"""A chain's own loyalty system: where it is, how long a till waits for it, and how it does."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from typing_extensions import override

from loyalty.actions.put_connector import put_connector, stop_connector
from loyalty.models import LIMITS_MS
from loyalty.queries.connectors import connector_of
from okplatform.kernel import clock
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.parties.models import Role
from okplatform.web.permissions import staff
from okplatform.web.views import StaffPage

CONNECTORS = staff(Role.OWNER, Role.MANAGER)


class ConnectorForm(forms.Form):
    """Where it is."""

    name = forms.CharField(
        label=gettext_lazy("What customers call it"),
        max_length=40,
        help_text=gettext_lazy("Stands on the receipt, beside what it gives."),
    )
    url = forms.CharField(
        label=gettext_lazy("Its address"),
        max_length=500,
        help_text=gettext_lazy("Begins with https://. OK adds /benefits when it asks."),
    )
    limit_ms = forms.IntegerField(
        label=gettext_lazy("How long a till waits for it, in milliseconds"),
        min_value=LIMITS_MS[0],
        max_value=LIMITS_MS[1],
    )


class ConnectorConsole(StaffPage):
    """One page for the system of the mode that is open: how it does, its form, and the end."""

    required_permission = CONNECTORS
    template_name = "loyalty/console_connector.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give what is known of it, and the form."""
        connector = connector_of(self.person.mode)
        said = {"limit_ms": settings.OK_CONNECTOR_LIMIT_MS}
        if connector is not None:
            said = {"name": connector.name, "url": connector.url, "limit_ms": connector.limit_ms}
        kwargs.setdefault("form", ConnectorForm(initial=said))
        return super().get_context_data(
            connector=connector if connector and connector.is_on else None,
            rests=bool(connector and connector.rests_until and connector.rests_until > clock.now()),
            back=reverse("loyalty:console-programme", args=[self.merchant.reference]),
            **kwargs,
        )

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Name it, or end it (``stop`` in the form); a new secret is shown this once."""
        form = ConnectorForm(request.POST)
        try:
            if "stop" in request.POST:
                stop_connector(**self._whose())
                messages.success(request, _("It is asked no longer."))
                return self._back()
            if form.is_valid():
                return self._named(put_connector(**self._whose(), **form.cleaned_data))
        except Refusal as refusal:
            form.add_error(None, refusal.detail)
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def _named(self, secret: str | None) -> HttpResponse:
        if secret is None:
            messages.success(self.request, _("Saved. It counts from the next sale."))
            return self._back()
        # Nothing on the way keeps what this shows.
        answer = self.render_to_response(self.get_context_data(secret=secret))
        answer["Cache-Control"] = "no-store"
        return answer

    def _back(self) -> HttpResponse:
        return redirect("loyalty:console-connector", merchant=self.merchant.reference)

    def _whose(self) -> dict[str, Any]:
        return {
            "merchant_id": self.merchant.pk,
            "mode": self.person.mode,
            "now": clock.now(),
            "actor": Actor(kind="membership", id=str(self.membership.pk)),
        }
