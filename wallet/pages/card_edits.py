"""What one does with a loyalty card: add, edit, and the buttons on its page."""

import json
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID, uuid4

from csp.decorators import csp_update
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.kernel.errors import Refusal
from okplatform.web.views import PersonPage, PublicPage
from wallet.actions.change_balance import MOST, BalanceChangeOutOfRange, change_balance
from wallet.actions.put_card import put_card
from wallet.actions.remove_card import remove_card
from wallet.card_access import May
from wallet.card_keeping import Said
from wallet.cards import as_values, edits_of
from wallet.pages.card_form import CardForm, initial_of, palette, programmes
from wallet.pages.cards import OneCardPage
from wallet.programmes import PROGRAMMES
from wallet.reader import acting, reader
from wallet.symbologies import BY_CATIMA, SYMBOLOGIES

BROWSER = "page"
"""The device of an edit that a form sent: one page of a browser, not a phone that works offline."""

COPIED = ("issuer", "programme", "number", "colour", "note", "unit", "valid_from", "expires_on")
COPIED_TOO = ("front", "back", "logo", "barcode")

# The camera may need a decoder in WebAssembly, and a PDF a worker; eval stays out.
with_reader = method_decorator(csp_update({"script-src": ["'wasm-unsafe-eval'"]}), name="dispatch")


def said_now(request: HttpRequest, now: datetime) -> Said:
    """Return the name of an edit that a form carries, so that sending it twice is harmless."""
    try:
        uuid = UUID(request.POST.get("said", ""))
    except ValueError:
        uuid = uuid4()
    return Said(uuid=uuid, device=BROWSER, at=now)


def put_from_page(request: HttpRequest, card: UUID, fields: dict[str, Any]) -> None:
    """Put an edit of whoever is signed in."""
    person, now = reader(request), clock.now()
    put_card(
        person_id=person.pk,
        card=card,
        fields=fields,
        said=said_now(request, now),
        now=now,
        actor=acting(person),
    )


class _CardFormPage(PersonPage):
    """Base of adding and editing: one form, sent until it is right."""

    http_method_names = ["get", "post"]
    template_name = "wallet/card_form.html"

    def form_context(self, form: CardForm, card: UUID) -> dict[str, Any]:
        """Give the form, and what stood in each field when the page was made."""
        return {
            "form": form,
            "stood": [form[name].as_hidden(only_initial=True) for name in form.fields],
            "colours": palette(form["colour"].value() or ""),
            "programmes": programmes(),
            "symbologies": SYMBOLOGIES.values(),
            "photo_sides": [
                ("front", _("Front of the card"), form["front"].value()),
                ("back", _("Back of the card"), form["back"].value()),
            ],
            "card_uuid": card,
            "said": self.request.POST.get("said") or uuid4(),
        }

    def keep(self, form: CardForm, card: UUID, *, is_new: bool) -> bool:
        """Put what the form says; false with a sentence in the form where that is refused."""
        if not form.is_valid():
            return False
        fields = form.edit(is_new=is_new)
        try:
            if fields:
                put_from_page(self.request, card, fields)
        except Refusal as refusal:
            form.add_error(None, refusal.detail)
            return False
        self._doubt(form.cleaned_data["programme"], form.cleaned_data["payload"])
        return True

    def _doubt(self, slug: str, payload: str) -> None:
        """Say it where a code looks unlike its programme's; kept all the same, who knows."""
        programme = PROGRAMMES.get(slug)
        if programme and payload and not programme.fits(payload):
            said = _("A {name} has {digits} digits. Compare the number with your card.")
            messages.warning(
                self.request, said.format(name=programme.name, digits=programme.digits)
            )


@with_reader
class AddCardPage(_CardFormPage):
    """A new card: by camera, photo, PDF, wallet pass or typing."""

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give an empty form and a UUID, which makes adding twice harmless."""
        form = kwargs.get("form") or CardForm()
        card = kwargs.get("card_uuid") or uuid4()
        shown = {
            **self.form_context(form, card),
            "is_new": True,
            "back": reverse("wallet:cards"),
        }
        return super().get_context_data(**{**kwargs, **shown})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Add the card and open it."""
        try:
            card = UUID(request.POST.get("card", ""))
        except ValueError:
            return HttpResponseBadRequest()
        form = CardForm(request.POST)
        if not self.keep(form, card, is_new=True):
            return self.render_to_response(self.get_context_data(form=form, card_uuid=card))
        return redirect("wallet:card", card=card)


