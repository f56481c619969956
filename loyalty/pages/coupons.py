"""One's coupons: those that are kept, and keeping one more."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from typing_extensions import override

from loyalty.actions.keep_coupon import keep_coupon
from loyalty.actions.put_coupon_away import put_coupon_away
from loyalty.coupon_codes import LONGEST, plain
from loyalty.queries.kept_coupons import kept_by
from okplatform.kernel import clock
from okplatform.kernel.errors import Refusal
from okplatform.parties.models import Merchant
from okplatform.web import formats
from okplatform.web.views import PersonPage
from wallet.reader import acting, reader


class KeepForm(forms.Form):
    """A code as it stands on a flyer."""

    code = forms.CharField(
        label=gettext_lazy("Coupon code"),
        max_length=2 * LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class CouponsPage(PersonPage):
    """The coupons a person keeps; a scan of the OK code brings them along."""

    template_name = "loyalty/coupons.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give what is kept, and the field for one more."""
        person = reader(self.request)
        kwargs.setdefault("form", KeepForm())
        return super().get_context_data(
            kept=kept_by(
                person_id=person.pk,
                mode=person.mode,
                language=formats.language(),
                now=clock.now(),
            ),
            **kwargs,
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep a coupon, or put one away (``away`` in the form)."""
        person = reader(request)
        if (away := request.POST.get("away", "")).isdecimal():
            put_coupon_away(person_id=person.pk, coupon_id=int(away), actor=acting(person))
            messages.success(request, _("Put away."))
            return redirect("loyalty:coupons")
        form = KeepForm(request.POST)
        if not (form.is_valid() and self._keep(form)):
            return self.render_to_response(self.get_context_data(form=form), status=422)
        messages.success(request, _("Kept. Your next scan at this shop brings it along."))
        return redirect("loyalty:coupons")

    def _keep(self, form: KeepForm) -> bool:
        person = reader(self.request)
        try:
            keep_coupon(
                person_id=person.pk,
                code=form.cleaned_data["code"],
                merchant_reference=None,
                actor=acting(person),
                now=clock.now(),
            )
        except Refusal as refusal:
            form.add_error("code", refusal.detail)
            return False
        return True


class CouponPage(PersonPage):
    """A shop's coupon, by its link or QR code; whether it counts is said when it is kept."""

    template_name = "loyalty/coupon.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the shop and the code."""
        merchant = Merchant.objects.filter(reference=self.kwargs["reference"]).first()
        if merchant is None:
            raise Http404
        code = plain(self.kwargs["code"])[:LONGEST]
        return super().get_context_data(shop=merchant.name, written=code, **kwargs)

    def post(self, request: HttpRequest, reference: str, code: str) -> HttpResponse:
        """Keep it."""
        person = reader(request)
        try:
            keep_coupon(
                person_id=person.pk,
                code=code,
                merchant_reference=reference,
                actor=acting(person),
                now=clock.now(),
            )
        except Refusal as refusal:
            messages.error(request, refusal.detail)
            return redirect("loyalty:coupons")
        messages.success(request, _("Kept. Your next scan at this shop brings it along."))
        return redirect("loyalty:coupons")
