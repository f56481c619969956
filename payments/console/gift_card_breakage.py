"""What is left on gift cards that expired long ago: written off, and brought back on one."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

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
from okplatform.web import formats
from okplatform.web.views import StaffPage
from payments.actions.write_off_gift_cards import (
    LEAST_MONTHS,
    months_before,
    revive_gift_card,
    write_off_gift_cards,
)
from payments.console.permission import MONEY
from payments.gift_card_queries import expired_before, written_off
from payments.models import GiftCard

MOST_MONTHS = 120


class MonthsForm(forms.Form):
    """How long cards have to be over."""

    months = forms.IntegerField(
        label=gettext_lazy("Expired for more than, in months"),
        min_value=LEAST_MONTHS,
        max_value=MOST_MONTHS,
        help_text=gettext_lazy("A year at least."),
    )


class WriteOffForm(MonthsForm):
    """The same, with the amount that the page showed and why."""

    months = forms.IntegerField(
        min_value=LEAST_MONTHS, max_value=MOST_MONTHS, widget=forms.HiddenInput
    )
    shown = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=200,
        help_text=gettext_lazy("Such as: agreed with the accountant, year end."),
    )


class GiftCardBreakage(StaffPage):
    """Says what is left on cards that expired long ago, and writes it off."""

    required_permission = MONEY
    template_name = "payments/console_gift_card_breakage.html"

    @property
    def today(self) -> date:
        """Return the merchant's day."""
        return clock.now().astimezone(ZoneInfo(self.merchant.timezone)).date()

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give what would be written off, and what has been."""
        asked = MonthsForm(self.request.GET or {"months": LEAST_MONTHS})
        months = asked.cleaned_data["months"] if asked.is_valid() else LEAST_MONTHS
        merchant, mode = self.merchant.pk, Mode.LIVE
        expired = expired_before(months_before(self.today, months), merchant_id=merchant, mode=mode)
        kwargs.setdefault("form", WriteOffForm(initial={"months": months, "shown": expired.amount}))
        return super().get_context_data(
            asked=asked,
            months=months,
            expired=expired,
            written_off=written_off(merchant_id=merchant, mode=mode),
            currency=self.merchant.currency,
            back=reverse("payments:console-gift-cards", args=[self.merchant.reference]),
            **kwargs,
        )

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Write it off, if it is what the page showed."""
        form = WriteOffForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        said, today = form.cleaned_data, self.today
        try:
            gone = write_off_gift_cards(
                merchant_id=self.merchant.pk,
                mode=Mode.LIVE,
                before=months_before(today, said["months"]),
                today=today,
                shown=said["shown"],
                reason=said["reason"],
                now=clock.now(),
                actor=Actor(kind="membership", id=str(self.membership.pk)),
            )
        except Refusal as refusal:
            messages.error(request, refusal.detail)
        else:
            amount = formats.money(gone.amount, self.merchant.currency)
            messages.success(request, _("{amount} was written off.").format(amount=amount))
        return redirect(request.path)


class GiftCardRevival(StaffPage):
    """Brings back what was written off on a card; it has no page of its own."""

    required_permission = MONEY
    http_method_names = ("post",)

    def post(self, request: HttpRequest, *, card_id: int, **_address: Any) -> HttpResponse:
        """Bring it back, and show the card."""
        cards = GiftCard.objects.filter(pk=card_id, mode=Mode.LIVE, merchant=self.merchant.pk)
        card = cards.first()
        if card is None:
            raise Http404
        now = clock.now()
        try:
            revive_gift_card(
                card=card,
                reason=request.POST.get("reason", ""),
                today=now.astimezone(ZoneInfo(self.merchant.timezone)).date(),
                now=now,
                actor=Actor(kind="membership", id=str(self.membership.pk)),
            )
        except Refusal as refusal:
            messages.error(request, refusal.detail)
        else:
            messages.success(request, _("It is on the card again, good for a year."))
        return redirect(
            "payments:console-gift-card", merchant=self.merchant.reference, card_id=card_id
        )
