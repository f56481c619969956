"""Proofs of consents to download, and the keys by which anybody checks them."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from typing_extensions import override

from okplatform.parties.models import Merchant
from okplatform.web.views import PersonPage, PublicPage
from wallet import signing
from wallet.consent_records import signed
from wallet.queries import consents_of
from wallet.reader import reader

KEYS_KEPT_SECONDS = 3600


class ConsentRecord(PersonPage):
    """One consent, signed."""

    @override
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the record; somebody else's is not found."""
        person = reader(request)
        consent = get_object_or_404(consents_of(person.pk), pk=kwargs["consent_id"])
        return _file(signed(consent, person), f"ok-consent-{consent.pk}")


class ConsentRecords(PersonPage):
    """All that a person ever said, to one shop or to all of them."""

    @override
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the records, the newest first."""
        person, reference = reader(request), kwargs.get("reference")
        consents, name = consents_of(person.pk), "ok-consents"
        if reference is not None:
            merchant = get_object_or_404(Merchant, reference=reference)
            consents = consents.filter(merchant_id=merchant.pk)
            name = f"ok-consents-{reference}"
        return _file({"consents": [signed(consent, person) for consent in consents]}, name)


class PublishedKeys(PublicPage):
    """The public keys, those of before too, as a JWK Set (RFC 7517)."""

    @override
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the keys; others may keep them for an hour."""
        response = JsonResponse({"keys": [dict(key) for key in signing.published_jwks()]})
        response["Content-Type"] = "application/jwk-set+json"
        response["Cache-Control"] = f"public, max-age={KEYS_KEPT_SECONDS}"
        return response


def _file(content: dict[str, Any], name: str) -> HttpResponse:
    options = {"indent": 2, "ensure_ascii": False}
    response = JsonResponse(content, json_dumps_params=options)
    response["Content-Disposition"] = f'attachment; filename="{name}.json"'
    response["Cache-Control"] = "no-store"
    return response
