"""Answer a shop's question by yes, no, or: check the ID."""

from datetime import datetime
from typing import Literal

from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction
from wallet.actions.record_disclosure import Look, record_disclosure
from wallet.gateways.issuers import issuers
from wallet.models import PROOF, Claim, Fact, Why

Answer = Literal["yes", "no", "check_the_id"]

# The shop that used an offer may ask again while it lasts, so that a till may repeat its call. What
# was not offered, or not attested, is answered alike: a shop cannot tell which of the two it is.
USE = """
UPDATE wallet_proof_offer offer
SET merchant_id = %(merchant_id)s, used_at = coalesce(offer.used_at, %(now)s)
FROM wallet_attestation attested
WHERE offer.id = (
    SELECT id FROM wallet_proof_offer
    WHERE person_id = %(person_id)s AND claim = %(claim)s AND until > %(now)s
      AND (merchant_id IS NULL OR merchant_id = %(merchant_id)s)
    ORDER BY id DESC LIMIT 1 FOR UPDATE)
  AND attested.person_id = offer.person_id AND attested.claim = offer.claim
  AND attested.expires_at > %(now)s AND attested.issuer = ANY(%(trusted)s)
RETURNING attested.holds
"""


def answer_proof(
    *,
    person_id: int,
    merchant_id: int,
    claim: Claim,
    asked_by: str,
    now: datetime,
    actor: Actor,
) -> Answer:
    """Answer what the person offered to prove; ``asked_by`` is what they read in "who looked".

    Only a verified attestation that has not ended, of an issuer that OK still trusts, says yes or
    no.
    """
    asked = {
        "person_id": person_id,
        "merchant_id": merchant_id,
        "claim": claim.value,
        "now": now,
        "trusted": [issuer.id for issuer in issuers()],
    }
    with transaction():
        used = call(USE, asked)
        if not used:
            return "check_the_id"
        look = Look(
            person_id=person_id,
            merchant_id=merchant_id,
            actor=actor,
            actor_name=asked_by,
            purpose=PROOF,
            what=Fact.PROOF.value,
            at=now,
            why=Why.PROOF.value,
            about=claim.value,
        )
        record_disclosure([look])
    return "yes" if used[0][0] else "no"
