"""The builder: a scheme in a quarter of an hour, from three questions to points on a phone."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from typing_extensions import override

from loyalty.actions.draft_scheme import draft_scheme
from loyalty.builder.scheme import Answers, SchemeContent
from loyalty.console.builder_forms import AnswersForm, SchemeForm
from loyalty.console.builder_preview import preview
from loyalty.console.builder_replay import replay_context
from loyalty.console.permission import RULE_MAKERS
from loyalty.models import Programme, Scheme
from loyalty.queries.schemes import scheme_of, stopwatch_of
from loyalty.queries.stamp_goods import stamp_goods
from loyalty.scheme_words import (
    arithmetic,
    headline,
    offer_names,
    proposed,
    shares,
    slot_name,
    worded,
)
from loyalty.stamp_words import drawn, how_far
from okplatform.kernel import clock
from okplatform.kernel.audit import Actor
from okplatform.web import qr
from okplatform.web.views import StaffPage

OPENED = signing.TimestampSigner(salt="loyalty.builder.opened")
"""When the page was opened, in the form that comes back: reading a page keeps nothing."""

FIFTEEN_MINUTES = 15 * 60
LONG = 60 * 60


class BuilderBase(StaffPage):
    """What the builder's pages share."""

    required_permission = RULE_MAKERS

    @property
    def actor(self) -> Actor:
        """Return who acts."""
        return Actor(kind="membership", id=str(self.membership.pk))

    def scheme(self) -> Scheme | None:
        """Return the merchant's scheme, None before the first answers."""
        return scheme_of(self.merchant.pk)

    def figures(self, content: SchemeContent) -> dict[str, Any]:
        """Return a content in words, with its preview."""
        currency = self.merchant.currency
        seen = preview(content, self.merchant, now=clock.now())
        found: dict[str, Any] = {
            "headline": headline(content, currency),
            "offers": list(offer_names(content).values()),
            "sentences": arithmetic(content, currency),
            "shares": shares(content),
            "preview": seen,
        }
        if seen.card is not None:
            card = {"stamp_card": seen.card, "drawn": drawn(seen.card)}
            found |= {**card, "how_far": how_far(seen.card)}
        return found

    def back(self) -> HttpResponse:
        """Go to the builder."""
        return redirect("loyalty:console-builder", merchant=self.merchant.reference)


class BuilderPage(BuilderBase):
    """Asks, proposes, and shows what the past says of it."""

    template_name = "loyalty/builder.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the forms as they were left, the figures, the replay and the stopwatch."""
        scheme, now = self.scheme(), clock.now()
        found: dict[str, Any] = {"scheme": scheme, "watch": self._watch(scheme, now)}
        if scheme is not None:
            content = SchemeContent.from_json(scheme.draft)
            found |= self.figures(content) | self._scheme_form(content, kwargs.get("scheme_form"))
            found |= replay_context(content, scheme, self.merchant, now=now)
            found |= self._joining(scheme)
            initial = AnswersForm.said_by(content.answers)
        else:
            initial = {}
        kwargs.setdefault("form", AnswersForm(initial=initial))
        return super().get_context_data(**{**found, **kwargs})

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Propose by the answers; what is wrong is said beside its field."""
        form = AnswersForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form), status=422)
        now = clock.now()
        draft_scheme(
            merchant_id=self.merchant.pk,
            content=proposed(form.answers(), self.merchant, stamp_goods()),
            opened_at=opened_at(request.POST.get("opened", ""), now),
            actor=self.actor,
            now=now,
        )
        return self.back()

    def _watch(self, scheme: Scheme | None, now: datetime) -> dict[str, Any]:
        if scheme is None:
            signed = OPENED.sign(now.isoformat())
            return {"seconds": 0, "opened": signed, "runs": True, "most": FIFTEEN_MINUTES}
        watch = stopwatch_of(scheme)
        seconds = watch.seconds(now)
        return {
            "seconds": seconds,
            "stopped_at": watch.stopped_at,
            "in_time": watch.in_time,
            "runs": watch.stopped_at is None and seconds < LONG,
            "opened_at": watch.opened_at,
            "most": FIFTEEN_MINUTES,
        }

    @staticmethod
    def _scheme_form(content: SchemeContent, form: SchemeForm | None) -> dict[str, Any]:
        if form is None:
            goods = stamp_goods()
            initial = SchemeForm.said_by(content, goods)
            form = SchemeForm(initial=initial, answers=content.answers, goods=goods)
        parts = [(slot_name(slot), fields) for slot, fields in form.parts()]
        return {"scheme_form": form, "parts": parts}

    def _joining(self, scheme: Scheme) -> dict[str, Any]:
        """Return what leads the owner's own phone in, once the scheme is in force."""
        if scheme.in_force is None:
            return {}
        path = reverse("loyalty:programme", args=[self.merchant.reference])
        side, drawing = qr.path_of(f"{settings.BASE_URL}{path}")
        programme = Programme.objects.get()
        return {
            "join": path,
            "qr_side": side,
            "qr_path": drawing,
            "paused": programme.paused_at is not None,
        }


class BuilderChange(BuilderPage):
    """Changes the proposal (``POST``)."""

    http_method_names = ["post"]

    @override
    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Keep the changed draft; what is wrong is said beside its field."""
        scheme = self.scheme()
        if scheme is None:
            return self.back()
        answers = SchemeContent.from_json(scheme.draft).answers
        form = SchemeForm(request.POST, answers=answers, goods=stamp_goods())
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(scheme_form=form), status=422)
        now = clock.now()
        draft_scheme(
            merchant_id=self.merchant.pk,
            content=worded(answers, form.proposal(), self.merchant),
            opened_at=now,
            actor=self.actor,
            now=now,
        )
        messages.success(request, _("Kept. It is tried on the past now."))
        return self.back()


class BuilderFigures(BuilderBase):
    """The words and the preview alone, for what stands in the forms at this moment."""

    template_name = "loyalty/builder_figures.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the figures; nothing where the forms do not say enough yet."""
        content = self._content(self.request.GET)
        found = self.figures(content) if content else {}
        return super().get_context_data(**found, **kwargs)

    def _content(self, said: QueryDict) -> SchemeContent | None:
        answers = self._answers(said)
        if answers is None:
            return None
        if "points_per_euro" not in said:
            return proposed(answers, self.merchant, stamp_goods())
        form = SchemeForm(said, answers=answers, goods=stamp_goods())
        return worded(answers, form.proposal(), self.merchant) if form.is_valid() else None

    def _answers(self, said: QueryDict) -> Answers | None:
        if "points_per_euro" in said:
            scheme = self.scheme()
            return SchemeContent.from_json(scheme.draft).answers if scheme else None
        form = AnswersForm(said)
        return form.answers() if form.is_valid() else None


def opened_at(signed: str, now: datetime) -> datetime:
    """Return when the page was opened by what we signed then; now for anything else."""
    try:
        return datetime.fromisoformat(OPENED.unsign(signed, max_age=24 * LONG))
    except signing.BadSignature:
        return now
