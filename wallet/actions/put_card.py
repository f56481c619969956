"""Add a loyalty card, or edit one: both are a set of fields that is merged into it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from wallet.card_fields import checked
from wallet.card_keeping import Said, keep_edit
from wallet.models import Card


def put_card(
    *,
    person_id: int,
    card: UUID,
    fields: Mapping[str, Any],
    said: Said,
    now: datetime,
    actor: Actor,
) -> Card:
    """Merge ``fields`` (``wallet.card_fields.READERS``) into a card and return what it became.

    A card that is not there yet comes into being, if the fields name it. Saying the same again,
    from whatever phone, is harmless. Raises the refusals of ``wallet.card_fields`` and
    ``wallet.card_keeping``.
    """
    fit = checked(fields)
    with transaction():
        return keep_edit(
            person_id=person_id, card=card, fields=fit, said=said, now=now, actor=actor
        )
