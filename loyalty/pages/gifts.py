"""Giving points to another member, and taking points that somebody gives."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from typing_extensions import override

from loyalty.actions.offer_gift import offer_gift, withdraw_gift
from loyalty.actions.take_gift import take_gift
from loyalty.gift_links import gift_of, token_of
from loyalty.models import GiftState, PointsGift
from loyalty.queries import points_of
from loyalty.queries.cards import Card, card
from loyalty.queries.gifts import gifts_waiting, most_to_give
from okplatform.kernel import clock
from okplatform.kernel.errors import Refusal
from okplatform.web import formats
from okplatform.web.views import PersonPage
from wallet.reader import acting, reader


class GiveForm(forms.Form):
    """How many points."""

    points = forms.IntegerField(
        label=gettext_lazy("How many points"), min_value=1, max_value=10_000_000
    )


def _card(request: HttpRequest, reference: str) -> Card:
    person = reader(request)
    found = card(
        person_id=person.pk,
        mode=person.mode,
        merchant_reference=reference,
        language=formats.language(),
    )
    if found is None:
        raise Http404
    return found


class GivePage(PersonPage):
    """Offers points by a link, and takes an offer back."""

    template_name = "loyalty/give.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the form, and what waits with its link."""
        found = _card(self.request, self.kwargs["reference"])
        most = most_to_give(found.merchant_id)
        if found.member_id is None or not most:
            raise Http404
        kwargs.setdefault("form", GiveForm())
        gifts = gifts_waiting(found.member_id, now=clock.now())
        return super().get_context_data(
            card=found,
            most=most,
            gifts=[(gift, self._link(gift)) for gift in gifts],
            back=reverse("loyalty:programme", args=[found.merchant_reference]),
            **kwargs,
        )

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Offer points, or take an offer back (``away`` in the form)."""
        person, found = reader(request), _card(request, reference)
        if away := _uuid(request.POST.get("away", "")):
            withdraw_gift(person_id=person.pk, uuid=away, actor=acting(person))
            messages.success(request, _("Taken back. Its link opens nothing any more."))
            return redirect("loyalty:give", reference=reference)
        form = GiveForm(request.POST)
        if not (form.is_valid() and self._offer(form, found)):
            return self.render_to_response(self.get_context_data(form=form), status=422)
        messages.success(request, _("Send the link. The points are yours until somebody opens it."))
        return redirect("loyalty:give", reference=reference)

    def _offer(self, form: GiveForm, found: Card) -> bool:
        person, points = reader(self.request), form.cleaned_data["points"]
        here = points_of(merchant_id=found.merchant_id, person_id=person.pk, mode=person.mode)
        # Those of this shop alone, whatever else counts at its till.
        if here is None or points > here.balance:
            form.add_error("points", _("You do not have so many points."))
            return False
        try:
            offer_gift(
                person_id=person.pk,
                member_id=found.member_id or 0,
                points=points,
                actor=acting(person),
                now=clock.now(),
            )
        except Refusal as refusal:
            form.add_error("points", refusal.detail)
            return False
        return True

    def _link(self, gift: PointsGift) -> str:
        address = reverse("loyalty:gift", args=[token_of(gift)])
        return self.request.build_absolute_uri(address)


class GiftPage(PersonPage):
    """A gift, for who has its link."""

    template_name = "loyalty/gift.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give what it is, and whether the reader is a member who may take it."""
        gift = self._gift()
        found = _card(self.request, gift.merchant.reference)
        waits = gift.state == GiftState.WAITING and gift.ends_at > clock.now()
        return super().get_context_data(
            card=found,
            gift=gift,
            waits=waits,
            own=gift.giver_id == found.member_id,
            back=reverse("loyalty:programmes"),
            **kwargs,
        )

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Take it."""
        person, gift = reader(request), self._gift()
        try:
            points = take_gift(
                person_id=person.pk, uuid=gift.uuid, actor=acting(person), now=clock.now()
            )
        except Refusal as refusal:
            messages.error(request, refusal.detail)
            return redirect("loyalty:gift", token=token)
        said = ngettext("{points} point more is yours.", "{points} points more are yours.", points)
        messages.success(request, said.format(points=formats.number(points)))
        return redirect("loyalty:programme", reference=gift.merchant.reference)

    def _gift(self) -> PointsGift:
        gift = gift_of(self.kwargs["token"])
        if gift is None or gift.mode != reader(self.request).mode:
            raise Http404
        return gift


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
