"""Put something on a card's balance, or take it off."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import person_scope
from wallet.card_access import seen_by
from wallet.card_fields import CardTextControls, CardTextTooLong
from wallet.card_keeping import CardUnknown, Said, SaidOtherwise, tell
from wallet.card_shelves import booked_by, hold
from wallet.models import Card, CardBalanceChange, CardShare

MOST = 10**12
LONGEST_NOTE = 80
SHARED = "shared"


class BalanceChangeOutOfRange(Refusal):
    """Nothing, or more than any card holds."""

    code = "card_balance_out_of_range"
    status = 422
    sentence = _("Fill in an amount above zero that a card can hold. The balance did not change.")


def change_balance(
    *,
    person_id: int,
    card: UUID,
    delta: int,
    note: str,
    said: Said,
    now: datetime,
    actor: Actor,
) -> Card:
    """Add ``delta`` (minor units of the card's currency, or whole units) and return the card.

    Deltas of two phones add up, in any order; the same one again changes nothing. Raises
    ``CardUnknown``, ``SaidOtherwise``, ``BalanceChangeOutOfRange`` or what is wrong with the note;
    for another's card also ``CardShareOver`` or ``CardNotYours``.
    """
    if not 0 < abs(delta) <= MOST:
        raise BalanceChangeOutOfRange
    if len(note) > LONGEST_NOTE:
        raise CardTextTooLong(longest=LONGEST_NOTE)
    if not note.isprintable():
        raise CardTextControls
    with transaction():
        held = hold(person_id, card, heard_by_all=True)
        share, kept = booked_by(held), held.card
        if kept is None:
            raise CardUnknown
        with person_scope(kept.person_id):
            before = CardBalanceChange.objects.filter(uuid=said.uuid).first()
        if before is not None:
            if (before.card_id, before.delta, before.share_id) != (kept.pk, delta, _key(share)):
                raise SaidOtherwise
            return _as_seen(kept, share)
        kept.balance = (kept.balance or 0) + delta
        kept.save(update_fields=["cursor", "balance"])
        CardBalanceChange.objects.create(
            person_id=kept.person_id,
            card=kept,
            share=share,
            uuid=said.uuid,
            # Which phone of another person it was is not the owner's to know.
            device=said.device if share is None else SHARED,
            changed_at=said.at_most(now),
            recorded_at=now,
            delta=delta,
            note=note,
        )
        tell(kept, action="card_balance_changed", actor=actor, now=now)
    return _as_seen(kept, share)


def _key(share: CardShare | None) -> int | None:
    return share.pk if share else None


def _as_seen(card: Card, share: CardShare | None) -> Card:
    if share is None:
        return card
    share.card = card
    return seen_by(share)
