"""Remove a loyalty card; it can be taken back."""

from datetime import datetime
from uuid import UUID

from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from wallet.card_keeping import Said, keep_edit
from wallet.models import Card


def remove_card(*, person_id: int, card: UUID, said: Said, now: datetime, actor: Actor) -> Card:
    """Remove a card, which stays as a tombstone: an edit that comes later does not bring it back.

    Only its owner does, by ``put_card`` with ``removed`` false. Raises ``CardUnknown``.
    """
    with transaction():
        return keep_edit(
            person_id=person_id,
            card=card,
            fields={"removed": True},
            said=said,
            now=now,
            actor=actor,
        )
