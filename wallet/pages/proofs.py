"""Prove your age, or that you study, without telling anything else."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.kernel.errors import Refusal
from okplatform.web.views import PersonPage
from wallet.actions.ask_attestation import ask_attestation
from wallet.actions.keep_attestation import keep_attestation
from wallet.actions.offer_proof import offer_proof
from wallet.gateways.issuers import issuer, issuers
from wallet.models import Attestation, AttestationRequest, Claim
from wallet.queries import attestations_of, open_offers_of
from wallet.reader import acting, reader


@dataclass(frozen=True, slots=True)
class Proof:
    """A claim with what was attested of it, and until when it is offered."""

    claim: Claim
    attested: Attestation | None
    issuer: str
    offered_until: datetime | None


class ProofsPage(PersonPage):
    """What can be proved, what is attested, and one button to offer it for two minutes."""

    template_name = "wallet/proofs.html"
    http_method_names = ["get", "post"]

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give each claim as it stands now."""
        person_id, now = reader(self.request).pk, clock.now()
        attested = {
            one.claim: one for one in attestations_of(person_id, now=now) if issuer(one.issuer)
        }
        offered = {one.claim: one.until for one in open_offers_of(person_id, now=now)}
        proofs = [
            Proof(claim, attested.get(claim), _name(attested.get(claim)), offered.get(claim))
            for claim in Claim
        ]
        return super().get_context_data(
            proofs=proofs, issuers=issuers(), back=reverse("wallet:data"), **kwargs
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Offer a proof."""
        person, claim = reader(request), _claim(request)
        offer_proof(person_id=person.pk, claim=claim, now=clock.now(), actor=acting(person))
        said = _("Have your code scanned within two minutes. The shop gets a yes or a no.")
        messages.success(request, said)
        return redirect("wallet:proofs")


class GoToIssuer(PersonPage):
    """Opens a request; the page then has the way to the issuer."""

    template_name = "wallet/issuer.html"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Show the way there: no form of ours leads to another site."""
        person, claim = reader(request), _claim(request)
        chosen = issuer(request.POST.get("issuer", ""))
        if chosen is None:
            raise Http404
        asked = ask_attestation(
            person_id=person.pk,
            claim=claim,
            issuer=chosen.id,
            now=clock.now(),
            actor=acting(person),
        )
        address = chosen.address(claim=claim, nonce=asked.nonce, back=_way_back(asked))
        return self.render_to_response(
            self.get_context_data(
                address=address, issuer=chosen.name, claim=claim, back=reverse("wallet:proofs")
            )
        )


class BackFromIssuer(PersonPage):
    """Where the issuer sends the person back to, with what it signed."""

    @override
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Keep it, or say why not."""
        person = reader(request)
        try:
            keep_attestation(
                person_id=person.pk,
                nonce=kwargs["nonce"],
                credential=request.GET.get("id_token", ""),
                now=clock.now(),
                actor=acting(person),
            )
        except Refusal as refusal:
            messages.error(request, refusal.detail)
        else:
            messages.success(request, _("Kept. You can offer this proof now."))
        return redirect("wallet:proofs")


def _claim(request: HttpRequest) -> Claim:
    try:
        return Claim(request.POST.get("claim", ""))
    except ValueError as error:
        raise Http404 from error


def _name(attested: Attestation | None) -> str:
    known = issuer(attested.issuer) if attested else None
    return known.name if known else ""


def _way_back(asked: AttestationRequest) -> str:
    return f"{settings.BASE_URL}{reverse('wallet:attested', args=[asked.nonce])}"
