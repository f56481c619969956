"""Put something on a card's balance, or take it off."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import person_scope
from wallet.card_fields import CardTextControls, CardTextTooLong
from wallet.card_keeping import Said, SaidOtherwise, locked_card, step_on, tell
from wallet.models import Card, CardBalanceChange

MOST = 10**12
LONGEST_NOTE = 80


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
    ``CardUnknown``, ``SaidOtherwise``, ``BalanceChangeOutOfRange`` or what is wrong with the note.
    """
    if not 0 < abs(delta) <= MOST:
        raise BalanceChangeOutOfRange
    if len(note) > LONGEST_NOTE:
        raise CardTextTooLong(longest=LONGEST_NOTE)
    if not note.isprintable():
        raise CardTextControls
    with transaction():
        cursor = step_on(person_id)
        kept = locked_card(person_id, card)
        with person_scope(person_id):
            before = CardBalanceChange.objects.filter(uuid=said.uuid).first()
        if before is not None:
            if (before.card_id, before.delta) != (kept.pk, delta):
                raise SaidOtherwise
            return kept
        kept.cursor = cursor
        kept.balance = (kept.balance or 0) + delta
        kept.save(update_fields=["cursor", "balance"])
        CardBalanceChange.objects.create(
            person_id=person_id,
            card=kept,
            uuid=said.uuid,
            device=said.device,
            changed_at=said.at_most(now),
            recorded_at=now,
            delta=delta,
            note=note,
        )
        tell(kept, action="card_balance_changed", actor=actor, now=now)
    return kept
