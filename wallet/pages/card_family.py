"""Sharing a card with family: who has it, and invitations: made, opened, answered."""

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.kernel.errors import Refusal
from okplatform.web.views import PersonPage, PublicPage
from wallet.actions.accept_invitation import accept_invitation
from wallet.actions.change_share import change_share
from wallet.actions.close_invitation import close_invitation
from wallet.actions.end_share import end_share
from wallet.actions.invite_to_card import invite_to_card
from wallet.actions.open_invitation import open_invitation
from wallet.card_invitations import known_without, open_invitations, shares_of, token_of
from wallet.models import Card, CardInvitation, EndedBy, ShareLevel
from wallet.models.card_share import LONGEST_NAME
from wallet.pages.cards import OneCardPage
from wallet.reader import acting, reader
from wallet.symbols import symbol_of


class LevelForm(forms.Form):
    """What somebody may do with a card, and whether they see the note."""

    level = forms.ChoiceField(choices=ShareLevel.choices)
    with_note = forms.BooleanField(required=False)

    @property
    def chosen(self) -> dict[str, Any]:
        """Return that as actions take it."""
        data = self.cleaned_data
        return {"level": ShareLevel(data["level"]), "with_note": data["with_note"]}


class InvitationForm(LevelForm):
    """An invitation, by a link or for somebody known; ``said`` makes sending it twice harmless."""

    said = forms.UUIDField()
    known = forms.UUIDField(required=False)


class FamilyPage(OneCardPage):
    """Who has a card of one's own, and inviting somebody to it."""

    http_method_names = ["get", "post"]
    template_name = "wallet/card_family.html"

    @override
    def card_or_404(self) -> Card:
        """Return the card; one that was removed is nobody's to share."""
        card = super().card_or_404()
        if card.removed:
            raise Http404
        return card

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give who has it, who is asked, and who may be asked without a link."""
        card, now = self.card_or_404(), clock.now()
        shown = {
            "card": card,
            "shares": shares_of(card),
            "invitations": open_invitations(now).filter(card_id=card.pk),
            "known": known_without(reader(self.request).pk, card),
            "levels": ShareLevel.choices,
            "said": uuid4(),
            "back": reverse("wallet:card", args=[card.uuid]),
        }
        return super().get_context_data(**{**kwargs, **shown})

    def post(self, request: HttpRequest, card: UUID) -> HttpResponse:
        """Make the invitation, and show its link; who is known finds it among their cards."""
        self.card_or_404()
        form = InvitationForm(request.POST)
        if not form.is_valid():
            return HttpResponseBadRequest()
        person = reader(request)
        try:
            invitation = invite_to_card(
                person_id=person.pk,
                card=card,
                uuid=form.cleaned_data["said"],
                known=form.cleaned_data["known"],
                now=clock.now(),
                actor=acting(person),
                **form.chosen,
            )
        except Refusal as refusal:
            messages.error(request, refusal.detail)
            return redirect("wallet:card-family", card=card)
        if invitation.by_link:
            return redirect("wallet:card-invitation", invitation=invitation.uuid)
        messages.success(request, _("Invited. They find the invitation among their cards."))
        return redirect("wallet:card-family", card=card)


class ChangeShare(PersonPage):
    """Lets somebody do more or less with a card."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, share: UUID) -> HttpResponse:
        """Set it, in force on their next request."""
        person, form = reader(request), LevelForm(request.POST)
        if not form.is_valid():
            return HttpResponseBadRequest()
        try:
            kept = change_share(
                person_id=person.pk,
                share=share,
                now=clock.now(),
                actor=acting(person),
                **form.chosen,
            )
        except Refusal as refusal:
            raise Http404 from refusal
        messages.success(request, _("Saved. {name} notices at once.").format(name=kept.name))
        return redirect("wallet:card-family", card=kept.card.uuid)  # type: ignore[union-attr]


class EndShare(PersonPage):
    """Takes a card back, or leaves it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, share: UUID) -> HttpResponse:
        """End it at once."""
        person = reader(request)
        try:
            kept = end_share(
                person_id=person.pk, share=share, now=clock.now(), actor=acting(person)
            )
        except Refusal as refusal:
            raise Http404 from refusal
        if kept.ended_by == EndedBy.PERSON:
            messages.success(request, _("Done. The card is gone from your wallet."))
            return redirect("wallet:cards")
        said = _("{name} no longer has this card. Their phone forgets it when it is next online.")
        messages.success(request, said.format(name=kept.name))
        return redirect("wallet:card-family", card=kept.card.uuid)  # type: ignore[union-attr]


class InvitedPage(PublicPage):
    """Where the link of an invitation leads: its secret stands behind the #, for this browser only.

    It says nothing yet: not who invites, nor to which card.
    """

    template_name = "wallet/card_invited.html"


class OpenInvitation(PersonPage):
    """Takes the secret of a link from whoever is signed in."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Show the invitation, which is this person's from now on."""
        person = reader(request)
        try:
            found = open_invitation(
                person_id=person.pk,
                token=request.POST.get("token", ""),
                now=clock.now(),
                actor=acting(person),
            )
        except Refusal as refusal:
            messages.error(request, refusal.detail)
            return redirect("wallet:cards")
        return redirect("wallet:card-invitation", invitation=found.uuid)


class InvitationPage(PersonPage):
    """An invitation: its link for the owner, a question for who is invited."""

    http_method_names = ["get", "post"]
    template_name = "wallet/card_invitation.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give what either of them may know; the number on the card is not among it."""
        found, person = self._found(), reader(self.request)
        is_owner = found.owner_id == person.pk
        link = ""
        if is_owner and found.by_link:
            page = self.request.build_absolute_uri(reverse("wallet:card-invited"))
            link = f"{page}#{token_of(found)}"
        shown = {
            "invitation": found,
            "is_owner": is_owner,
            "link": link,
            "symbol": symbol_of("qr_code", link) if link else None,
            "name": kwargs.get("name", person.name),
            "longest": LONGEST_NAME,
            "back": self._back(found, is_owner=is_owner),
        }
        return super().get_context_data(**{**kwargs, **shown})

    def _found(self) -> CardInvitation:
        person_id = reader(self.request).pk
        theirs = Q(owner_id=person_id) | Q(invited_id=person_id)
        mine = open_invitations(clock.now()).filter(theirs, uuid=self.kwargs["invitation"])
        found: CardInvitation | None = mine.first()
        if found is None:
            raise Http404
        return found

    def _back(self, found: CardInvitation, *, is_owner: bool) -> str:
        if is_owner:
            return reverse("wallet:card-family", args=[found.card.uuid])
        return reverse("wallet:cards")

    def post(self, request: HttpRequest, invitation: UUID) -> HttpResponse:
        """Accept it; or decline it, or as its owner withdraw it."""
        found, person = self._found(), reader(request)
        common: dict[str, Any] = {
            "person_id": person.pk,
            "invitation": invitation,
            "now": clock.now(),
            "actor": acting(person),
        }
        try:
            if request.POST.get("answer") != "yes":
                close_invitation(**common)
                messages.success(request, _("Done. The invitation no longer works."))
                return redirect(self._back(found, is_owner=found.owner_id == person.pk))
            share = accept_invitation(**common, name=request.POST.get("name", ""))
        except Refusal as refusal:
            messages.error(request, refusal.detail)
            return redirect("wallet:card-invitation", invitation=invitation)
        return redirect("wallet:card", card=share.uuid)
