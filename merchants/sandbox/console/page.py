"""The sandbox in the console: its clock, its reset, and what it does on purpose."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from merchants.magic import CODES, MAGIC, PEOPLE_AT
from merchants.models import Sandbox
from merchants.sandbox.actions.move_clock import move_clock
from merchants.sandbox.actions.reset_sandbox import reset_sandbox
from merchants.sandboxes import sandbox_of
from merchants.webhooks.console.permission import INTEGRATORS
from okplatform.kernel import clock
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.web.views import StaffPage

MOST_DIGITS = 9
"""Of an epoch's number."""

STEPS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "month": timedelta(days=30),
}


class ClockForm(forms.Form):
    """What time it is to be, on the merchant's clock."""

    to = forms.DateTimeField(
        label=_("Date and time"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )


class SandboxPage(StaffPage):
    """The merchant's sandbox."""

    required_permission = INTEGRATORS
    template_name = "merchants/sandbox.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the clock, the epoch and the tables."""
        wall = clock.now()
        box = sandbox_of(self.merchant.pk) or Sandbox(changed_at=wall)
        return super().get_context_data(
            **{
                "box": box,
                "now": wall + box.ahead,
                "amounts": MAGIC,
                "codes": CODES,
                "somebody": f"anna{PEOPLE_AT}",
                "clock_form": ClockForm(),
                **kwargs,
            }
        )

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Do what a button says: ``act`` in the form."""
        act, wall = request.POST.get("act", ""), clock.now()
        try:
            if act == "reset":
                self._reset(request, wall)
            elif act == "move":
                form = ClockForm(request.POST)
                if not form.is_valid():
                    context = self.get_context_data(clock_form=form)
                    return self.render_to_response(context, status=422)
                self._move(request, form.cleaned_data["to"], wall)
            elif act in STEPS:
                box = sandbox_of(self.merchant.pk)
                ahead = box.ahead if box else timedelta()
                self._move(request, wall + ahead + STEPS[act], wall)
            else:
                raise Http404
        except Refusal as refusal:
            messages.error(request, refusal.detail)
        return redirect(request.path)

    @property
    def _actor(self) -> Actor:
        return Actor(kind="membership", id=str(self.membership.pk))

    def _move(self, request: HttpRequest, to: datetime, wall: datetime) -> None:
        move_clock(merchant_id=self.merchant.pk, to=to, wall=wall, actor=self._actor)
        messages.success(request, gettext("The sandbox's clock was moved."))

    def _reset(self, request: HttpRequest, wall: datetime) -> None:
        said = request.POST.get("epoch", "")
        if not (said.isascii() and said.isdigit() and len(said) < MOST_DIGITS):
            raise Http404
        reset_sandbox(merchant_id=self.merchant.pk, epoch=int(said), wall=wall, actor=self._actor)
        messages.success(request, gettext("The sandbox begins anew."))
