"""A payment link as whoever opens it sees it."""

import zoneinfo
from contextlib import ExitStack
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from typing_extensions import override

from merchants.checkout.actions.pay_link import pay_link
from merchants.checkout.money_forms import EurosForm, cents
from merchants.checkout.online import PaymentPaidAlready
from merchants.checkout.online_answers import link_state
from merchants.checkout.queries import LinkTotal, find_link_by_token, paid_by_link, totals_of
from merchants.checkout.refusals import AmountMissing
from merchants.models import PaymentLink
from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM, Actor
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.models import Person
from okplatform.web import formats
from okplatform.web.permissions import Permission
from okplatform.web.views import PublicPage


class PayLinkPage(PublicPage):
    """Who asks, what for and how much; the button makes a payment of one's own."""

    template_name = "merchants/pay_link.html"
    link: PaymentLink

    @override
    def enter(self, permission: Permission, scopes: ExitStack) -> HttpResponse | None:
        """Find the link by its token, and open its merchant's scope."""
        found = find_link_by_token(self.kwargs["token"])
        if found is None:
            raise Http404
        self.link = found
        scopes.enter_context(merchant_scope(found.merchant_id))
        scopes.enter_context(timezone.override(zoneinfo.ZoneInfo(found.store.timezone)))
        return super().enter(permission, scopes)

    @override
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the link; one that was paid and is paid once leads to its receipt."""
        if self.link.only_once and (paid := paid_by_link(self.link)) is not None:
            return redirect("merchants:pay", paid.token)
        return self.render_to_response(self.get_context_data())

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Begin to pay; an open amount is checked first."""
        amount, form = None, None
        if self.link.amount is None:
            form = self._form(request.POST)
            if not form.is_valid():
                return self.render_to_response(self.get_context_data(form=form), status=422)
            amount = cents(form.cleaned_data["amount"])
        user = request.user
        actor = Actor(kind="person", id=str(user.pk)) if isinstance(user, Person) else SYSTEM
        try:
            payment = pay_link(
                link=self.link,
                amount=amount,
                language=formats.language(),
                now=clock.now(),
                actor=actor,
            )
        except PaymentPaidAlready:
            return redirect("merchants:pay-link", self.link.token)
        except AmountMissing as refusal:
            if form is not None:
                form.add_error("amount", refusal.detail)
            return self.render_to_response(self.get_context_data(form=form), status=422)
        except Refusal as refusal:
            context = self.get_context_data(problem=refusal.detail)
            return self.render_to_response(context, status=refusal.status)
        return redirect("merchants:pay", payment.token)

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the link and, where its amount is open, the field for it."""
        total = totals_of([self.link]).get(self.link.pk, LinkTotal())
        kwargs.setdefault("form", None if self.link.amount is not None else self._form())
        state = link_state(self.link, total, now=clock.now())
        return super().get_context_data(link=self.link, state=state, **kwargs)

    def _form(self, sent: Any = None) -> EurosForm:
        return EurosForm(sent, least=self.link.least or 0, most=self.link.most or 0)
