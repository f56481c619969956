"""Corrections of points: one asks, and above a limit a second person says yes."""

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

from loyalty.actions.correct_points import MOST_POINTS, alone_up_to, correct_points
from loyalty.actions.decide_correction import decide_correction
from loyalty.actions.set_correction_limit import set_correction_limit
from loyalty.actions.set_gift_limit import set_gift_limit
from loyalty.models import Correction, CorrectionState
from loyalty.models.move import LONGEST_WORDS
from loyalty.queries.gifts import most_to_give
from loyalty.queries.moves import (
    corrections_past,
    corrections_waiting,
    member_of_person,
    members_of_purchases,
)
from loyalty.queries.pools import families_allowed
from okplatform.kernel import clock
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.parties.models import Role
from okplatform.web.permissions import staff
from okplatform.web.views import StaffPage
from wallet import codes
from wallet.actions.identify import identify

CORRECTORS = staff(Role.OWNER, Role.MANAGER)
MOST_SHOWN = 30
LONGEST_KEY = 18


class CorrectForm(forms.Form):
    """Whose points, how many, and why."""

    number = forms.CharField(
        label=gettext_lazy("OK code, or number on the receipt"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text=gettext_lazy("A receipt number is found for two weeks."),
    )
    points = forms.IntegerField(
        label=gettext_lazy("Points"),
        min_value=-MOST_POINTS,
        max_value=MOST_POINTS,
        help_text=gettext_lazy("To take points, write a minus: -50."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=LONGEST_WORDS,
        help_text=gettext_lazy("The customer reads this. Write no names."),
    )

    def clean_points(self) -> int:
        """Refuse nothing at all."""
        points = int(self.cleaned_data["points"])
        if not points:
            raise forms.ValidationError(_("Write how many points, such as 50 or -50."))
        return points


class LimitForm(forms.Form):
    """How many points one person corrects alone."""

    alone_up_to = forms.IntegerField(
        label=gettext_lazy("Points that one person corrects alone"),
        min_value=0,
        max_value=MOST_POINTS,
        help_text=gettext_lazy(
            "Of one customer within 30 days. Above it a second owner or manager has to say yes."
        ),
    )


class GiftsForm(forms.Form):
    """How many points a member may give others, and whether families spend theirs together."""

    most_points = forms.IntegerField(
        label=gettext_lazy("Points that a member may give others in 30 days"),
        min_value=0,
        max_value=MOST_POINTS,
        help_text=gettext_lazy("0: members cannot give points to each other."),
    )
    families = forms.BooleanField(
        label=gettext_lazy("A family may spend its points together"),
        required=False,
        help_text=gettext_lazy(
            "Each member says yes alone. You see no more of them than before, and owe no more."
        ),
    )


class CorrectionsConsole(StaffPage):
    """What waits, a form for one more, and what was corrected."""

    required_permission = CORRECTORS
    template_name = "loyalty/console_corrections.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give what waits and what was, with the forms."""
        mode, now = self.person.mode, clock.now()
        kwargs.setdefault("form", CorrectForm())
        kwargs.setdefault("limit_form", LimitForm(initial={"alone_up_to": alone_up_to()}))
        kwargs.setdefault("gifts_form", GiftsForm(initial=self._between()))
        return super().get_context_data(
            waiting=corrections_waiting(mode=mode, now=now),
            past=corrections_past(mode=mode, now=now, most=MOST_SHOWN),
            limit=alone_up_to(),
            is_owner=self._is_owner(),
            back=reverse("loyalty:console-programme", args=[self.merchant.reference]),
            **kwargs,
        )

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Do what the button says: ``act`` in the form."""
        acts = {
            "ask": self._ask,
            "agree": self._agree,
            "refuse": self._refuse,
            "limit": self._limit,
            "gifts": self._gifts,
        }
        act = acts.get(request.POST.get("act", ""))
        if act is None:
            raise Http404
        wrong = act()
        if wrong:
            return self.render_to_response(self.get_context_data(**wrong), status=422)
        return redirect("loyalty:console-corrections", merchant=self.merchant.reference)

    def _ask(self) -> dict[str, Any]:
        form = CorrectForm(self.request.POST)
        if not form.is_valid():
            return {"form": form}
        try:
            correction = correct_points(
                merchant_id=self.merchant.pk,
                member_id=self._member(form.cleaned_data["number"].strip()),
                points=form.cleaned_data["points"],
                reason=form.cleaned_data["reason"],
                asked_by=self.person.pk,
                actor=self._actor(),
                now=clock.now(),
            )
        except Refusal as refusal:
            form.add_error("number", refusal.detail)
            return {"form": form}
        self._say(correction)
        return {}

    def _say(self, correction: Correction) -> None:
        if correction.state == CorrectionState.WAITING:
            messages.success(
                self.request, _("It waits for somebody else to say yes, for a week at most.")
            )
        else:
            messages.success(self.request, _("Corrected. The customer sees it, with your reason."))

    def _member(self, number: str) -> int:
        """Return whose points these are; 0, which nobody has, for a number that says nobody."""
        try:
            codes.parse(number)
        except codes.MalformedCodeError:
            found = members_of_purchases(number, mode=self.person.mode, now=clock.now())
            # Two customers with one receipt number: the sale's long number says which.
            return found.pop() if len(found) == 1 else 0
        person_id = identify(
            code=number,
            merchant_id=self.merchant.pk,
            till_key=f"membership:{self.membership.pk}/console",
            mode=self.person.mode,
            now=clock.now(),
        )
        return member_of_person(person_id, mode=self.person.mode) or 0

    def _agree(self) -> dict[str, Any]:
        return self._decide(agrees=True)

    def _refuse(self) -> dict[str, Any]:
        return self._decide(agrees=False)

    def _decide(self, *, agrees: bool) -> dict[str, Any]:
        key = self.request.POST.get("correction", "")
        if not (key.isascii() and key.isdigit() and len(key) <= LONGEST_KEY):
            raise Http404
        try:
            decide_correction(
                merchant_id=self.merchant.pk,
                correction_id=int(key),
                agrees=agrees,
                decided_by=self.person.pk,
                actor=self._actor(),
                now=clock.now(),
            )
        except Refusal as refusal:
            messages.error(self.request, refusal.detail)
        else:
            said = _("Booked. The customer sees it.") if agrees else _("Refused. Nothing changed.")
            messages.success(self.request, said)
        return {}

    def _limit(self) -> dict[str, Any]:
        if not self._is_owner():
            raise PermissionDenied
        form = LimitForm(self.request.POST)
        if not form.is_valid():
            return {"limit_form": form}
        set_correction_limit(
            merchant_id=self.merchant.pk,
            alone_up_to=form.cleaned_data["alone_up_to"],
            actor=self._actor(),
        )
        messages.success(self.request, _("Saved. It counts from the next correction."))
        return {}

    def _gifts(self) -> dict[str, Any]:
        if not self._is_owner():
            raise PermissionDenied
        form = GiftsForm(self.request.POST)
        if not form.is_valid():
            return {"gifts_form": form}
        set_gift_limit(merchant_id=self.merchant.pk, actor=self._actor(), **form.cleaned_data)
        messages.success(self.request, _("Saved. It counts from now on."))
        return {}

    def _between(self) -> dict[str, Any]:
        """Return what members may do between each other, as it is."""
        return {
            "most_points": most_to_give(self.merchant.pk),
            "families": families_allowed(self.merchant.pk),
        }

    def _is_owner(self) -> bool:
        return self.membership.role == Role.OWNER

    def _actor(self) -> Actor:
        return Actor(kind="membership", id=str(self.membership.pk))
