"""What one merchant may know, and who looked."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.parties.models import Merchant
from okplatform.web.formats import language
from okplatform.web.views import PersonPage
from wallet.actions.grant_consent import ConsentTextOutdated, grant_consent
from wallet.actions.withdraw_consent import withdraw_consent
from wallet.consent_texts import CURRENT_VERSION, ConsentText, consent_text
from wallet.models import Purpose
from wallet.queries import consents_in_force, looks_at
from wallet.reader import acting, reader

LOOKS_SHOWN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Choice:
    """A purpose with its text and whether the person said yes."""

    purpose: str
    version: int
    text: ConsentText
    granted: bool


class ConsentForm(forms.Form):
    """A switch that was moved; ``text_version`` says which text stood beside it."""

    purpose = forms.ChoiceField(choices=Purpose.choices)
    text_version = forms.IntegerField()
    allow = forms.BooleanField(required=False)


class ConsentsPage(PersonPage):
    """One switch per purpose, off by default, in force at once."""

    template_name = "wallet/consents.html"
    http_method_names = ["get", "post"]

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the switches, and who looked in the last thirty days."""
        merchant, person_id = self._merchant(), reader(self.request).pk
        granted = set(
            consents_in_force(person_id)
            .filter(merchant_id=merchant.pk)
            .values_list("purpose", flat=True)
        )
        looks = looks_at(person_id, since=clock.now() - LOOKS_SHOWN)
        return super().get_context_data(
            shop=merchant,
            choices=[_choice(purpose, merchant, granted) for purpose in Purpose.values],
            looks=looks.filter(merchant_id=merchant.pk),
            back=reverse("wallet:you"),
            **kwargs,
        )

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Say yes or no to one purpose."""
        said = ConsentForm(request.POST)
        if not said.is_valid():
            return HttpResponseBadRequest()
        try:
            self._change(**said.cleaned_data)
        except ConsentTextOutdated as refusal:
            messages.error(request, refusal.detail)
        return redirect("wallet:consents", reference=reference)

    def _change(self, *, purpose: str, text_version: int, allow: bool) -> None:
        merchant_id, person = self._merchant().pk, reader(self.request)
        if allow:
            grant_consent(
                person_id=person.pk,
                merchant_id=merchant_id,
                purpose=purpose,
                text_version=text_version,
                language=language(),
                now=clock.now(),
                actor=acting(person),
            )
        else:
            withdraw_consent(
                person_id=person.pk,
                merchant_id=merchant_id,
                purpose=purpose,
                now=clock.now(),
                actor=acting(person),
            )

    def _merchant(self) -> Merchant:
        return get_object_or_404(Merchant, reference=self.kwargs["reference"])


def _choice(purpose: str, merchant: Merchant, granted: set[str]) -> Choice:
    version = CURRENT_VERSION[purpose]
    text = consent_text(purpose, version, language()).about(merchant.name)
    return Choice(purpose=purpose, version=version, text=text, granted=purpose in granted)
