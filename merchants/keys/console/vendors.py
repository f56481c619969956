"""The till vendors who act for a merchant with keys of their own."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext
from typing_extensions import override

from merchants.keys import queries
from merchants.keys.console.forms import VendorForm, cents
from merchants.keys.console.permission import GRANTERS
from merchants.keys.console.words import scopes_in_words
from okplatform.kernel import clock
from okplatform.kernel.audit import Actor
from okplatform.parties.actions.grant_partner import Allowance, grant_partner
from okplatform.parties.actions.withdraw_partner import withdraw_partner
from okplatform.parties.models import Partner, PartnerGrant
from okplatform.web.proof import proved
from okplatform.web.views import StaffPage


@dataclass(frozen=True, slots=True)
class GrantLine:
    """A till vendor as the page shows it."""

    grant: PartnerGrant

    @property
    def live(self) -> list[str | Promise]:
        """Return what it may do with real sales, in words."""
        return scopes_in_words(self.grant.live_scopes)

    @property
    def test(self) -> list[str | Promise]:
        """Return what it may do with test sales, in words."""
        return scopes_in_words(self.grant.test_scopes)


@proved("post")
class VendorsPage(StaffPage):
    """Who acts for the merchant, and a form to allow it or change what is allowed."""

    required_permission = GRANTERS
    template_name = "merchants/vendors.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the vendors, and the form: filled where the address names one of them."""
        grants = queries.grants()
        named = self.request.GET.get("vendor")
        chosen = next((one for one in grants if one.partner.reference == named), None)
        kwargs.setdefault("form", VendorForm.of(chosen))
        return super().get_context_data(
            lines=[GrantLine(grant) for grant in grants], chosen=chosen, **kwargs
        )

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Do what a button says: ``act`` in the form."""
        acts = {"grant": self._grant, "withdraw": self._withdraw}
        act = acts.get(request.POST.get("act", ""))
        if act is None:
            raise Http404
        return act() or redirect(request.path)

    def _asked(self, partner: Partner) -> dict[str, Any]:
        return {
            "partner_id": partner.pk,
            "merchant_id": self.merchant.pk,
            "actor": Actor(kind="membership", id=str(self.membership.pk)),
            "now": clock.now(),
        }

    def _grant(self) -> HttpResponse | None:
        form = VendorForm(self.request.POST)
        partner = form.vendor() if form.is_valid() else None
        if partner is None:
            return self.render_to_response(self.get_context_data(form=form), status=422)
        said = form.cleaned_data
        allowance = Allowance(
            live=said["live"],
            test=said["test"],
            refunds_a_day=cents(said["refunds_a_day"]),
            refunds_a_reference=cents(said["refunds_a_reference"]),
        )
        grant_partner(**self._asked(partner), allowance=allowance)
        messages.success(self.request, gettext("Saved. It holds from the next call on."))
        return None

    def _withdraw(self) -> None:
        reference = self.request.POST.get("vendor", "").replace("\0", "")
        partner = Partner.objects.filter(reference=reference).first()
        if partner is None:
            raise Http404
        withdraw_partner(**self._asked(partner))
        messages.success(self.request, gettext("Withdrawn. From now on it is refused."))
