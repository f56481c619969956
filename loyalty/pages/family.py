"""Spending points together with the family: asking, saying yes, who brought what, and leaving."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from typing_extensions import override

from loyalty.actions.ask_to_pool import ask_to_pool, close_ask
from loyalty.actions.join_pool import join_pool
from loyalty.actions.leave_pool import leave_pool
from loyalty.queries.cards import Card, card
from loyalty.queries.pools import asked_by, asks_for, families_allowed, latest_draws, seats_of
from okplatform.kernel import clock
from okplatform.kernel.errors import Refusal
from okplatform.web import formats
from okplatform.web.views import PersonPage
from wallet.card_invitations import known_to, person_known_to
from wallet.reader import acting, reader

MOST_DRAWS = 8


class AskForm(forms.Form):
    """Whom to ask, named by a card they share; and whether they may spend what others have."""

    share = forms.UUIDField()
    only_brings = forms.BooleanField(required=False)


class AnswerForm(forms.Form):
    """Which question."""

    ask = forms.IntegerField(min_value=1)


class FamilyPage(PersonPage):
    """Shows a member the family's pool, and does what its buttons say (``act``)."""

    template_name = "loyalty/family.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give who is in, who is asked and by whom, and who could be asked."""
        found, person, now = self._card(), reader(self.request), clock.now()
        seats = seats_of(found.member_id) if found.member_id else []
        own = next((seat for seat in seats if seat.is_reader), None)
        keeps = not seats or seats[0].is_reader
        asked = asked_by(found.member_id, now=now) if found.member_id else []
        there = {seat.person_id for seat in seats} | {ask.person_id for ask in asked}
        known = known_to(person.pk) if found.member_id and keeps else ()
        return super().get_context_data(
            card=found,
            allowed=families_allowed(found.merchant_id),
            seats=seats,
            own=own,
            keeper=seats[0].name if seats else "",
            total=sum(seat.points for seat in seats),
            asked=asked,
            asks=asks_for(person_id=person.pk, merchant_id=found.merchant_id, now=now),
            known=[one for one in known if one.person_id not in there],
            keeps=keeps,
            draws=latest_draws(found.member_id, most=MOST_DRAWS) if found.member_id else (),
            back=reverse("loyalty:programme", args=[found.merchant_reference]),
            **kwargs,
        )

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Do it, and show the page."""
        found = self._card()
        acts = {"ask": self._ask, "yes": self._yes, "no": self._no, "leave": self._leave}
        act = acts.get(request.POST.get("act", ""))
        if act is None:
            raise Http404
        try:
            messages.success(request, act(found))
        except Refusal as refusal:
            messages.error(request, refusal.detail)
        return redirect("loyalty:family", reference=found.merchant_reference)

    def _ask(self, found: Card) -> str:
        form, person = AskForm(self.request.POST), reader(self.request)
        other = person_known_to(person.pk, _share(form)) if form.is_valid() else None
        if other is None or found.member_id is None:
            raise Http404
        ask_to_pool(
            person_id=person.pk,
            member_id=found.member_id,
            asked=other,
            spends=not form.cleaned_data["only_brings"],
            actor=acting(person),
            now=clock.now(),
        )
        return _("Asked. They find the question with this programme, for a week.")

    def _yes(self, _found: Card) -> str:
        person = reader(self.request)
        join_pool(person_id=person.pk, ask_id=self._number(), actor=acting(person), now=clock.now())
        return _("Done. From now on you spend points together.")

    def _no(self, _found: Card) -> str:
        person = reader(self.request)
        close_ask(person_id=person.pk, ask_id=self._number(), actor=acting(person))
        return _("Done. The question is gone.")

    def _leave(self, found: Card) -> str:
        person = reader(self.request)
        points = leave_pool(
            person_id=person.pk,
            member_id=found.member_id or 0,
            actor=acting(person),
            now=clock.now(),
        )
        said = ngettext(
            "You spend your points alone again: {points} point is yours.",
            "You spend your points alone again: {points} points are yours.",
            points,
        )
        return said.format(points=formats.number(points))

    def _number(self) -> int:
        form = AnswerForm(self.request.POST)
        if not form.is_valid():
            raise Http404
        return int(form.cleaned_data["ask"])

    def _card(self) -> Card:
        """Return the programme, where families pool or this reader still does."""
        person = reader(self.request)
        found = card(
            person_id=person.pk,
            mode=person.mode,
            merchant_reference=self.kwargs["reference"],
            language=formats.language(),
        )
        if found is None:
            raise Http404
        in_pool = found.member_id is not None and seats_of(found.member_id)
        if not in_pool and not families_allowed(found.merchant_id):
            raise Http404
        return found


def _share(form: AskForm) -> UUID:
    share: UUID = form.cleaned_data["share"]
    return share
