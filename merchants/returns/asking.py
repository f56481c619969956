"""What somebody wants to give back of a sale, in plain values (pure)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import orjson


@dataclass(frozen=True, slots=True)
class LineAsked:
    """Line ``number`` of the sale, and how much of it.

    ``amount`` None is what was paid for that quantity; with a quantity of 0 the goods stay and
    their price is lowered by it.
    """

    number: int
    quantity: int
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class TenderAsked:
    """By what a part should go back; ``amount`` None is the rest."""

    kind: str
    amount: int | None = None
    reference: str = ""


@dataclass(frozen=True, kw_only=True)
class RefundAsked:
    """A refund as it is asked for: by ``lines``, or by an ``amount`` without goods.

    ``uuid`` is the caller's, made and kept before asking. Without ``tenders`` the money goes back
    as it came, OK's part first.
    """

    uuid: UUID
    operator: str = ""
    reason: str = ""
    language: str
    lines: Sequence[LineAsked] = ()
    amount: int | None = None
    tenders: Sequence[TenderAsked] = ()

    def fingerprint(self, *, sale: UUID, store_id: int) -> bytes:
        """Return SHA-256 over what is asked: a repeated request has the same one."""
        said = (sale, store_id, self.operator, self.reason, self.lines, self.amount, self.tenders)
        return hashlib.sha256(orjson.dumps(said)).digest()
