"""Couple a card to a membership, so that it shows live points; and let it go again."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import person_scope
from wallet import hooks
from wallet.card_keeping import CardUnknown, tell
from wallet.card_shelves import hold
from wallet.live_cards import claim_on, coupled
from wallet.models import Card, LiveCard


class CardHasNoShop(Refusal):
    """Nobody on OK has these cards, or not any more."""

    code = "card_has_no_shop"
    sentence = _(
        "This shop's programme cannot be coupled now. Your card stays as it is, and works as "
        "before."
    )


def couple_card(
    *, person_id: int, card: UUID, terms_version: int, actor: Actor, now: datetime
) -> None:
    """Join the programme that a card belongs to, on the terms that were shown, and couple the card.

    The terms are a contract with the merchant and no consent: it learns nothing of the person by
    it. Who is a member already stays so; a card that is live already stays so. Raises
    ``CardUnknown``, ``CardHasNoShop``, or what the programme refuses: then nothing is changed.
    """
    with transaction():
        kept = _own(person_id, card)
        if kept.removed:
            raise CardUnknown
        if coupled(person_id, [kept]):
            return
        claim = claim_on(kept)
        if claim is None:
            raise CardHasNoShop
        hooks.join_membership(
            person_id=person_id,
            merchant_id=claim.merchant_id,
            terms_version=terms_version,
            actor=actor,
            now=now,
        )
        with person_scope(person_id):
            LiveCard.objects.update_or_create(
                card=kept,
                defaults={"person_id": person_id, "claim": claim, "coupled_at": now},
            )
        kept.save(update_fields=["cursor"])
        tell(kept, action="card_coupled", actor=actor, now=now, merchant=claim.merchant_id)


def uncouple_card(*, person_id: int, card: UUID, actor: Actor, now: datetime) -> None:
    """Make a card what it was before; the membership and its points stay.

    A card that is not coupled stays as it is. Raises ``CardUnknown``.
    """
    with transaction():
        kept = _own(person_id, card)
        with person_scope(person_id):
            gone, _by_table = LiveCard.objects.filter(card=kept).delete()
        if gone:
            kept.save(update_fields=["cursor"])
            tell(kept, action="card_uncoupled", actor=actor, now=now)


def _own(person_id: int, card: UUID) -> Card:
    """Lock a card of the person's own; who shares it with them couples it for nobody else."""
    held = hold(person_id, card, heard_by_all=False)
    if held.share is not None or held.card is None:
        raise CardUnknown
    return held.card
