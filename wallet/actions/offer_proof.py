"""Let the next shop that scans ask one thing, for two minutes."""

from datetime import datetime, timedelta

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from wallet.models import Claim, ProofOffer

OFFERED_FOR = timedelta(minutes=2)


def offer_proof(*, person_id: int, claim: Claim, now: datetime, actor: Actor) -> datetime:
    """Offer a proof; return until when. Nobody can ask for what was not offered."""
    until = now + OFFERED_FOR
    with transaction():
        offer = ProofOffer.objects.create(
            person_id=person_id, claim=claim, offered_at=now, until=until
        )
        audit.record(
            actor=actor,
            action="proof_offered",
            object_type="proof_offer",
            object_id=offer.pk,
            data={"claim": claim.value},
        )
    return until
