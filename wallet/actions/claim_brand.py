"""Say that the cards of a brand are a merchant's own; in force once OK confirms it."""

from datetime import datetime

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import savepoint, transaction
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.models import Merchant
from wallet.models import BrandClaim, BrandClaimState
from wallet.models.live_card import LONGEST_BRAND
from wallet.programmes import brand_name, brand_of

MOST_OPEN = 20


class BrandUnnamed(Refusal):
    """No name, or one that cannot stand on a card."""

    code = "brand_unnamed"
    status = 422
    sentence = _("Write the name as it stands on the card, in at most {longest} characters.")


class BrandClaimed(Refusal):
    """The merchant asked already, or OK has confirmed it."""

    code = "brand_claimed"
    sentence = _("You have said so already: it is in the list.")


class BrandClaimsFull(Refusal):
    """Nobody has that many brands of cards."""

    code = "brand_claims_full"
    sentence = _("There are {most} names in your list, and more do not fit. End one first.")


def claim_brand(*, merchant_id: int, name: str, actor: Actor, now: datetime) -> BrandClaim:
    """Ask OK to confirm that cards of this name are the merchant's.

    Raises ``BrandUnnamed``, ``BrandClaimed`` or ``BrandClaimsFull``.
    """
    brand = brand_of(name)
    if not brand or len(brand) > LONGEST_BRAND or not brand.isprintable():
        raise BrandUnnamed(longest=LONGEST_BRAND)
    with merchant_scope(merchant_id), transaction():
        # One after another, so that two of them cannot both take the last place.
        Merchant.objects.select_for_update(no_key=True).get(pk=merchant_id)
        held = (BrandClaimState.ASKED, BrandClaimState.CONFIRMED)
        if BrandClaim.objects.filter(state__in=held).count() >= MOST_OPEN:
            raise BrandClaimsFull(most=MOST_OPEN)
        try:
            with savepoint():
                claim: BrandClaim = BrandClaim.objects.create(
                    merchant_id=merchant_id,
                    brand=brand,
                    name=brand_name(brand, name),
                    asked_at=now,
                )
        except IntegrityError as error:
            raise BrandClaimed from error
        audit.record(
            actor=actor,
            action="brand_claimed",
            object_type="brand_claim",
            object_id=claim.pk,
            merchant_id=merchant_id,
            data={"brand": brand},
        )
    return claim
