"""The choice to pay with points at the next payment: made and taken back on a programme's card."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from loyalty.actions.donate_points import donate_points
from loyalty.actions.put_reward import RewardUnknown
from loyalty.actions.settle import PointsGone
from loyalty.actions.take_gift_card import take_gift_card
from loyalty.actions.wish_to_spend import wish_to_spend, withdraw_wish
from loyalty.queries.cards import card
from okplatform.kernel import clock
from okplatform.web import formats
from okplatform.web.views import PersonPage
from payments.actions.keep_gift_card import TooManyGiftCards
from wallet.reader import acting, reader

MOST_DIGITS = 9


class SpendPointsPage(PersonPage):
    """Takes the choice; it has no page of its own."""

    http_method_names = ("post",)

    def post(self, request: HttpRequest, reference: str, **_address: Any) -> HttpResponse:
        """Keep the choice, or take it back, and show the card; a gift card shows itself."""
        person = reader(request)
        found = card(
            person_id=person.pk,
            mode=person.mode,
            merchant_reference=reference,
            language=formats.language(),
        )
        if found is None or found.member_id is None:
            raise Http404
        try:
            if "card" in request.POST:
                return self._take_card(request, found.member_id)
            self._act(request, found.member_id)
        except (RewardUnknown, PointsGone, TooManyGiftCards) as refusal:
            messages.error(request, refusal.detail)
        return redirect("loyalty:programme", reference=reference)

    def _take_card(self, request: HttpRequest, member_id: int) -> HttpResponse:
        """Take a gift card for points; sent twice, it is the same card."""
        person = reader(request)
        card = take_gift_card(
            member_id=member_id,
            person_id=person.pk,
            reward_id=_number(request.POST["card"]),
            uuid=_uuid(request.POST.get("uuid", "")),
            actor=acting(person),
            now=clock.now(),
        )
        messages.success(request, _("It is yours. Show it at the till, or pay online with it."))
        return redirect("payments:gift-card", card.pk)

    def _act(self, request: HttpRequest, member_id: int) -> None:
        """Do what one of the page's buttons says."""
        person, said = reader(request), request.POST
        actor, now = acting(person), clock.now()
        if "withdraw" in said:
            withdraw_wish(member_id=member_id, person_id=person.pk, actor=actor)
            messages.success(request, _("You keep your points."))
        elif "donate" in said:
            donate_points(
                member_id=member_id,
                person_id=person.pk,
                reward_id=_number(said["donate"]),
                actor=actor,
                now=now,
            )
            messages.success(request, _("Given. Thank you."))
        elif said.get("points") and not _number(said["points"]):
            messages.error(request, _("Say how many points, such as 500. Empty is all."))
        else:
            wish_to_spend(
                member_id=member_id,
                person_id=person.pk,
                points=_number(said.get("points", "")) or None,
                reward_id=_number(said["reward"]) if "reward" in said else None,
                actor=actor,
                now=now,
            )
            messages.success(request, _("Show your code: your points pay at the next payment."))


def _number(sent: str) -> int:
    """Return a number as it was typed; 0 for anything else."""
    typed = sent.strip()
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= MOST_DIGITS else 0


def _uuid(sent: str) -> UUID:
    """Return the number that a form carries, so that sent twice it counts once."""
    try:
        return UUID(sent)
    except ValueError:
        return uuid4()
