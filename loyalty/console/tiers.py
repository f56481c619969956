"""The tiers of a programme: what they take, what they give, and who is in them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from typing_extensions import override

from loyalty.actions.publish_tiers import NoProgramme, TiersOutOfOrder, publish_tiers
from loyalty.console.permission import RULE_MAKERS
from loyalty.console.tier_form import TierForm
from loyalty.engine import ONCE
from loyalty.models import Programme, TierBasis
from loyalty.queries.tiers import best_since, members_by_tier
from loyalty.tiers import Ladder, ladder_of
from okplatform.kernel import clock
from okplatform.kernel.audit import Actor
from okplatform.web import formats
from okplatform.web.views import StaffPage

A_YEAR = timedelta(days=365)
MOST_TIMES = 3 * ONCE
"""Above three times the points a tier is worth a question."""


class TiersConsole(StaffPage):
    """Shows the tiers and how many members stand in each, and publishes them."""

    required_permission = RULE_MAKERS
    template_name = "loyalty/console_tiers.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the form, filled with what is in force, and how many stand where."""
        ladder = _in_force()
        kwargs.setdefault("form", TierForm(initial=TierForm.said_by(ladder) if ladder else None))
        return super().get_context_data(
            programme=ladder is not None,
            standing=self._standing(ladder) if ladder else (),
            back=reverse("loyalty:console-programme", args=[self.merchant.reference]),
            **kwargs,
        )

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Publish; what is wrong is said beside its field, and nothing is lost."""
        form = TierForm(request.POST)
        if not form.is_valid():
            return self._again(form)
        ladder = form.ladder()
        if "sure" not in request.POST and (doubts := [*self._doubts(ladder)]):
            return self._again(form, doubts=doubts)
        try:
            publish_tiers(
                merchant_id=self.merchant.pk,
                ladder=ladder,
                actor=Actor(kind="membership", id=str(self.membership.pk)),
                now=clock.now(),
            )
        except (NoProgramme, TiersOutOfOrder) as refusal:
            form.add_error(None, refusal.detail)
            return self._again(form)
        messages.success(request, _("Saved. Members are in their tiers within minutes."))
        return redirect("loyalty:console-tiers", merchant=self.merchant.reference)

    def _again(self, form: TierForm, **kwargs: Any) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form, **kwargs), status=422)

    def _standing(self, ladder: Ladder) -> list[tuple[str, int]]:
        counts = members_by_tier(self.merchant.pk)
        language = formats.language()
        return [(tier.name._asdict()[language], counts.get(tier.key, 0)) for tier in ladder.tiers]

    def _doubts(self, ladder: Ladder) -> Iterator[str]:
        """Say which tier nobody would have reached, and which gives very much."""
        language = formats.language()
        best = best_since(
            merchant_id=self.merchant.pk, basis=ladder.basis, since=clock.now() - A_YEAR
        )
        for tier in ladder.tiers:
            name = tier.name._asdict()[language]
            if best is not None and tier.threshold > best:
                yield _(
                    "Nobody reaches “{tier}”: the most that a member had in a year is {best}."
                ).format(tier=name, best=self._amount(best, ladder))
            if tier.times_milli > MOST_TIMES:
                yield _("“{tier}” earns {times} times the points of everybody else.").format(
                    tier=name, times=formats.number(tier.times_milli // ONCE)
                )

    def _amount(self, amount: int, ladder: Ladder) -> str:
        if ladder.basis == TierBasis.SPEND:
            return formats.money(amount, self.merchant.currency)
        return _("{points} points").format(points=formats.number(amount))


def _in_force() -> Ladder | None:
    columns = Programme.objects.values(
        "tiers", "tier_period", "tier_basis", "tier_grace_days"
    ).first()
    return ladder_of(columns) if columns else None
