"""Confirm or refuse a merchant's claim on a brand of cards, or end it."""

from datetime import datetime

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import savepoint, transaction
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import merchant_scope, operator_scope
from wallet.models import BrandClaim, BrandClaimState

ASKED, CONFIRMED = BrandClaimState.ASKED, BrandClaimState.CONFIRMED


class BrandClaimUnknown(Refusal):
    """There is no such claim, or it was decided in the meantime."""

    code = "brand_claim_unknown"
    status = 404
    sentence = _("This was decided already. The list shows how it stands now.")


class BrandTaken(Refusal):
    """These cards are another merchant's."""

    code = "brand_taken"
    sentence = _("These cards are confirmed for another shop. End that first, if it is wrong.")


def confirm_brand(*, claim_id: int, actor: Actor, now: datetime) -> None:
    """Let cards of this brand become live; raises ``BrandClaimUnknown`` or ``BrandTaken``."""
    try:
        _decide(claim_id, (ASKED,), CONFIRMED, actor=actor, now=now)
    except IntegrityError as error:
        raise BrandTaken from error


def refuse_brand(*, claim_id: int, actor: Actor, now: datetime) -> None:
    """Say that these cards are not the merchant's; raises ``BrandClaimUnknown``."""
    _decide(claim_id, (ASKED,), BrandClaimState.REFUSED, actor=actor, now=now)


def end_brand(
    *, claim_id: int, actor: Actor, now: datetime, merchant_id: int | None = None
) -> None:
    """End a claim, by OK, or by the merchant itself for one of its own.

    From then on its cards are what they were before they were live; memberships and points stay.
    Raises ``BrandClaimUnknown``.
    """
    _decide(
        claim_id,
        (ASKED, CONFIRMED),
        BrandClaimState.ENDED,
        merchant_id=merchant_id,
        actor=actor,
        now=now,
    )


def _decide(
    claim_id: int,
    stands: tuple[BrandClaimState, ...],
    state: BrandClaimState,
    *,
    actor: Actor,
    now: datetime,
    merchant_id: int | None = None,
) -> None:
    """Move a claim, if it stands where it is moved from."""
    whose = merchant_scope(merchant_id) if merchant_id else operator_scope("OK decides on brands")
    with whose, transaction():
        claims = BrandClaim.objects.filter(pk=claim_id, state__in=stands)
        with savepoint():
            moved = claims.update(state=state, decided_at=now)
        if not moved:
            raise BrandClaimUnknown
        claim: BrandClaim = BrandClaim.objects.get(pk=claim_id)
        audit.record(
            actor=actor,
            action=f"brand_{state.value}",
            object_type="brand_claim",
            object_id=claim_id,
            merchant_id=claim.merchant_id,
            data={"brand": claim.brand},
        )
