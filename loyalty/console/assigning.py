"""Who has a personal offer: how many, and a list to give it to more."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from typing_extensions import override

from loyalty.actions.assign_offer import (
    PurchaseTwice,
    PurchaseUnknown,
    TooManyPurchases,
    assign_offer,
)
from loyalty.console.permission import RULE_MAKERS
from loyalty.models import Assignment, Offer
from loyalty.offer_words import says
from okplatform.kernel import clock
from okplatform.kernel.audit import Actor
from okplatform.web import formats
from okplatform.web.views import StaffPage


class AssignForm(forms.Form):
    """Purchases, one a line."""

    purchases = forms.CharField(
        label=_("Numbers of purchases"),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("The long numbers (UUID) of sales in your till's export, one on each line."),
    )


class AssignConsole(StaffPage):
    """Gives a personal offer to who made certain purchases; names are not needed for that."""

    required_permission = RULE_MAKERS
    template_name = "loyalty/console_assign.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the offer, how many have it, and the form."""
        offer = self._offer()
        kwargs.setdefault("form", AssignForm())
        return super().get_context_data(
            offer=offer,
            offer_name=offer.name[formats.language()],
            sentence=says(offer, self.merchant.currency),
            members=Assignment.objects.filter(offer=offer, mode="live").count(),
            back=reverse("loyalty:console-programme", args=[self.merchant.reference]),
            **kwargs,
        )

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Give it; a line that is wrong is named, and then nobody was given anything."""
        offer, form = self._offer(), AssignForm(request.POST)
        if not (form.is_valid() and self._assign(form, offer)):
            return self.render_to_response(self.get_context_data(form=form), status=422)
        return redirect(
            "loyalty:console-assign", merchant=self.merchant.reference, offer_id=offer.pk
        )

    def _assign(self, form: AssignForm, offer: Offer) -> bool:
        try:
            given = assign_offer(
                merchant_id=self.merchant.pk,
                offer_id=offer.pk,
                purchases=form.cleaned_data["purchases"].splitlines(),
                actor=Actor(kind="membership", id=str(self.membership.pk)),
                now=clock.now(),
            )
        except (PurchaseUnknown, PurchaseTwice, TooManyPurchases) as refusal:
            form.add_error("purchases", refusal.detail)
            return False
        said = ngettext(
            "{members} member more has it. Who wants no personal offers was left out.",
            "{members} members more have it. Who wants no personal offers was left out.",
            given.members,
        )
        messages.success(self.request, said.format(members=formats.number(given.members)))
        return True

    def _offer(self) -> Offer:
        offer: Offer | None = Offer.objects.filter(
            pk=self.kwargs["offer_id"], assigned=True
        ).first()
        if offer is None:
            raise Http404
        return offer
