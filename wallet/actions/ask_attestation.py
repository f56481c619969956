"""Send a person to an issuer, with a number that only they can come back with."""

from datetime import datetime
from secrets import token_urlsafe

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from wallet.models import AttestationRequest, Claim


def ask_attestation(
    *, person_id: int, claim: Claim, issuer: str, now: datetime, actor: Actor
) -> AttestationRequest:
    """Open a request and return it; ``nonce`` goes along and comes back signed."""
    with transaction():
        asked = AttestationRequest.objects.create(
            person_id=person_id, claim=claim, issuer=issuer, nonce=token_urlsafe(32), asked_at=now
        )
        audit.record(
            actor=actor,
            action="attestation_asked",
            object_type="attestation_request",
            object_id=asked.pk,
            data={"claim": claim.value, "issuer": issuer},
        )
    return asked
