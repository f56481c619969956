"""Gift cards in the shopper's wallet: kept by number and PIN, each with what is on it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.kernel.errors import Refusal
from okplatform.web.views import PersonPage
from payments.actions.keep_gift_card import keep_gift_card
from payments.actions.let_go_gift_card import let_go_gift_card
from payments.gift_card_numbers import written
from payments.gift_card_queries import KeptCard, bookings_for_keeper, kept_by
from payments.gift_cards import number_of, pin_of
from payments.models.gift_card import BookingKind
from wallet.reader import acting, reader
from wallet.symbols import symbol_of

SHOWN = 10
"""Bookings on the page of a card."""


class GiftCardForm(forms.Form):
    """What stands on a card."""

    number = forms.CharField(
        label=gettext_lazy("Number on the card"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}
        ),
        help_text=gettext_lazy("16 digits."),
    )
    pin = forms.CharField(
        label=gettext_lazy("PIN"),
        max_length=4,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class AddGiftCard(PersonPage):
    """The form to keep a card."""

    template_name = "payments/gift_card_add.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the form."""
        kwargs.setdefault("form", GiftCardForm())
        return super().get_context_data(back=reverse("wallet:cards"), **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep it; what is wrong is said beside the number."""
        person, form = reader(request), GiftCardForm(request.POST)
        if form.is_valid():
            try:
                card_id = keep_gift_card(
                    person_id=person.pk,
                    mode=person.mode,
                    number=form.cleaned_data["number"],
                    pin=form.cleaned_data["pin"],
                    now=clock.now(),
                    actor=acting(person),
                )
            except Refusal as refusal:
                form.add_error("number", refusal.detail)
            else:
                return redirect("payments:gift-card", card_id)
        return self.render_to_response(self.get_context_data(form=form), status=422)


class GiftCardPage(PersonPage):
    """One card: what is on it, its bar code for the till, and what happened last."""

    template_name = "payments/gift_card.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the card, if this person keeps it."""
        card = self._card()
        number, pin = number_of(card.seed), pin_of(card.seed)
        is_over = card.expires_on is not None and card.expires_on < timezone.localdate(clock.now())
        pays = card.state == "active" and not is_over
        return super().get_context_data(
            card=card,
            is_over=is_over,
            pays=pays,
            symbol=symbol_of("code_128", number + pin) if pays else None,
            number=written(number),
            pin=pin,
            bookings=[
                (row, BookingKind(row.kind).label)
                for row in bookings_for_keeper(card.id, limit=SHOWN)
            ],
            back=reverse("wallet:cards"),
            **kwargs,
        )

    def post(self, request: HttpRequest, card_id: int) -> HttpResponse:
        """Let the card go."""
        person = reader(request)
        let_go_gift_card(person_id=person.pk, card_id=card_id, actor=acting(person))
        messages.success(request, _("Gone from your cards. What is on it stays on it."))
        return redirect("wallet:cards")

    def _card(self) -> KeptCard:
        person = reader(self.request)
        found = kept_by(person_id=person.pk, mode=person.mode, card_id=self.kwargs["card_id"])
        if not found:
            raise Http404
        return found[0]
