"""Cards as tests put them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from okplatform.kernel.audit import SYSTEM
from okplatform.parties.models import Person
from wallet.actions.put_card import put_card
from wallet.card_keeping import Said
from wallet.models import Card

BONUS = {"symbology": "ean_13", "payload": "2620012345678"}


def said(at: datetime, device: str = "phone", uuid: UUID | None = None) -> Said:
    """Say something new on a phone."""
    return Said(uuid=uuid or uuid4(), device=device, at=at)


def put(person: Person, at: datetime, card: UUID | None = None, **fields: Any) -> Card:
    """Add or edit a card."""
    return put_said(person, said(at), at, card or uuid4(), fields)


def put_said(
    person: Person, edit: Said, now: datetime, card: UUID, fields: Mapping[str, Any]
) -> Card:
    """Send one edit."""
    return put_card(person_id=person.pk, card=card, fields=fields, said=edit, now=now, actor=SYSTEM)
