"""The codes of an offer: made, seen, fetched as a file."""

from tempfile import SpooledTemporaryFile
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from typing_extensions import override

from loyalty.actions.fetch_coupons import fetch_coupons
from loyalty.actions.open_coupons import (
    CodeNotWritable,
    CodeTaken,
    CodeTwice,
    PrefixInvalid,
    TooManyCodes,
    open_coupons,
)
from loyalty.console.coupon_form import CouponForm
from loyalty.console.permission import RULE_MAKERS
from loyalty.models import Coupon, CouponSeries, Offer, SeriesKind
from loyalty.offer_words import says
from loyalty.queries.coupons import csv_of, series_of
from okplatform.kernel import clock
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.web import formats, qr
from okplatform.web.views import StaffPage

KEPT_IN_MEMORY = 1024 * 1024
_FIELDS: dict[type[Refusal], str] = {PrefixInvalid: "begins", TooManyCodes: "count"}
_REFUSED = (CodeNotWritable, CodeTwice, CodeTaken, TooManyCodes, PrefixInvalid)


class CouponsConsole(StaffPage):
    """The codes there are of an offer, how many were used, and a form for more."""

    required_permission = RULE_MAKERS
    template_name = "loyalty/console_coupons.html"

    @override
    def get_template_names(self) -> list[str]:
        """Return the list alone where a page that stands there asks how far the making is."""
        is_asked_again = "HX-Request" in self.request.headers
        return ["loyalty/console_coupon_series.html" if is_asked_again else self.template_name]

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the series of the offer and the form."""
        offer = self._offer()
        kwargs.setdefault("form", CouponForm())
        return super().get_context_data(
            offer=offer,
            offer_name=offer.name[formats.language()],
            sentence=says(offer, self.merchant.currency),
            series=series_of(merchant_id=self.merchant.pk, offer_id=offer.pk),
            address=_address(self.request, self.merchant.reference),
            back=reverse("loyalty:console-programme", args=[self.merchant.reference]),
            **kwargs,
        )

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Open a series; what is wrong is said with its line, and nothing is made."""
        offer, form = self._offer(), CouponForm(request.POST, request.FILES)
        if not (form.is_valid() and self._open(form, offer)):
            return self.render_to_response(self.get_context_data(form=form), status=422)
        made = form.cleaned_data["kind"] == SeriesKind.MADE
        said = _("They are being made.") if made else _("They count from now on.")
        messages.success(request, said)
        return redirect(
            "loyalty:console-coupons", merchant=self.merchant.reference, offer_id=offer.pk
        )

    def _open(self, form: CouponForm, offer: Offer) -> bool:
        try:
            open_coupons(
                merchant_id=self.merchant.pk,
                offer_id=offer.pk,
                terms=form.terms(),
                actor=Actor(kind="membership", id=str(self.membership.pk)),
                now=clock.now(),
            )
        except _REFUSED as refusal:
            usual = "code" if form.cleaned_data["kind"] == SeriesKind.GENERIC else "codes"
            form.add_error(_FIELDS.get(type(refusal), usual), refusal.detail)
            return False
        return True

    def _offer(self) -> Offer:
        offer: Offer | None = Offer.objects.filter(pk=self.kwargs["offer_id"], by_code=True).first()
        if offer is None:
            raise Http404
        return offer


def _address(request: HttpRequest, merchant: str, code: str = "") -> str:
    """Return where shoppers keep a code of this merchant; without a code, how that begins."""
    begin = f"{request.build_absolute_uri(reverse('loyalty:coupons'))}{merchant}/"
    return f"{begin}{code}/" if code else begin


class CouponQr(StaffPage):
    """The link of a series' only code as a QR code, to print."""

    required_permission = RULE_MAKERS
    http_method_names = ["get", "head"]

    @override
    def get(self, request: HttpRequest, *_args: Any, **_address_of: Any) -> HttpResponse:
        """Give the drawing, as a file."""
        found = Coupon.objects.filter(series=self.kwargs["series_id"], series__asked=1).first()
        if found is None:
            raise Http404
        drawing = qr.svg(_address(request, self.merchant.reference, found.code))
        name = f"OK-{self.merchant.reference}-{found.code}.svg"
        return HttpResponse(
            drawing,
            content_type="image/svg+xml",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


class CouponsFile(StaffPage):
    """The codes of one series as CSV, written whole before its first byte goes out."""

    required_permission = RULE_MAKERS
    http_method_names = ["post"]

    def post(self, _request: HttpRequest, series_id: int, **_address: Any) -> Any:
        """Give the file; the audit log says who has taken codes along, which are worth money."""
        series: CouponSeries | None = CouponSeries.objects.filter(pk=series_id).first()
        if series is None:
            raise Http404
        fetch_coupons(
            merchant_id=self.merchant.pk,
            series_id=series_id,
            actor=Actor(kind="membership", id=str(self.membership.pk)),
        )
        # Closed by the response when it was sent.
        whole = SpooledTemporaryFile(max_size=KEPT_IN_MEMORY)  # noqa: SIM115
        whole.writelines(csv_of(series))
        size = whole.tell()
        whole.seek(0)
        return FileResponse(
            whole,
            as_attachment=True,
            filename=f"OK-{self.merchant.reference}-codes-{series_id}.csv",
            content_type="text/csv; charset=utf-8",
            headers={"Content-Length": str(size)},
        )