@with_reader
class EditCardPage(OneCardPage, _CardFormPage):
    """Everything on a card, to change."""

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the form as the card stands."""
        card = self.card_or_404()
        form = kwargs.get("form") or CardForm(initial=initial_of(card))
        shown = {
            **self.form_context(form, card.uuid),
            "card": card,
            "back": reverse("wallet:card", args=[card.uuid]),
        }
        return super().get_context_data(**{**kwargs, **shown})

    def post(self, request: HttpRequest, card: UUID) -> HttpResponse:
        """Put what changed."""
        found = self.card_or_404()
        form = CardForm(request.POST, initial=initial_of(found))
        if not self.keep(form, found.uuid, is_new=False):
            return self.render_to_response(self.get_context_data(form=form))
        return redirect("wallet:card", card=card)


class AddLinkPage(PublicPage):
    """Where the "Add to OK" link of a shop leads: what is on the card stands behind its #.

    The part behind # never leaves the browser, so no log of ours or of a proxy has it.
    """

    template_name = "wallet/card_link.html"


class SharedCardPage(PublicPage):
    """A card that somebody shared: it stands behind the # of the address, for this browser only.

    Links of Catima are read too. ``card`` makes keeping it twice harmless.
    """

    template_name = "wallet/card_shared.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the symbologies by Catima's names, and ours by our own."""
        kinds = {**{name: name for name in SYMBOLOGIES}, **BY_CATIMA}
        return super().get_context_data(
            kinds=json.dumps(kinds), card_uuid=uuid4(), said=uuid4(), **kwargs
        )


class MarkCard(OneCardPage):
    """The buttons that say one thing: star, archive, remove, and their opposites."""

    http_method_names = ["post"]
    needs = May.ARRANGE
    FIELDS = ("starred", "archived", "removed")

    def post(self, request: HttpRequest, card: UUID) -> HttpResponse:
        """Put the one field that the button names."""
        found = self.card_or_404()
        field, on = request.POST.get("field"), request.POST.get("value") == "on"
        if field not in self.FIELDS:
            return HttpResponseBadRequest()
        if field == "removed" and found.share is not None:
            raise Http404
        if field == "removed" and on:
            person, now = reader(request), clock.now()
            remove_card(
                person_id=person.pk,
                card=card,
                said=said_now(request, now),
                now=now,
                actor=acting(person),
            )
            messages.success(request, _("Removed. To take it back, open “Removed cards”."))
            return redirect("wallet:cards")
        try:
            put_from_page(request, found.uuid, {field: on})
        except Refusal as refusal:
            messages.error(request, refusal.detail)
        return redirect("wallet:card", card=card)


class DuplicateCard(OneCardPage):
    """A second card like this one."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, card: UUID) -> HttpResponse:
        """Add the copy and open its form; the name of the edit is that of the copy."""
        found = self.card_or_404()
        if found.removed:
            raise Http404
        values = as_values(found)
        copied = {name: values[name] for name in (*COPIED, *COPIED_TOO) if values.get(name)}
        copied["name"] = _("{name} (copy)").format(name=values["name"])[:80]
        if values.get("groups"):
            copied["groups"] = dict.fromkeys(values["groups"], True)
        copy = said_now(request, clock.now()).uuid
        try:
            put_from_page(request, copy, copied)
        except Refusal as refusal:
            messages.error(request, refusal.detail)
            return redirect("wallet:card", card=card)
        return redirect("wallet:card-edit", card=copy)


class CardBalance(OneCardPage):
    """What goes on or off the balance."""

    http_method_names = ["post"]
    needs = May.BOOK

    def post(self, request: HttpRequest, card: UUID) -> HttpResponse:
        """Book it; a comma or a point stands before the cents."""
        found = self.card_or_404()
        person, now = reader(request), clock.now()
        sign = -1 if request.POST.get("way") == "off" else 1
        try:
            change_balance(
                person_id=person.pk,
                card=card,
                delta=sign * read_amount(request.POST.get("amount", ""), money=found.is_money),
                note=request.POST.get("note", "").strip(),
                said=said_now(request, now),
                now=now,
                actor=acting(person),
            )
        except Refusal as refusal:
            messages.error(request, refusal.detail)
        return redirect("wallet:card", card=card)


def read_amount(text: str, *, money: bool) -> int:
    """Return minor units, or whole ones; raises ``BalanceChangeOutOfRange``."""
    try:
        amount = Decimal(text.strip().lstrip("€").strip().replace(",", "."))
    except InvalidOperation as error:
        raise BalanceChangeOutOfRange from error
    scaled = amount.scaleb(2) if money and amount.is_finite() else amount
    if not scaled.is_finite() or not 0 < scaled <= MOST or scaled != scaled.to_integral_value():
        raise BalanceChangeOutOfRange
    return int(scaled)


class CardHistoryPage(OneCardPage):
    """What once stood on a card; each of it can be taken back."""

    http_method_names = ["get", "post"]
    template_name = "wallet/card_history.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give every field as it was written, the latest first."""
        card = self.card_or_404()
        shown = {
            "card": card,
            "edits": edits_of(card),
            "back": reverse("wallet:card", args=[card.uuid]),
        }
        return super().get_context_data(**{**kwargs, **shown})

    def post(self, request: HttpRequest, card: UUID) -> HttpResponse:
        """Write an earlier value again, as an edit of now."""
        found = self.card_or_404()
        asked = (request.POST.get("change"), request.POST.get("register"))
        for edit in edits_of(found):
            if (str(edit.change_id), edit.register) == asked:
                try:
                    put_from_page(request, card, edit.again())
                except Refusal as refusal:
                    messages.error(request, refusal.detail)
                else:
                    messages.success(request, _("Taken back."))
        return redirect("wallet:card-history", card=card)
