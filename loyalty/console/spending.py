"""What points take off: the terms, and what they mean."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from typing_extensions import override

from loyalty.actions.put_spending import SpendingPromise, put_spending
from loyalty.actions.start_spending import SpendingNotScheduled, unschedule_spending
from loyalty.console.permission import RULE_MAKERS
from loyalty.engine import MILLI
from loyalty.models import Programme, SpendingTerms, SpendingVersion
from loyalty.models.spending import MOST_GRACE_DAYS
from loyalty.queries.schemes import scheme_of
from okplatform.kernel import clock
from okplatform.kernel.audit import Actor
from okplatform.kernel.money import BASIS_POINTS, MINOR_UNITS
from okplatform.web import formats
from okplatform.web.views import StaffPage

MOST_POINTS = 1_000_000
PERCENT = 100
EXAMPLE = 10_000
"""What somebody pays, in cents, in the sentence that says what the terms give away."""
GENEROUS_BP = 1_000
"""Who gives more than this part of what people pay is asked whether that is meant."""


class SpendingForm(forms.Form):
    """The terms, in whole points and euros."""

    is_on = forms.BooleanField(label=gettext_lazy("Members can pay with points"), required=False)
    points = forms.IntegerField(
        label=gettext_lazy("So many points"), min_value=1, max_value=MOST_POINTS
    )
    amount = forms.DecimalField(
        label=gettext_lazy("take so many euros off"),
        min_value=Decimal("0.01"),
        max_value=10_000,
        decimal_places=2,
    )
    minimum = forms.IntegerField(
        label=gettext_lazy("From how many points on"), min_value=1, max_value=MOST_POINTS
    )
    step = forms.IntegerField(label=gettext_lazy("In steps of"), min_value=1, max_value=MOST_POINTS)
    most_percent = forms.IntegerField(
        label=gettext_lazy("At most what part of a purchase, in %"), min_value=1, max_value=PERCENT
    )
    grace_days = forms.IntegerField(
        label=gettext_lazy("Days of grace"),
        min_value=0,
        max_value=MOST_GRACE_DAYS,
        help_text=gettext_lazy(
            "What comes back after its points have ended: so long they can be spent still."
        ),
    )

    starts_at = forms.DateTimeField(
        label=gettext_lazy("Starts"),
        required=False,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        help_text=gettext_lazy("Leave empty to start now."),
    )

    def clean_starts_at(self) -> datetime | None:
        """Refuse a moment that has passed."""
        moment: datetime | None = self.cleaned_data["starts_at"]
        if moment is not None and moment <= clock.now():
            raise forms.ValidationError(_("That moment has passed. Leave it empty to start now."))
        return moment

    @override
    def clean(self) -> dict[str, Any]:
        """Hold minimum and step to the rate."""
        said: dict[str, Any] = super().clean() or {}
        points, step, minimum = (said.get(name) for name in ("points", "step", "minimum"))
        if points and step and step % points:
            sentence = _("Take a number that {points} goes into, such as {points}.")
            self.add_error("step", sentence.format(points=points))
        if step and minimum and minimum % step:
            sentence = _("Take a number that {points} goes into, such as {points}.")
            self.add_error("minimum", sentence.format(points=step))
        return said

    def promise(self) -> SpendingPromise:
        """Return what a valid form says."""
        said = self.cleaned_data
        return SpendingPromise(
            points=said["points"],
            amount=int(said["amount"] * MINOR_UNITS),
            step=said["step"],
            minimum=said["minimum"],
            most_bp=said["most_percent"] * PERCENT,
            grace_days=said["grace_days"],
            is_on=said["is_on"],
        )

    @staticmethod
    def said_by(terms: SpendingTerms | None) -> dict[str, Any]:
        """Return terms as the form shows them; before there are any, usual ones."""
        if terms is None:
            usual = {"points": 100, "amount": Decimal("1.00"), "minimum": 500, "step": 100}
            return {**usual, "most_percent": 50, "grace_days": 30, "is_on": True}
        return {
            "is_on": terms.is_on,
            "points": terms.points,
            "amount": (Decimal(terms.amount) / MINOR_UNITS).quantize(Decimal("0.01")),
            "minimum": terms.minimum,
            "step": terms.step,
            "most_percent": terms.most_bp // PERCENT,
            "grace_days": terms.grace_days,
        }


class SpendingConsole(StaffPage):
    """Shows the terms in force, and puts others in force."""

    required_permission = RULE_MAKERS
    template_name = "loyalty/console_spending.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the form, and what the terms in force give away."""
        terms, programme = SpendingTerms.objects.first(), Programme.objects.first()
        kwargs.setdefault("form", SpendingForm(initial=SpendingForm.said_by(terms)))
        return super().get_context_data(
            terms=terms,
            waiting=SpendingVersion.objects.filter(started_at=None).first(),
            scheme=scheme_of(self.merchant.pk),
            programme=programme,
            meaning=_meaning(terms, programme, self.merchant.currency),
            back=reverse("loyalty:console-programme", args=[self.merchant.reference]),
            **kwargs,
        )

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Put the terms in force, or let those that wait not begin (``act``)."""
        if request.POST.get("act") == "unschedule":
            return self._unschedule(request)
        form = SpendingForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        promise = form.promise()
        put_spending(
            merchant_id=self.merchant.pk,
            promise=promise,
            actor=self._actor(),
            now=clock.now(),
            starts_at=form.cleaned_data["starts_at"],
        )
        messages.success(request, _said(promise, starts_at=form.cleaned_data["starts_at"]))
        return redirect("loyalty:console-spending", merchant=self.merchant.reference)

    def _unschedule(self, request: HttpRequest) -> HttpResponse:
        """Let the terms that wait not begin."""
        try:
            unschedule_spending(merchant_id=self.merchant.pk, actor=self._actor())
        except SpendingNotScheduled as refusal:
            messages.error(request, refusal.detail)
        else:
            messages.success(request, _("It will not start. What is in force stays."))
        return redirect("loyalty:console-spending", merchant=self.merchant.reference)

    def _actor(self) -> Actor:
        return Actor(kind="membership", id=str(self.membership.pk))


def _said(promise: SpendingPromise, *, starts_at: datetime | None) -> str:
    """Say what was done."""
    if starts_at is not None:
        return _("Scheduled. It starts by itself.")
    if promise.is_on:
        return _("Members can pay with points from the next sale on.")
    return _("Members can no longer pay with points. What they have stays theirs.")


def _meaning(
    terms: SpendingTerms | None, programme: Programme | None, currency: str
) -> tuple[str, bool] | None:
    """Say what the terms give away, and whether that is so much that one should look again."""
    if terms is None or programme is None:
        return None
    points = EXAMPLE * programme.milli_points_per_cent // MILLI
    worth = points * terms.amount // terms.points
    sentence = _("Who pays {paid} earns {points} points, which are worth {worth}.").format(
        paid=formats.money(EXAMPLE, currency),
        points=formats.number(points),
        worth=formats.money(worth, currency),
    )
    return sentence, worth > EXAMPLE * GENEROUS_BP // BASIS_POINTS
