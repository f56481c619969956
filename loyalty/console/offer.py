"""One offer: made, changed, paused, resumed."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from typing_extensions import override

from loyalty.actions.pause_offer import pause_offer
from loyalty.actions.put_offer import (
    LimitBelowGiven,
    OfferHasCodes,
    OfferHasMembers,
    TargetUnknown,
    put_offer,
)
from loyalty.actions.refusals import OfferUnknown
from loyalty.actions.resume_offer import resume_offer
from loyalty.console.offer_form import OfferForm
from loyalty.console.permission import RULE_MAKERS
from loyalty.models import Offer, OfferKind, Target
from loyalty.offer_doubts import doubts_about
from loyalty.offer_words import says
from loyalty.queries.stamps import stamp_figures
from okplatform.kernel import clock
from okplatform.kernel.audit import Actor
from okplatform.web.views import StaffPage


class OfferConsole(StaffPage):
    """The form of an offer; without a number in the address it is a new one."""

    required_permission = RULE_MAKERS
    template_name = "loyalty/console_offer.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the form, filled with what the offer says now."""
        offer = self._offer()
        initial = OfferForm.said_by(offer) if offer else None
        kwargs.setdefault("form", OfferForm(initial=initial))
        back = reverse("loyalty:console-programme", args=[self.merchant.reference])
        sentence = says(offer, self.merchant.currency) if offer else ""
        stamps = None
        if offer and offer.kind == OfferKind.STAMPS:
            stamps = stamp_figures(merchant_id=self.merchant.pk, offer_id=offer.pk)
        return super().get_context_data(
            offer=offer, back=back, sentence=sentence, stamps=stamps, **kwargs
        )

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Put the offer; what is wrong is said beside its field, and nothing is lost."""
        offer, form = self._offer(), OfferForm(request.POST)
        if not form.is_valid():
            return self._again(form)
        if "sure" not in request.POST and (doubts := self._doubts(form, offer)):
            return self._again(form, doubts=doubts)
        offer_id = self._put(form, offer)
        if offer_id is None:
            return self._again(form)
        if form.cleaned_data["assigned"]:
            messages.success(request, _("Saved. Whom you give it to has it."))
            return redirect(
                "loyalty:console-assign", merchant=self.merchant.reference, offer_id=offer_id
            )
        if form.cleaned_data["by_code"]:
            messages.success(request, _("Saved. Whoever shows one of its codes gets it."))
            return redirect(
                "loyalty:console-coupons", merchant=self.merchant.reference, offer_id=offer_id
            )
        messages.success(request, _("Saved. It counts from the next sale."))
        return redirect("loyalty:console-programme", merchant=self.merchant.reference)

    def _again(self, form: OfferForm, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form, **kwargs), status=422)

    def _doubts(self, form: OfferForm, offer: Offer | None) -> list[str]:
        return doubts_about(
            form.terms(),
            offer_id=offer.pk if offer else None,
            currency=self.merchant.currency,
            today=clock.now().astimezone(ZoneInfo(self.merchant.timezone)).date(),
        )

    def _put(self, form: OfferForm, offer: Offer | None) -> int | None:
        """Put the offer, and return it; say beside the field what is refused."""
        try:
            return put_offer(
                merchant_id=self.merchant.pk,
                offer_id=offer.pk if offer else None,
                terms=form.terms(),
                actor=Actor(kind="membership", id=str(self.membership.pk)),
                now=clock.now(),
            )
        except TargetUnknown as refusal:
            in_also = form.cleaned_data["also"] and form.cleaned_data["target"] != Target.PRODUCTS
            form.add_error("also" if in_also else "products", refusal.detail)
        except OfferHasCodes as refusal:
            form.add_error("by_code", refusal.detail)
        except OfferHasMembers as refusal:
            form.add_error("assigned", refusal.detail)
        except LimitBelowGiven as refusal:
            form.add_error(None, refusal.detail)
        return None

    def _offer(self) -> Offer | None:
        number = self.kwargs.get("offer_id")
        if number is None:
            return None
        offer: Offer | None = Offer.objects.filter(pk=number).first()
        if offer is None:
            raise Http404
        return offer


class OfferPause(StaffPage):
    """Stops an offer (``POST``), or gives it again (``resume`` in the form)."""

    required_permission = RULE_MAKERS
    http_method_names = ["post"]

    def post(self, request: HttpRequest, offer_id: int, **_address: Any) -> HttpResponse:
        """Turn the offer and go back to the list."""
        turn = resume_offer if "resume" in request.POST else pause_offer
        try:
            turn(
                merchant_id=self.merchant.pk,
                offer_id=offer_id,
                actor=Actor(kind="membership", id=str(self.membership.pk)),
                now=clock.now(),
            )
        except OfferUnknown as refusal:
            raise Http404 from refusal
        return redirect("loyalty:console-programme", merchant=self.merchant.reference)
