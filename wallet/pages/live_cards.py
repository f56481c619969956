"""The button by which a card becomes live, and the one by which it is let go."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from okplatform.kernel import clock
from okplatform.kernel.errors import Refusal
from wallet.actions.couple_card import couple_card, uncouple_card
from wallet.pages.cards import OneCardPage
from wallet.reader import acting, reader


class CoupleCard(OneCardPage):
    """Couples a card to the programme of its shop, or lets it go (``off`` in the form)."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, card: UUID) -> HttpResponse:
        """Do so, and show the card as it is then."""
        self.card_or_404()
        person, now = reader(request), clock.now()
        try:
            if "off" in request.POST:
                uncouple_card(person_id=person.pk, card=card, actor=acting(person), now=now)
                messages.success(request, _("Let go. Your points and your membership stay."))
            else:
                couple_card(
                    person_id=person.pk,
                    card=card,
                    terms_version=_version(request.POST.get("terms_version", "")),
                    actor=acting(person),
                    now=now,
                )
                messages.success(request, _("Coupled. From now on your points stand here."))
        except Refusal as refusal:
            messages.error(request, refusal.detail)
        return redirect("wallet:card", card=card)


def _version(sent: str) -> int:
    """Return the version a form sent; 0, which no terms have, for anything else."""
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0
