"""The bonuses of a programme: for a first purchase, for bringing somebody along, for a birthday."""

from collections.abc import Iterator
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

from loyalty.actions.publish_bonuses import publish_bonuses
from loyalty.actions.publish_tiers import NoProgramme
from loyalty.birthdays import MOST_DAYS
from loyalty.bonuses import Bonuses, bonuses_of
from loyalty.console.permission import RULE_MAKERS
from loyalty.models import Programme
from okplatform.kernel import clock
from okplatform.kernel.audit import Actor
from okplatform.kernel.money import MINOR_UNITS
from okplatform.web import formats
from okplatform.web.views import StaffPage

MOST_POINTS = 100_000


def _points(label: Any, help_text: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, help_text=help_text, min_value=0, max_value=MOST_POINTS, required=False
    )


def _days(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=0, max_value=MOST_DAYS, required=False)


class BonusForm(forms.Form):
    """How many points each bonus is, and from what purchase; empty is none."""

    first = _points(
        gettext_lazy("Points for a first purchase"), gettext_lazy("Empty is no such bonus.")
    )
    referral = _points(
        gettext_lazy("Points for each of two, where one brought the other"),
        gettext_lazy("The friend at the first purchase, the member at the next one after it."),
    )
    min_paid = forms.DecimalField(
        label=gettext_lazy("Only from a purchase of, in euros"),
        min_value=0,
        max_digits=9,
        decimal_places=2,
        required=False,
    )
    most = forms.IntegerField(
        label=gettext_lazy("For at most so many friends of one member"),
        min_value=1,
        max_value=1_000,
        required=False,
    )

    birthday = _points(
        gettext_lazy("Points around a birthday"),
        gettext_lazy(
            "Once a year, for who told OK the day and lets you use it; you do not see it."
        ),
    )
    days_before = _days(gettext_lazy("From so many days before the birthday"))
    days_after = _days(gettext_lazy("Until so many days after the birthday"))

    field_order = ("first", "referral", "most", "birthday", "days_before", "days_after")

    def bonuses(self) -> Bonuses:
        """Return what a valid form says."""
        said = self.cleaned_data
        return Bonuses(
            first=said["first"] or 0,
            referral=said["referral"] or 0,
            min_paid=int((said["min_paid"] or 0) * MINOR_UNITS),
            most=said["most"] or Bonuses().most,
            birthday=said["birthday"] or 0,
            days_before=_or(said["days_before"], Bonuses().days_before),
            days_after=_or(said["days_after"], Bonuses().days_after),
        )

    @staticmethod
    def said_by(bonuses: Bonuses) -> dict[str, Any]:
        """Return bonuses as the form shows them."""
        return {
            "first": bonuses.first or None,
            "referral": bonuses.referral or None,
            "min_paid": Decimal(bonuses.min_paid).scaleb(-2) if bonuses.min_paid else None,
            "most": bonuses.most,
            "birthday": bonuses.birthday or None,
            "days_before": bonuses.days_before,
            "days_after": bonuses.days_after,
        }


class BonusesConsole(StaffPage):
    """Shows the bonuses, and publishes them."""

    required_permission = RULE_MAKERS
    template_name = "loyalty/console_bonuses.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the form, filled with what is in force."""
        stored = Programme.objects.values_list("bonuses", flat=True).first()
        kwargs.setdefault("form", BonusForm(initial=BonusForm.said_by(bonuses_of(stored or {}))))
        return super().get_context_data(
            programme=stored is not None,
            back=reverse("loyalty:console-programme", args=[self.merchant.reference]),
            **kwargs,
        )

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Publish; what is wrong is said beside its field, and nothing is lost."""
        form = BonusForm(request.POST)
        if not form.is_valid():
            return self._again(form)
        bonuses = form.bonuses()
        if "sure" not in request.POST and (doubts := [*self._doubts(bonuses)]):
            return self._again(form, doubts=doubts)
        try:
            publish_bonuses(
                merchant_id=self.merchant.pk,
                bonuses=bonuses,
                actor=Actor(kind="membership", id=str(self.membership.pk)),
                now=clock.now(),
            )
        except NoProgramme as refusal:
            form.add_error(None, refusal.detail)
            return self._again(form)
        messages.success(request, _("Saved. It counts from the next sale."))
        return redirect("loyalty:console-programme", merchant=self.merchant.reference)

    def _again(self, form: BonusForm, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form, **kwargs), status=422)

    def _doubts(self, bonuses: Bonuses) -> Iterator[str]:
        """Say what a purchase of a cent would bring."""
        most = max(bonuses.first + bonuses.referral, 2 * bonuses.referral) + bonuses.birthday
        if most and not bonuses.min_paid:
            yield _("A purchase of {cent} already brings up to {points} points.").format(
                cent=formats.money(1, self.merchant.currency), points=formats.number(most)
            )
        if bonuses.birthday and not bonuses.days_before + bonuses.days_after:
            yield _("A birthday counts on the day itself only: who cannot come then gets nothing.")


def _or(said: int | None, otherwise: int) -> int:
    return otherwise if said is None else said
