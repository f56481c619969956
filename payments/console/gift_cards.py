"""The merchant's gift cards: what is owed on them, the list, and the story of each."""

import csv
from io import StringIO
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.kernel.modes import Mode
from okplatform.web.views import StaffPage
from payments.actions.block_gift_card import block_gift_card
from payments.actions.replace_gift_card import replace_gift_card
from payments.actions.set_gift_card_terms import set_gift_card_terms
from payments.bookkeeping.decimals import decimal
from payments.console import paging
from payments.console.permission import CARD_KEEPERS, MONEY
from payments.gift_card_numbers import written
from payments.gift_card_queries import (
    Month,
    bookings_of,
    cards_of,
    months_of,
    outstanding,
    written_off_on,
)
from payments.gift_cards import number_of, pin_of
from payments.models import GiftCard, GiftCardState, GiftCardTerms
from payments.models.gift_card import BookingKind, PaidBy

END = 4


class TermsForm(forms.Form):
    """Whether a merchant sells gift cards, and how long they are good."""

    is_selling = forms.BooleanField(label=gettext_lazy("We sell gift cards"), required=False)
    valid_months = forms.IntegerField(
        label=gettext_lazy("Good for, in months"),
        required=False,
        min_value=1,
        max_value=120,
        help_text=gettext_lazy("Leave it empty and cards never expire. The customer is told it."),
    )


class ReasonForm(forms.Form):
    """Why a card is blocked, unblocked or replaced."""

    reason = forms.CharField(label=gettext_lazy("Why"), max_length=200)


class GiftCardsConsole(StaffPage):
    """What is owed on all cards, on which terms they are sold, and each of them."""

    required_permission = CARD_KEEPERS
    template_name = "payments/console_gift_cards.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give one page of cards, the newest first, or those whose number ends so."""
        before = paging.number(self.request.GET.get("before"))
        ending = self.request.GET.get("end", "").strip()[-END:]
        rows = cards_of(
            merchant_id=self.merchant.pk,
            mode=Mode.LIVE,
            before=before,
            ending=ending,
            limit=paging.PER_PAGE + 1,
        )
        shown = rows[: paging.PER_PAGE]
        terms = GiftCardTerms.objects.first()
        kwargs.setdefault(
            "form",
            TermsForm(
                initial={
                    "is_selling": terms is not None and terms.is_selling,
                    "valid_months": terms.valid_months if terms else None,
                }
            ),
        )
        return super().get_context_data(
            cards=[(card, GiftCardState(card.state).label) for card in shown],
            following=shown[-1].id if len(rows) > len(shown) else None,
            is_first=before is None,
            ending=ending,
            outstanding=outstanding(merchant_id=self.merchant.pk, mode=Mode.LIVE),
            currency=self.merchant.currency,
            is_selling=terms is not None and terms.is_selling,
            sees_money=self.membership.role in MONEY.roles,
            **kwargs,
        )

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Keep the terms; what is wrong is said beside its field."""
        form = TermsForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        set_gift_card_terms(
            merchant_id=self.merchant.pk,
            is_selling=form.cleaned_data["is_selling"],
            valid_months=form.cleaned_data["valid_months"],
            now=clock.now(),
            actor=Actor(kind="membership", id=str(self.membership.pk)),
        )
        messages.success(request, _("Saved. It counts for cards that are sold from now on."))
        return redirect("payments:console-gift-cards", merchant=self.merchant.reference)


class GiftCardsFile(StaffPage):
    """The same by month, as CSV for the bookkeeper: amounts in euros with a point."""

    required_permission = CARD_KEEPERS

    @override
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send what was sold, spent and given back, and what was owed at the end of each month."""
        months = months_of(
            merchant_id=self.merchant.pk, mode=Mode.LIVE, zone=self.merchant.timezone
        )
        with StringIO(newline="") as text:
            writer = csv.writer(text)
            writer.writerow(Month._fields)
            writer.writerows((month, *map(decimal, amounts)) for month, *amounts in months)
            answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
        name = f"OK-{self.merchant.reference}-gift-cards.csv"
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer


class GiftCardConsole(StaffPage):
    """One card: what happened to it, and the ways to block, unblock and replace it."""

    required_permission = CARD_KEEPERS
    template_name = "payments/console_gift_card.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the card and one page of what was booked on it, the newest first."""
        card = self._card()
        before = paging.number(self.request.GET.get("before"))
        rows = bookings_of(card.pk, before=before, limit=paging.PER_PAGE + 1)
        shown = rows[: paging.PER_PAGE]
        kwargs.setdefault("form", ReasonForm())
        return super().get_context_data(
            card=card,
            state=GiftCardState(card.state).label,
            lost=written_off_on(card.pk) if self.membership.role in MONEY.roles else 0,
            balance=shown[0].balance if shown and before is None else None,
            bookings=[(row, _line(row)) for row in shown],
            following=shown[-1].pk if len(rows) > len(shown) else None,
            is_first=before is None,
            back=reverse("payments:console-gift-cards", args=[self.merchant.reference]),
            **kwargs,
        )

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Block, unblock or replace it; the new number is shown once, on the page that answers."""
        card, form = self._card(), ReasonForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        try:
            made = self._act(request.POST.get("act", ""), card, form.cleaned_data["reason"])
        except Refusal as refusal:
            form.add_error("reason", refusal.detail)
            return self.render_to_response(self.get_context_data(form=form), status=422)
        if made is None:
            messages.success(request, _("Saved."))
            return redirect(request.path)
        return self.render_to_response(
            self.get_context_data(made=written(number_of(made.seed)), made_pin=pin_of(made.seed))
        )

    def _act(self, act: str, card: GiftCard, reason: str) -> GiftCard | None:
        now, actor = clock.now(), Actor(kind="membership", id=str(self.membership.pk))
        if act == "replace":
            return replace_gift_card(card=card, reason=reason, now=now, actor=actor)
        block_gift_card(card=card, reason=reason, is_blocked=act == "block", now=now, actor=actor)
        return None

    def _card(self) -> GiftCard:
        found = GiftCard.objects.filter(pk=self.kwargs["card_id"], mode=Mode.LIVE)
        card: GiftCard | None = found.filter(merchant=self.merchant.pk).first()
        if card is None:
            raise Http404
        return card


def _line(row: Any) -> str:
    """Say what happened, where, and how it was paid."""
    said = [str(BookingKind(row.kind).label)]
    if row.paid_by:
        said.append(str(PaidBy(row.paid_by).label))
    if row.store is not None:
        said.append(row.store.name)
    return " · ".join(said)
