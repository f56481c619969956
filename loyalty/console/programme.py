"""The programme and its offers, on one page."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from typing_extensions import override

from loyalty.actions.publish_programme import publish_programme
from loyalty.console.forms import ProgrammeForm
from loyalty.console.permission import RULE_MAKERS
from loyalty.languages import in_every_language
from loyalty.lot_words import promised
from loyalty.models import Expiry, Programme
from loyalty.offer_words import says
from loyalty.queries.offers import offers_of
from okplatform.kernel import clock
from okplatform.kernel.audit import Actor
from okplatform.web import formats
from okplatform.web.views import StaffPage
from wallet.live_cards import claims_of
from wallet.programmes import PROGRAMMES


class ProgrammeConsole(StaffPage):
    """Shows what is in force, and publishes anew."""

    required_permission = RULE_MAKERS
    template_name = "loyalty/console_programme.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the form, filled with what is in force, and the offers."""
        programme = Programme.objects.first()
        kwargs.setdefault("form", ProgrammeForm(initial=self._initial(programme)))
        offers = offers_of(merchant_id=self.merchant.pk, language=formats.language())
        return super().get_context_data(
            programme=programme,
            promised=_promised(programme),
            claims=claims_of(self.merchant.pk),
            known_programmes=PROGRAMMES.values(),
            offers=[(offer, says(offer, self.merchant.currency)) for offer in offers],
            **kwargs,
        )

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Publish; what is wrong is said beside its field, and nothing is lost."""
        form = ProgrammeForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        publish_programme(
            merchant_id=self.merchant.pk,
            promise=form.promise(),
            actor=Actor(kind="membership", id=str(self.membership.pk)),
            now=clock.now(),
        )
        messages.success(request, _("Published. It counts from the next sale."))
        return redirect("loyalty:console-programme", merchant=self.merchant.reference)

    def _initial(self, programme: Programme | None) -> dict[str, Any]:
        if programme is not None:
            return ProgrammeForm.said_by(programme)
        name = self.merchant.name
        points = in_every_language(lambda: _("points"))
        terms = in_every_language(
            lambda: _("At {merchant} you earn points on what you pay.").format(merchant=name)
        )
        return {
            "name": name,
            "points_per_euro": 1,
            "pending_days": 0,
            "expiry": Expiry.NEVER,
            "points_nl": points.nl,
            "points_en": points.en,
            "terms_nl": terms.nl,
            "terms_en": terms.en,
        }


def _promised(programme: Programme | None) -> list[str]:
    """Return what members read of points that wait and end."""
    if programme is None:
        return []
    return promised(programme.pending_days, programme.expiry, programme.expiry_length)
