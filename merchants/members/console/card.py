"""A customer's card, as its owner sees it under "What they see"."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.cache import add_never_cache_headers
from typing_extensions import override

from merchants.members.actions.ask_allergies import ask_allergies
from merchants.members.actions.open_card import NotRecognised, open_card
from merchants.members.console.permission import HELPERS
from merchants.members.looking import Looking
from okplatform.kernel import clock
from okplatform.kernel.audit import Actor
from okplatform.web.views import StaffPage

IN_SESSION = "customer"
"""The session's key for the customer who stands at the counter: no address names a person."""
OPEN_FOR = timedelta(minutes=10)


def remember(
    session: SessionBase, merchant_id: int, person_id: int | None, *, why: str, about: str
) -> None:
    """Remember for ten minutes who stands at the counter, and how that was found out."""
    session[IN_SESSION] = {
        "merchant": merchant_id,
        "person": person_id,
        "why": why,
        "about": about,
        "since": clock.now().isoformat(),
    }


class CustomerCard(StaffPage):
    """What may be seen of the customer now; each time it is shown, they are told."""

    required_permission = HELPERS
    template_name = "merchants/customer.html"
    http_method_names = ["get", "post"]

    @override
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the card."""
        return self._show(with_allergies=False)

    def post(self, _request: HttpRequest, **_address: Any) -> HttpResponse:
        """Show it with the allergies, for which somebody tapped."""
        return self._show(with_allergies=True)

    def _show(self, *, with_allergies: bool) -> HttpResponse:
        looking = self._looking()
        if looking is None:
            return redirect("merchants:customers", self.merchant.reference)
        try:
            card = open_card(looking)
        except NotRecognised as refusal:
            messages.error(self.request, refusal.detail)
            return redirect("merchants:customers", self.merchant.reference)
        allergies = ask_allergies(looking) if with_allergies else None
        context = self.get_context_data(
            card=card, allergies=allergies, asked=with_allergies, about=looking.about
        )
        response = self.render_to_response(context)
        add_never_cache_headers(response)
        return response

    def _looking(self) -> Looking | None:
        """Return who looks and at whom; None where nobody was found, or too long ago."""
        found = self.request.session.get(IN_SESSION)
        now = clock.now()
        if not found or found["merchant"] != self.merchant.pk:
            return None
        if now - datetime.fromisoformat(found["since"]) > OPEN_FOR:
            del self.request.session[IN_SESSION]
            return None
        role = self.membership.get_role_display()
        return Looking(
            person_id=found["person"],
            merchant_id=self.merchant.pk,
            actor=Actor(kind="membership", id=str(self.membership.pk)),
            name=f"{self.person.name} ({role})",
            why=found["why"],
            about=found["about"],
            now=now,
        )
