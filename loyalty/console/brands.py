"""Whose the cards are that people already have: the retailer says so, OK's office confirms it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from typing_extensions import override

from loyalty.console.permission import RULE_MAKERS
from okplatform.kernel import clock
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.web.views import OperatorPage, StaffPage
from wallet.actions.claim_brand import claim_brand
from wallet.actions.decide_brand import confirm_brand, end_brand, refuse_brand
from wallet.live_cards import claims_in
from wallet.models import BrandClaimState

DECISIONS = {"confirm": confirm_brand, "refuse": refuse_brand, "end": end_brand}


class ClaimBrand(StaffPage):
    """Asks OK to confirm a name, or ends what was asked or confirmed (``claim`` in the form)."""

    required_permission = RULE_MAKERS
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Do so and go back to the programme."""
        now, actor = clock.now(), Actor(kind="membership", id=str(self.membership.pk))
        merchant_id, claim = self.merchant.pk, request.POST.get("claim", "")
        try:
            if claim:
                number = int(claim) if claim.isascii() and claim.isdigit() else 0
                end_brand(claim_id=number, merchant_id=merchant_id, actor=actor, now=now)
                messages.success(request, _("Ended. Your customers keep their points."))
            else:
                name = request.POST.get("name", "")
                claim_brand(merchant_id=merchant_id, name=name, actor=actor, now=now)
                messages.success(request, _("Asked. OK looks whether these cards are yours."))
        except Refusal as refusal:
            messages.error(request, refusal.detail)
        return redirect("loyalty:console-programme", merchant=self.merchant.reference)


class BrandsPage(OperatorPage):
    """What merchants say is theirs, and what was confirmed."""

    template_name = "loyalty/office_brands.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give both lists."""
        return super().get_context_data(
            asked=claims_in(BrandClaimState.ASKED),
            confirmed=claims_in(BrandClaimState.CONFIRMED),
            **kwargs,
        )


class DecideBrand(OperatorPage):
    """Confirms, refuses or ends a claim (``POST``)."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, claim_id: int) -> HttpResponse:
        """Do what the button says."""
        decide = DECISIONS.get(request.POST.get("decision", ""))
        if decide is None:
            raise Http404
        actor = Actor(kind="person", id=str(self.person.pk))
        try:
            decide(claim_id=claim_id, actor=actor, now=clock.now())
        except Refusal as refusal:
            messages.error(request, refusal.detail)
        else:
            messages.success(request, _("Decided. The shop sees it on its page."))
        return redirect("loyalty:office-brands")
