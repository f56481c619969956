"""One merchant's programme: what it gives, joining it, and one's points in it."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from typing_extensions import override

from loyalty.actions.claim_balance import claim_by_address, claim_by_card
from loyalty.actions.join_circle import join_circle
from loyalty.actions.join_programme import ProgrammeUnknown, TermsChanged, join_programme
from loyalty.engine import MILLI
from loyalty.lot_words import counts, lasts, promised
from loyalty.pages.circle import accepted_in, shared_with
from loyalty.queries.balances import points_wait_at, waiting_under_address
from loyalty.queries.bonuses import bonuses_now
from loyalty.queries.cards import Card, card, latest_earnings, offers_now, points_owed
from loyalty.queries.gifts import most_to_give
from loyalty.queries.lots import standings
from loyalty.queries.moves import latest_moves
from loyalty.queries.pools import asks_for, families_allowed, pool_rest, seats_of
from loyalty.queries.rewards import rewards_of
from loyalty.queries.schemes import goal_of
from loyalty.queries.spending import spending_of
from loyalty.queries.stamps import StampCardNow, stamp_cards
from loyalty.queries.tiers import TierNow, tier_of
from loyalty.stamp_words import drawn, how_far, waits
from okplatform.kernel import clock
from okplatform.kernel.errors import Refusal
from okplatform.web import formats
from okplatform.web.views import PersonPage
from wallet.reader import acting, reader

MOST_EARNINGS = 8
LONGEST_CODE = 16
LONGEST_NUMBER = 64
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
        shared = shared_with(found, reader(self.request))
        # Its own and, with points that are shared, those at the other shops.
        members = [found.member_id, *(shared.members if shared else ())] if found.member_id else []
        bonuses = bonuses_now(
            programme_id=found.programme_id, member_id=found.member_id, now=clock.now()
        )
        pooled = pool_rest(found.member_id) if found.member_id else 0
        return super().get_context_data(
            bonuses=bonuses,
            hand_on_link=self._link(found, bonuses.code) if bonuses else "",
            brought_by=self.request.GET.get("from", "")[:LONGEST_CODE],
            card=found,
            example=EXAMPLE,
            example_points=EXAMPLE * found.milli_points_per_cent // MILLI,
            shared=shared,
            earnings=latest_earnings(members, most=MOST_EARNINGS) if members else (),
            moves=latest_moves(members, most=MOST_EARNINGS) if members else (),
            gives=bool(found.member_id and most_to_give(found.merchant_id)),
            brings=_brings(reader(self.request).pk, found),
            standing=_standing(found),
            promised=promised(found.pending_days, found.expiry, found.expiry_length),
            owed=points_owed(found.member_id) if found.member_id else 0,
            pooled=pooled,
            family=_family(reader(self.request).pk, found),
            spending=spending_of(found, pooled=pooled) if found.member_id else None,
            rewards=(
                rewards_of(found, language=formats.language(), pooled=pooled)
                if found.member_id
                else ()
            ),
            once=uuid4(),
            goal=goal_of(merchant_id=found.merchant_id, points=found.points or 0),
            offers=offers_now(
                merchant_id=found.merchant_id,
                member_id=found.member_id,
                mode=reader(self.request).mode,
                language=formats.language(),
                now=clock.now(),
            ),
            stamps=_stamps(found),
            tier=_tier(found),
            back=reverse("loyalty:programmes"),
            **kwargs,
        )

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Join on the terms that were shown, others first; or bring points along (``bring``)."""
        found = self._card()
        if "bring" in request.POST and found.member_id:
            self._bring(found.member_id, request.POST.get("number", "").strip())
            return redirect("loyalty:programme", reference=reference)
        try:
            self._join(found)
        except (TermsChanged, ProgrammeUnknown) as refusal:
            messages.error(request, refusal.detail)
        else:
            joined = _("You are in. Show your code at {merchant} and you earn.")
            messages.success(request, joined.format(merchant=found.merchant_name))
        return redirect("loyalty:programme", reference=reference)

    def _join(self, found: Card) -> None:
        """Join this programme, with those that share points (``accept`` in the form) or alone."""
        person, sent = reader(self.request), self.request.POST
        brought_by = sent.get("from", "")[:LONGEST_CODE]
        if accepted := accepted_in(self.request):
            join_circle(
                merchant_id=found.merchant_id,
                person_id=person.pk,
                accepted=accepted,
                brought_by=(found.programme_id, brought_by),
                actor=acting(person),
                now=clock.now(),
            )
            return
        join_programme(
            programme_id=found.programme_id,
            person_id=person.pk,
            terms_version=_version(sent.get("terms_version", "")),
            brought_by=brought_by,
            actor=acting(person),
            now=clock.now(),
        )

    def _link(self, found: Card, code: str) -> str:
        """Return the address by which others join with this member's code."""
        page = reverse("loyalty:programme", kwargs={"reference": found.merchant_reference})
        return self.request.build_absolute_uri(f"{page}?{urlencode({'from': code})}")

    def _bring(self, member_id: int, number: str) -> None:
        """Bring points along by a card's number, or by the address where there is none."""
        person = reader(self.request)
        asked: dict[str, Any] = {
            "person_id": person.pk,
            "member_id": member_id,
            "actor": acting(person),
            "now": clock.now(),
        }
        try:
            points = (
                claim_by_card(number=number[:LONGEST_NUMBER], **asked)
                if number
                else claim_by_address(**asked)
            )
        except Refusal as refusal:
            messages.error(self.request, refusal.detail)
            return
        said = ngettext("{points} point more is yours.", "{points} points more are yours.", points)
        messages.success(self.request, said.format(points=formats.number(points)))

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


def _brings(person_id: int, found: Card) -> dict[str, int] | None:
    """Return what waits under the reader's address; None where nobody brings anything along."""
    if not (found.member_id and points_wait_at(found.merchant_id)):
        return None
    return {"points": waiting_under_address(person_id, found.merchant_id, now=clock.now())}


def _family(person_id: int, found: Card) -> str:
    """Return what leads to the family's pool: who asks, else a word; empty where there is none."""
    asks = asks_for(person_id=person_id, merchant_id=found.merchant_id, now=clock.now())
    allowed = families_allowed(found.merchant_id)
    if asks and allowed:
        said = _("{name} asks you to spend points together")
        return said.format(name=asks[0].name)
    if found.member_id and (allowed or seats_of(found.member_id)):
        return _("Points with your family")
    return ""


def _standing(found: Card) -> list[tuple[int, str, bool]]:
    """Return what waits and what ends: how many points, from or until when, whether they wait."""
    if found.member_id is None or not found.keeps_lots:
        return []
    lots, today = standings([found.member_id])[found.member_id], timezone.localdate(clock.now())
    waiting = [(one.points, counts(one, today=today), True) for one in lots.pending]
    ending = [(one.points, lasts(one, today=today), False) for one in lots.ending]
    return [*waiting[:MOST_LOTS], *ending[:MOST_LOTS]]


def _tier(found: Card) -> TierNow | None:
    if not found.member_id:
        return None
    return tier_of(member_id=found.member_id, language=formats.language())


def _stamps(found: Card) -> list[tuple[StampCardNow, list[str], str, str]]:
    """Return the stamp cards, each with its stamps to draw, what it takes and what waits."""
    cards = stamp_cards(
        merchant_id=found.merchant_id,
        member_id=found.member_id,
        language=formats.language(),
        now=clock.now(),
    )
    return [(card, drawn(card), how_far(card), waits(card)) for card in cards]


def _version(sent: str) -> int:
    """Return the version a form sent; 0, which no terms have, for anything else."""
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0
