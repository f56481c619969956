"""One merchant's programme: what it gives, joining it, and one's points in it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from typing_extensions import override

from loyalty.actions.join_programme import TermsChanged, join_programme
from loyalty.engine import MILLI
from loyalty.lot_words import counts, lasts, promised
from loyalty.queries.cards import Card, card, latest_earnings, offers_now, points_owed
from loyalty.queries.lots import standings
from loyalty.queries.schemes import goal_of
from okplatform.kernel import clock
from okplatform.web import formats
from okplatform.web.views import PersonPage
from wallet.reader import acting, reader

MOST_EARNINGS = 8
MOST_LOTS = 4
"""Days with points that wait, and days on which some end."""
EXAMPLE = 5_000
"""The basket, in cents, by which the page explains the rate: large enough for several points."""


class ProgrammePage(PersonPage):
    """A member sees points and where they came from; anyone else what joining brings."""

    template_name = "loyalty/programme.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the card, its texts in the reader's language, and the offers of today."""
        found = self._card()
        return super().get_context_data(
            card=found,
            example=EXAMPLE,
            example_points=EXAMPLE * found.milli_points_per_cent // MILLI,
            earnings=(
                latest_earnings(member_id=found.member_id, most=MOST_EARNINGS)
                if found.member_id
                else ()
            ),
            standing=_standing(found),
            promised=promised(found.pending_days, found.expiry, found.expiry_length),
            owed=points_owed(found.member_id) if found.member_id else 0,
            goal=goal_of(merchant_id=found.merchant_id, points=found.points or 0),
            offers=offers_now(
                merchant_id=found.merchant_id,
                member_id=found.member_id,
                mode=reader(self.request).mode,
                language=formats.language(),
                now=clock.now(),
            ),
            back=reverse("loyalty:programmes"),
            **kwargs,
        )

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Join on the terms that were shown; other terms are shown first."""
        found = self._card()
        try:
            join_programme(
                programme_id=found.programme_id,
                person_id=reader(request).pk,
                terms_version=_version(request.POST.get("terms_version", "")),
                actor=acting(reader(request)),
                now=clock.now(),
            )
        except TermsChanged as refusal:
            messages.error(request, refusal.detail)
        else:
            joined = _("You are in. Show your code at {merchant} and you earn.")
            messages.success(request, joined.format(merchant=found.merchant_name))
        return redirect("loyalty:programme", reference=reference)

    def _card(self) -> Card:
        person = reader(self.request)
        found = card(
            person_id=person.pk,
            mode=person.mode,
            merchant_reference=self.kwargs["reference"],
            language=formats.language(),
        )
        if found is None:
            raise Http404
        return found


def _standing(found: Card) -> list[tuple[int, str, bool]]:
    """Return what waits and what ends: how many points, from or until when, whether they wait."""
    if found.member_id is None or not found.keeps_lots:
        return []
    lots, today = standings([found.member_id])[found.member_id], timezone.localdate(clock.now())
    waiting = [(one.points, counts(one, today=today), True) for one in lots.pending]
    ending = [(one.points, lasts(one, today=today), False) for one in lots.ending]
    return [*waiting[:MOST_LOTS], *ending[:MOST_LOTS]]


def _version(sent: str) -> int:
    """Return the version a form sent; 0, which no terms have, for anything else."""
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0
