"""Asks for the link by which a member brings others along."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from loyalty.actions.hand_on import NoMember, hand_on
from loyalty.queries.cards import card
from okplatform.web import formats
from okplatform.web.views import PersonPage
from wallet.reader import acting, reader


class HandOnPage(PersonPage):
    """Makes the code (``POST``); the programme's page shows it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Make it, once, and go back."""
        person = reader(request)
        found = card(
            person_id=person.pk,
            mode=person.mode,
            merchant_reference=reference,
            language=formats.language(),
        )
        if found is None:
            raise Http404
        try:
            hand_on(merchant_id=found.merchant_id, person_id=person.pk, actor=acting(person))
        except NoMember as refusal:
            raise Http404 from refusal
        return redirect("loyalty:programme", reference=reference)
