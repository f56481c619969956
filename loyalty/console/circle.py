"""Points shared with other shops: who takes part, and what two shops owe each other."""

import csv
from decimal import Decimal
from io import StringIO
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from typing_extensions import override

from loyalty.actions.answer_invitation import answer_invitation
from loyalty.actions.begin_circle import begin_circle
from loyalty.actions.invite_to_circle import invite_to_circle
from loyalty.actions.leave_circle import leave_circle
from loyalty.models.circle import MOST_AMOUNT, NOTICE
from loyalty.queries.circles import CircleNow, between_shops, circles_of, invitations_of, shares_of
from okplatform.kernel import clock
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.kernel.money import MINOR_UNITS
from okplatform.parties.models import Role
from okplatform.web.permissions import staff
from okplatform.web.views import StaffPage

SHARERS = staff(Role.OWNER, Role.MANAGER, Role.FINANCE)
COLUMNS = ("month", "shop", "own_points_spent_there", "owed", "their_points_spent_here", "due")


class BeginForm(forms.Form):
    """What shared points are called, and what they cost at another shop."""

    name = forms.CharField(
        label=gettext_lazy("Name of the shared points"),
        max_length=80,
        help_text=gettext_lazy("Shoppers read it at every shop, such as: High Street points."),
    )
    points = forms.IntegerField(
        label=gettext_lazy("For so many points"),
        min_value=1,
        max_value=MOST_AMOUNT,
        initial=100,
    )
    amount = forms.DecimalField(
        label=gettext_lazy("a shop owes the other, in euros"),
        min_value=Decimal("0.01"),
        max_value=Decimal(MOST_AMOUNT) / MINOR_UNITS,
        decimal_places=2,
        initial=Decimal("1.00"),
        help_text=gettext_lazy("Whoever joins agrees to this price: it cannot be changed later."),
    )


class InviteForm(forms.Form):
    """Which shop is asked."""

    reference = forms.SlugField(
        label=gettext_lazy("Name of the shop, as in the address of its pages"),
        max_length=64,
        help_text=gettext_lazy("Such as bakkerij-bol. Its owner says yes or no."),
    )


class CircleConsole(StaffPage):
    """Who shares, what that came to, invitations, and the forms of an owner."""

    required_permission = SHARERS
    template_name = "loyalty/console_circle.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the circle with what is between its shops; else what it takes to begin one."""
        merchant_id, mode = self.merchant.pk, self.person.mode
        circle = circles_of([merchant_id]).get(merchant_id)
        kwargs.setdefault("form", BeginForm())
        kwargs.setdefault("invite_form", InviteForm())
        return super().get_context_data(
            circle=circle,
            own=circle.shop_of(merchant_id) if circle else None,
            is_founder=circle is not None and circle.founder_id == merchant_id,
            is_owner=self._is_owner(),
            invitations=self._invitations() if circle is None else [],
            between=between_shops(merchant_id, mode=mode),
            shares=shares_of(merchant_id, mode=mode),
            notice=NOTICE.days,
            back=reverse("loyalty:console-programme", args=[self.merchant.reference]),
            **kwargs,
        )

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Do what the button says (``act`` in the form); only an owner may."""
        if not self._is_owner():
            raise PermissionDenied
        acts = {
            "begin": self._begin,
            "invite": self._invite,
            "accept": self._answer,
            "decline": self._answer,
            "leave": self._leave,
        }
        act = acts.get(request.POST.get("act", ""))
        if act is None:
            raise Http404
        wrong: dict[str, Any] = {}
        try:
            wrong = act()
        except Refusal as refusal:
            messages.error(request, refusal.detail)
        if wrong:
            return self.render_to_response(self.get_context_data(**wrong), status=422)
        return redirect("loyalty:console-circle", merchant=self.merchant.reference)

    def _begin(self) -> dict[str, Any]:
        form = BeginForm(self.request.POST)
        if not form.is_valid():
            return {"form": form}
        begin_circle(
            merchant_id=self.merchant.pk,
            name=form.cleaned_data["name"],
            points=form.cleaned_data["points"],
            amount=int(form.cleaned_data["amount"] * MINOR_UNITS),
            actor=self._actor(),
            now=clock.now(),
        )
        messages.success(self.request, _("Begun. Now invite other shops."))
        return {}

    def _invite(self) -> dict[str, Any]:
        form = InviteForm(self.request.POST)
        if not form.is_valid():
            return {"invite_form": form}
        try:
            invite_to_circle(
                merchant_id=self.merchant.pk,
                reference=form.cleaned_data["reference"],
                actor=self._actor(),
                now=clock.now(),
            )
        except Refusal as refusal:
            form.add_error("reference", refusal.detail)
            return {"invite_form": form}
        messages.success(self.request, _("Invited. Its owner finds the invitation on this page."))
        return {}

    def _answer(self) -> dict[str, Any]:
        accept = self.request.POST["act"] == "accept"
        answer_invitation(
            merchant_id=self.merchant.pk,
            shop_id=self._shop(),
            accept=accept,
            actor=self._actor(),
            now=clock.now(),
        )
        said = (
            _("You take part. From now on these points count at every shop.")
            if accept
            else _("Put aside. Nothing has changed.")
        )
        messages.success(self.request, said)
        return {}

    def _leave(self) -> dict[str, Any]:
        leave_circle(
            merchant_id=self.merchant.pk,
            shop_id=self._shop(),
            actor=self._actor(),
            now=clock.now(),
        )
        messages.success(self.request, _("Noted. It counts from the next purchase."))
        return {}

    def _invitations(self) -> list[tuple[CircleNow, int]]:
        """Return the circles that ask this merchant, each with its own place there."""
        merchant_id = self.merchant.pk
        found = [(one, one.shop_of(merchant_id)) for one in invitations_of(merchant_id)]
        return [(circle, shop.id) for circle, shop in found if shop is not None]

    def _shop(self) -> int:
        sent = self.request.POST.get("shop", "")
        if not (sent.isascii() and sent.isdigit() and len(sent) < 19):
            raise Http404
        return int(sent)

    def _is_owner(self) -> bool:
        return self.membership.role == Role.OWNER

    def _actor(self) -> Actor:
        return Actor(kind="membership", id=str(self.membership.pk))


class CircleFile(StaffPage):
    """The statement as CSV: amounts in euros with a point, months by their first day."""

    required_permission = SHARERS
    http_method_names = ["get", "head"]

    @override
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send the file."""
        text = StringIO()
        writer = csv.writer(text)
        writer.writerow(COLUMNS)
        for one in between_shops(self.merchant.pk, mode=self.person.mode):
            name = f"'{one.shop}" if one.shop[:1] in "=+-@\t" else one.shop
            row = (one.month.isoformat(), name, one.given, _euros(one.owes), one.taken)
            writer.writerow((*row, _euros(one.owed)))
        name = f"OK-{self.merchant.reference}-shared-points.csv"
        return HttpResponse(
            text.getvalue(),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )


def _euros(amount: int) -> str:
    return f"{Decimal(amount) / MINOR_UNITS:.2f}"
