"""Keep what an issuer attested of a person, once, and only of whoever asked for it."""

from datetime import datetime, timedelta
from hashlib import sha256

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import durable, transaction
from wallet.gateways.issuers import CredentialRefused, issuer
from wallet.models import Attestation, AttestationRequest, Claim

OPEN_FOR = timedelta(minutes=30)


@durable
def keep_attestation(
    *, person_id: int, nonce: str, credential: str, now: datetime, actor: Actor
) -> None:
    """Verify and keep it in place of an earlier one of this claim.

    Raises ``CredentialRefused`` for what is not an answer to this person's own open request, and
    what the issuer's gateway raises.
    """
    requests = AttestationRequest.objects.filter(
        person_id=person_id, nonce=nonce, answered_at=None, asked_at__gt=now - OPEN_FOR
    )
    asked = requests.first()
    known = issuer(asked.issuer) if asked else None
    if asked is None or known is None:
        raise CredentialRefused
    claim = Claim(asked.claim)
    attested = known.read(credential, claim=claim, nonce=nonce)
    with transaction():
        # Of two tabs that come back with it one keeps it.
        if requests.update(answered_at=now) != 1:
            raise CredentialRefused
        Attestation.objects.update_or_create(
            person_id=person_id,
            claim=claim,
            defaults={
                "holds": attested.holds,
                "issuer": known.id,
                "credential_digest": sha256(credential.encode()).digest(),
                "attested_at": attested.attested_at,
                "expires_at": attested.expires_at,
            },
        )
        audit.record(
            actor=actor,
            action="attestation_kept",
            object_type="attestation_request",
            object_id=asked.pk,
            data={"claim": claim.value, "issuer": known.id},
        )
