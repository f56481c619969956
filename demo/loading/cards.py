"""Loyalty cards of the demo's shoppers, one of them in the family."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from demo.world import CARDS, CardFacts
from okplatform.kernel.audit import Actor
from okplatform.parties.models import Person
from wallet.actions.accept_invitation import accept_invitation
from wallet.actions.change_balance import change_balance
from wallet.actions.invite_to_card import invite_to_card
from wallet.actions.mark_used import mark_used
from wallet.actions.open_invitation import open_invitation
from wallet.actions.put_card import put_card
from wallet.card_invitations import token_of
from wallet.card_keeping import Said
from wallet.cards import card_of
from wallet.models import ShareLevel
from wallet.programmes import PROGRAMMES

_NAMES = UUID("3c3f2f0e-6f0b-5d0d-9c3b-8a9d1f7f5b11")
PHONE = "demo"


def load_cards(people: Mapping[str, int], since: datetime, now: datetime) -> int:
    """Add the cards that were never there, kept since then; return how many."""
    added = 0
    for facts in CARDS:
        person_id = people[facts.email]
        card = uuid5(_NAMES, f"{facts.email}/{facts.name}")
        if card_of(person_id, card) is None:
            _add(facts, person_id, card, since, now)
            if facts.shared_with:
                _share(facts, person_id, card, people[facts.shared_with], since)
            added += 1
    return added


def _add(facts: CardFacts, person_id: int, card: UUID, since: datetime, now: datetime) -> None:
    programme = PROGRAMMES.get(facts.programme)
    symbology, payload = facts.code
    fields: dict[str, Any] = {
        "name": facts.name,
        "issuer": programme.issuer if programme else "",
        "programme": facts.programme,
        "colour": facts.colour or (programme.colour if programme else "#00539f"),
        "barcode": {"symbology": symbology, "payload": payload, "encoding": "iso-8859-1"},
        "note": facts.note,
        "starred": facts.starred,
    }
    if facts.groups:
        fields["groups"] = dict.fromkeys(facts.groups, True)
    if facts.days_left is not None:
        fields["expires_on"] = (now + timedelta(days=facts.days_left)).date().isoformat()
    put_card(
        person_id=person_id,
        card=card,
        fields=fields,
        said=_said(card, "made", since),
        now=since,
        actor=_acting(person_id),
    )
    for nth, (delta, what_for) in enumerate(facts.booked):
        _book(person_id, card, delta, what_for, _said(card, f"booked {nth}", since))
    if facts.uses:
        mark_used(
            person_id=person_id, card=card, device=PHONE, count=facts.uses, at=since, now=since
        )


def _share(facts: CardFacts, person_id: int, card: UUID, other: int, since: datetime) -> None:
    invitation = invite_to_card(
        person_id=person_id,
        card=card,
        uuid=uuid5(card, "invitation"),
        level=ShareLevel.USE,
        with_note=False,
        known=None,
        now=since,
        actor=_acting(person_id),
    )
    token, actor = token_of(invitation), _acting(other)
    open_invitation(person_id=other, token=token, now=since, actor=actor)
    name = Person.objects.values_list("name", flat=True).get(pk=other)
    share = accept_invitation(
        person_id=other, invitation=invitation.uuid, name=name, now=since, actor=actor
    )
    if facts.others_booked:
        delta, what_for = facts.others_booked
        _book(other, share.uuid, delta, what_for, _said(card, "booked by family", since))


def _book(person_id: int, card: UUID, delta: int, what_for: str, said: Said) -> None:
    change_balance(
        person_id=person_id,
        card=card,
        delta=delta,
        note=what_for,
        said=said,
        now=said.at,
        actor=_acting(person_id),
    )


def _said(card: UUID, what: str, at: datetime) -> Said:
    return Said(uuid=uuid5(card, what), device=PHONE, at=at)


def _acting(person_id: int) -> Actor:
    return Actor(kind="person", id=str(person_id))
