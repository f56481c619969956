"""What one merchant may know, and who looked."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.parties.models import Merchant
from okplatform.web.formats import language
from okplatform.web.views import PersonPage
from wallet.actions.grant_consent import ConsentTextOutdated, grant_consent
from wallet.actions.withdraw_consent import withdraw_consent, withdraw_consents
from wallet.consent_texts import CURRENT_VERSION, ConsentText, consent_text
from wallet.consents import allergies_of, card_of
from wallet.models import Consent, Purpose
from wallet.pages.looks import in_words
from wallet.queries import consents_in_force, glances, looks_at
from wallet.reader import acting, reader

LOOKS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Choice:
    """A purpose with its text, and the consent in force if the person said yes.

    ``is_older`` says that the yes was to an earlier text, whose words are in ``read``.
    """

    purpose: str
    version: int
    text: ConsentText
    consent: Consent | None
    read: ConsentText | None

    @property
    def is_older(self) -> bool:
        """Say whether the text has changed since the person said yes."""
        return self.consent is not None and self.consent.text_version != self.version

    @property
    def is_health(self) -> bool:
        """Say whether it is about health, which is asked for apart and with its text in full."""
        return self.purpose == Purpose.ALLERGIES


class ConsentForm(forms.Form):
    """A switch that was moved; ``text_version`` says which text stood beside it."""

    purpose = forms.ChoiceField(choices=Purpose.choices)
    text_version = forms.IntegerField()
    allow = forms.BooleanField(required=False)


class ShopPage(PersonPage):
    """A page about one merchant."""

    def shop(self) -> Merchant:
        """Return the merchant in the address."""
        return get_object_or_404(Merchant, reference=self.kwargs["reference"])


class ConsentsPage(ShopPage):
    """One switch per purpose, off by default, in force at once."""

    template_name = "wallet/consents.html"
    http_method_names = ["get", "post"]

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the switches, and who looked last."""
        merchant, person_id = self.shop(), reader(self.request).pk
        given = {one.purpose: one for one in consents_in_force(person_id).filter(merchant=merchant)}
        looks = glances(looks_at(person_id).filter(merchant_id=merchant.pk))[: LOOKS_SHOWN + 1]
        return super().get_context_data(
            shop=merchant,
            choices=[_choice(purpose, merchant, given) for purpose in Purpose.values],
            looks=in_words(looks)[:LOOKS_SHOWN],
            has_more_looks=len(looks) > LOOKS_SHOWN,
            has_given=bool(given),
            back=reverse("wallet:data"),
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
        merchant_id, person = self.shop().pk, reader(self.request)
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


class WithdrawFromShop(ShopPage):
    """Takes back everything that one shop may know."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, reference: str) -> HttpResponse:
        """Withdraw it all; each purpose can be turned on again."""
        merchant, person = self.shop(), reader(request)
        withdraw_consents(
            person_id=person.pk, merchant_id=merchant.pk, now=clock.now(), actor=acting(person)
        )
        said = _("Everything is off. {shop} sees nothing about you any more.")
        messages.success(request, said.format(shop=merchant.name))
        return redirect("wallet:consents", reference=reference)


class MirrorPage(ShopPage):
    """What the shop's people see, made by the same query and the same template."""

    template_name = "wallet/mirror.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the card as it is now; nobody looked, so that no line is written."""
        merchant, person_id = self.shop(), reader(self.request).pk
        return super().get_context_data(
            shop=merchant,
            card=card_of(person_id=person_id, merchant_id=merchant.pk),
            allergies=allergies_of(person_id=person_id, merchant_id=merchant.pk),
            back=reverse("wallet:consents", args=[merchant.reference]),
            **kwargs,
        )


def _choice(purpose: str, merchant: Merchant, given: dict[str, Consent]) -> Choice:
    version, consent = CURRENT_VERSION[purpose], given.get(purpose)
    text = consent_text(purpose, version, language()).about(merchant.name)
    read = consent and consent_text(purpose, consent.text_version, consent.language)
    return Choice(
        purpose=purpose,
        version=version,
        text=text,
        consent=consent,
        read=read.about(merchant.name) if read else None,
    )
