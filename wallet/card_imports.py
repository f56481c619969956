"""Reads of files of cards that wait for a decision, or had one."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from okplatform.kernel.tenancy import person_scope
from wallet.models import Card, CardImport

SHORT_CODE = 6
"""A shorter code may be that of two shops: then the name counts too."""


def import_of(person_id: int, card_import: UUID) -> CardImport | None:
    """Return an import of a person."""
    with person_scope(person_id):
        found: CardImport | None = CardImport.objects.filter(uuid=card_import).first()
    return found


def waiting_import_of(person_id: int) -> CardImport | None:
    """Return the file that waits for this person's decision."""
    with person_scope(person_id):
        found: CardImport | None = CardImport.objects.filter(decided_at=None).first()
    return found


def twins_of(person_id: int, rows: Sequence[Mapping[str, Any]]) -> set[int]:
    """Return the places of the rows that are a card the person has already: by UUID or code.

    Two cards of one file are never twins of each other: whoever had both, has both again.
    """
    with person_scope(person_id):
        cards = list(
            Card.objects.filter(removed=False).values_list("uuid", "name", "payload", "number")
        )
    names = {str(uuid) for uuid, *_rest in cards}
    marks = {_mark(name, payload or number) for _uuid, name, payload, number in cards}
    return {
        nth
        for nth, row in enumerate(rows)
        if row["plan"]["uuid"] in names or _mark(row["name"], row["code"]) in marks
    }


def _mark(name: str, code: str) -> tuple[str, str]:
    return ("" if len(code) >= SHORT_CODE else name.casefold(), code)
