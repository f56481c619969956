"""One sale: what is left of it, what came back, and giving something back after a plain yes."""

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from typing_extensions import override

from loyalty.queries.stamps import stamps_used
from loyalty.reversing import PAID_WITH_POINTS, points_back
from merchants.returns.actions.refund_sale import RefundCall, refund_sale
from merchants.returns.console.forms import RefundForm
from merchants.returns.console.permission import REFUNDERS
from merchants.returns.facts import RefundFacts
from merchants.returns.queries import find_paid, find_refund, preview, refunds_of
from merchants.returns.refusals import SaleNotCaptured, SaleNotPaid, SaleToRefundUnknown
from merchants.returns.sentences import sentence, ways
from okplatform.kernel import clock
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.parties.models import Store
from okplatform.parties.tills import StoreAtTill
from okplatform.trade.facts import LineStanding, SaleKey
from okplatform.trade.models import Sale
from okplatform.trade.queries import lines_standing
from okplatform.web import formats
from okplatform.web.views import StaffPage
from payments.queries import progress_of

UUID_TEXT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class RefundPage(StaffPage):
    """The sale with a form; what is filled in is shown once more before anything happens."""

    required_permission = REFUNDERS
    template_name = "merchants/refund.html"

    @override
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Say where one looks for a purchase why nothing goes back of what is only set aside."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except SaleNotCaptured as refusal:
            messages.error(request, refusal.detail)
            return redirect("merchants:refund-find", self.merchant.reference)

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the sale, its lines as they stand, what came back, and the form."""
        kwargs.setdefault("form", self._form())
        refunds = refunds_of(self.sale)
        return super().get_context_data(
            sale=self.sale,
            refunds=self._with_progress(refunds),
            left=(left := self.sale.due - sum(refund.amount for refund in refunds)),
            goods_left=not left and self._has_free_goods_left(),
            back=reverse("merchants:refund-find", args=[self.merchant.reference]),
            **kwargs,
        )

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Show what will happen; with ``confirmed`` it happens, once however often it is sent."""
        given = self._given_before(request.POST)
        if given is not None:
            return self._done(given)
        form = self._form(request.POST)
        if not form.is_valid():
            return self._again(form)
        try:
            if "confirmed" in request.POST:
                return self._give_back(form)
            return self._ask_once_more(form)
        except Refusal as refusal:
            form.add_error(None, refusal.detail)
            return self._again(form)

    def _again(self, form: RefundForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def _ask_once_more(self, form: RefundForm) -> HttpResponse:
        back, tenders = preview(self.sale, self._asked(form))
        names = {line.number: line.name for line in self.lines}
        context = self.get_context_data(
            form=form,
            coming=[(names[line.number], line) for line in back],
            amount=sum(line.amount for line in back),
            ways=ways(
                tenders,
                self.sale.currency,
                formats.language(),
                points=points_back(self.lines, back),
            ),
        )
        self.template_name = "merchants/refund_confirm.html"
        return self.render_to_response(context)

    def _give_back(self, form: RefundForm) -> HttpResponse:
        store: Store = form.cleaned_data["store"]
        given = refund_sale(
            call=RefundCall(
                key=self._key,
                place=StoreAtTill(
                    store_id=store.pk,
                    store_reference=store.reference,
                    channel=store.channel,
                    currency=store.currency,
                    timezone=store.timezone,
                ),
                actor=Actor(kind="membership", id=str(self.membership.pk)),
                now=clock.now(),
            ),
            asked=self._asked(form),
        )
        return self._done(given)

    def _given_before(self, data: Any) -> RefundFacts | None:
        """Return what a second tap asks for again: what was left then may be gone by now."""
        number = data.get("uuid", "")
        if "confirmed" not in data or not UUID_TEXT.fullmatch(number):
            return None
        given = find_refund(mode=self.person.mode, uuid=UUID(number))
        return given if given is not None and given.sale == self.sale.uuid else None

    def _done(self, given: RefundFacts) -> HttpResponse:
        messages.success(self.request, sentence(given))
        return redirect("merchants:refund", self.merchant.reference, self.sale.uuid)

    def _asked(self, form: RefundForm) -> Any:
        return form.asked(language=formats.language(), operator=f"m-{self.membership.pk}")

    def _form(self, data: Any = None) -> RefundForm:
        stores = self._stores()
        here = stores.filter(pk=self.sale.store_id or 0).first() or stores[0]
        return RefundForm(data, lines=self.lines, stores=stores, store=here)

    def _stores(self) -> QuerySet[Store]:
        """Return where this person may take something back."""
        stores = Store.objects.filter(currency=self.sale.currency).order_by("name", "pk")
        if self.membership.store_id is not None:
            stores = stores.filter(pk=self.membership.store_id)
        if not stores.exists():
            raise Http404
        return stores

    def _has_free_goods_left(self) -> bool:
        """Say whether there is left what points, or a full stamp card, had paid for."""
        free = {
            number
            for _card, _stamps, counted in stamps_used(self.sale.pk, self.lines)
            for number, _pieces, free in counted
            if free
        }
        return any(
            line.quantity_left and (line.number in free or _paid_with_points(line))
            for line in self.lines
        )

    @staticmethod
    def _with_progress(refunds: Sequence[RefundFacts]) -> list[tuple[RefundFacts, Any]]:
        progress = progress_of([refund.return_id for refund in refunds])
        return [(refund, progress.get(refund.return_id)) for refund in refunds]

    @property
    def _key(self) -> SaleKey:
        return SaleKey(self.merchant.pk, self.person.mode, self.kwargs["sale_uuid"])

    @cached_property
    def sale(self) -> Sale:
        """Return the sale; another merchant's, or one of the other mode, is not found."""
        try:
            return find_paid(self._key)
        except (SaleToRefundUnknown, SaleNotPaid) as refusal:
            raise Http404 from refusal

    @cached_property
    def lines(self) -> Sequence[LineStanding]:
        """Return the sale's lines with what has come back of each."""
        return lines_standing(self.sale.pk)


def _paid_with_points(line: LineStanding) -> bool:
    """Say whether points had paid for something of a line."""
    kinds = {reason["kind"] for reason in line.reasons}
    return bool(kinds & PAID_WITH_POINTS)
