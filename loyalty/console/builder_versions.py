"""What was published: versions, publishing, pausing, going back."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from typing_extensions import override

from loyalty.actions.pause_scheme import pause_scheme
from loyalty.actions.publish_scheme import publish_scheme
from loyalty.actions.resume_scheme import resume_scheme
from loyalty.actions.roll_back_scheme import roll_back_scheme
from loyalty.actions.unschedule_scheme import unschedule_scheme
from loyalty.builder.scheme import SchemeContent
from loyalty.console.builder import BuilderBase
from loyalty.console.builder_forms import PublishForm
from loyalty.models import Programme
from loyalty.queries.schemes import changed_by_hand, versions_of
from loyalty.scheme_words import headline, offer_names
from okplatform.kernel import clock
from okplatform.kernel.errors import Refusal


class BuilderVersions(BuilderBase):
    """All versions, the newest first."""

    template_name = "loyalty/builder_versions.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give each version with what it says."""
        rows = []
        for version in versions_of(self.merchant.pk):
            content = SchemeContent.from_json(version.content)
            says = headline(content, self.merchant.currency)
            rows.append((version, says, list(offer_names(content).values())))
        programme = Programme.objects.first()
        scheme = self.scheme()
        return super().get_context_data(
            scheme=scheme,
            by_hand=scheme is not None and changed_by_hand(scheme),
            versions=rows,
            paused=programme is not None and programme.paused_at is not None,
            back=reverse("loyalty:console-builder", args=[self.merchant.reference]),
            **kwargs,
        )


class BuilderAct(BuilderBase):
    """Does one thing (``POST``) and goes back to where it was asked."""

    http_method_names = ["post"]

    def done(self, request: HttpRequest, act: Callable[[], object], sentence: str) -> HttpResponse:
        """Do it; say that it is done, or why it was refused."""
        try:
            act()
        except Refusal as refusal:
            messages.error(request, refusal.detail)
        else:
            messages.success(request, sentence)
        return self.back()


class BuilderPublish(BuilderAct):
    """Publishes the draft, now or at a moment."""

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Publish, if it was tried as it is and the proofs hold."""
        now = clock.now()
        form = PublishForm(request.POST, now=now)
        if not form.is_valid():
            for errors in form.errors.values():
                messages.error(request, " ".join(map(str, errors)))
            return self.back()
        starts_at = form.cleaned_data["starts_at"]
        return self.done(
            request,
            lambda: publish_scheme(
                merchant_id=self.merchant.pk,
                starts_at=starts_at,
                accepts_loss=form.cleaned_data["accepts_loss"],
                actor=self.actor,
                now=now,
            ),
            _("Scheduled. It starts by itself.")
            if starts_at
            else _("Published. It counts from the next sale."),
        )


class BuilderPause(BuilderAct):
    """Pauses the scheme, or lets it count again (``resume`` in the form)."""

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Turn it."""
        turn = resume_scheme if "resume" in request.POST else pause_scheme
        return self.done(
            request,
            lambda: turn(merchant_id=self.merchant.pk, actor=self.actor, now=clock.now()),
            _("It counts again.")
            if turn is resume_scheme
            else _("Paused. Your customers keep their points."),
        )


class BuilderUnschedule(BuilderAct):
    """Lets a version that waits not begin."""

    def post(self, request: HttpRequest, **_address: Any) -> HttpResponse:
        """Take it back."""
        return self.done(
            request,
            lambda: unschedule_scheme(
                merchant_id=self.merchant.pk, actor=self.actor, now=clock.now()
            ),
            _("It will not start. What is in force stays."),
        )


class BuilderRollBack(BuilderAct):
    """Brings back an earlier version."""

    def post(self, request: HttpRequest, number: str, **_address: Any) -> HttpResponse:
        """Publish what it says as the next version."""
        if not number.isascii() or not number.isdigit():
            raise Http404
        return self.done(
            request,
            lambda: roll_back_scheme(
                merchant_id=self.merchant.pk,
                number=min(int(number), 2**31 - 1),
                actor=self.actor,
                now=clock.now(),
            ),
            _("Brought back. It counts from the next sale."),
        )
