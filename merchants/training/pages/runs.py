"""The scenarios as the training till shows them: which there are, begun, and judged."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import get_language
from typing_extensions import override

from merchants.models import TrainingRun
from merchants.training.actions.begin_run import begin_run
from merchants.training.actions.judge_run import judge_run
from merchants.training.judging import SENTENCES
from merchants.training.queries import runs_of, standings
from merchants.training.scenarios import SCENARIOS, sentence_of
from okplatform.kernel import clock
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.api.authentication import TERMINAL_IN_SESSION
from okplatform.parties.queries import find_till_of_person
from okplatform.parties.tills import StoreAtTill, Till, in_training
from okplatform.web.views import PersonPage


class RunForm(forms.Form):
    """What is begun; the purchase that something is to come back of."""

    scenario = forms.ChoiceField(choices=[(name, name) for name in SCENARIOS])
    receipt = forms.UUIDField(required=False)


class TrainingPage(PersonPage):
    """What both addresses share: who trains, and where."""

    def stand(self) -> tuple[Till, StoreAtTill]:
        """Return the training twin of the chosen till; raises ``PermissionDenied`` without one."""
        terminal_id = self.request.session.get(TERMINAL_IN_SESSION)
        till = terminal_id and find_till_of_person(
            person_id=self.person.pk, terminal_id=terminal_id
        )
        if not till or till.place is None:
            raise PermissionDenied
        return in_training(till), till.place

    def answered(self, act: Callable[[Till], TrainingRun]) -> HttpResponse:
        """Answer with the run that came of it, or with why there is none."""
        till, place = self.stand()
        try:
            with merchant_scope(till.merchant_id):
                run = act(till)
        except Refusal as refusal:
            problem = {"code": refusal.code, "detail": str(refusal.detail)}
            return JsonResponse(problem, status=refusal.status)
        asked = SCENARIOS[run.scenario]
        return JsonResponse(
            {
                "uuid": str(run.uuid),
                "title": asked.scenario.label,
                "says": sentence_of(
                    asked, currency=place.currency, language=get_language() or "nl"
                ),
                "stars": run.stars,
                "sentence": str(SENTENCES[run.fault]) if run.ended_at else "",
            }
        )


class TrainingRuns(TrainingPage):
    """The five scenarios, with how far this cashier is in this store."""

    template_name = "merchants/till_scenarios.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give each with its newest and its best run."""
        till, place = self.stand()
        with merchant_scope(till.merchant_id):
            kept = runs_of(membership_id=int(till.actor.id), store_id=place.store_id)
        now = clock.now()
        mine = standings(kept, now=now).get((place.store_id, int(till.actor.id)), {})
        rows = [(asked, mine.get(name)) for name, asked in SCENARIOS.items()]
        return super().get_context_data(rows=rows, **kwargs)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Begin one."""
        form = RunForm(request.POST)
        if not form.is_valid():
            raise Http404
        asked = SCENARIOS[form.cleaned_data["scenario"]]
        receipt = form.cleaned_data["receipt"]
        return self.answered(
            lambda till: begin_run(till=till, asked=asked, receipt=receipt, now=clock.now())
        )


class TrainingVerdict(TrainingPage):
    """A run that ends."""

    http_method_names = ("post",)

    def post(self, _request: HttpRequest, uuid: UUID) -> HttpResponse:
        """Judge it by what was really sold."""
        return self.answered(lambda till: judge_run(till=till, uuid=uuid, now=clock.now()))
