"""What tills came to over some time, in plain values that can be added up (pure).

Amounts are integers in minor units, VAT included; what came back stands beside what was sold, and
is never taken off it unseen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

CASH = "cash"


@dataclass(frozen=True, slots=True)
class ByTender:
    """What one kind of tender paid, and what was given back by it."""

    kind: str
    paid: int
    given_back: int


@dataclass(frozen=True, slots=True)
class ByRate:
    """What was sold at one VAT rate (basis points) and came back, each with the VAT in it."""

    rate_bp: int
    sold: int
    vat: int
    returned: int
    returned_vat: int


@dataclass(frozen=True, slots=True)
class ByLoad:
    """What was put on gift cards, by how it was paid: no turnover, and cash in the drawer."""

    paid_by: str
    loaded: int
    taken_back: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Sales and refunds of some tills over some time.

    ``due`` is ``gross`` less ``discount``; ``turnover`` is ``due`` less ``refunded``. Points are
    those of the sales; ``points_amount`` is what spent ones took off, and is in ``discount``.
    Tips and deposits are in ``due``, and what went back of them in ``refunded``; ``empties`` is
    what returned ones took off.
    """

    sales: int = 0
    gross: int = 0
    discount: int = 0
    due: int = 0
    refunds: int = 0
    refunded: int = 0
    points_earned: int = 0
    points_spent: int = 0
    points_amount: int = 0
    tips: int = 0
    tips_given_back: int = 0
    deposits: int = 0
    empties: int = 0
    deposits_given_back: int = 0
    tenders: tuple[ByTender, ...] = ()
    vat: tuple[ByRate, ...] = ()
    loads: tuple[ByLoad, ...] = field(default=())

    @property
    def turnover(self) -> int:
        """Return what was sold, less what came back."""
        return self.due - self.refunded

    @property
    def cash(self) -> int:
        """Return what came into the drawer, less what left it."""
        tendered = sum(one.paid - one.given_back for one in self.tenders if one.kind == CASH)
        loaded = sum(one.loaded - one.taken_back for one in self.loads if one.paid_by == CASH)
        return tendered + loaded

    @property
    def is_empty(self) -> bool:
        """Say whether nothing happened."""
        return not (self.sales or self.refunds or self.loads)


COUNTS = tuple(one.name for one in fields(Totals) if one.type is int or one.type == "int")


def read(facts: Mapping[str, Any]) -> Totals:
    """Return totals of one JSON document, as the query makes it."""
    return Totals(
        **{name: facts[name] for name in COUNTS},
        tenders=tuple(ByTender(**one) for one in facts["tenders"]),
        vat=tuple(ByRate(**one) for one in facts["vat"]),
        loads=tuple(ByLoad(**one) for one in facts["loads"]),
    )


def add_up(parts: Iterable[Totals]) -> Totals:
    """Return the sum of totals: of a store's tills its day, say."""
    every = list(parts)
    return Totals(
        **{name: sum(getattr(one, name) for one in every) for name in COUNTS},
        tenders=_together(ByTender, (row for one in every for row in one.tenders)),
        vat=_together(ByRate, (row for one in every for row in one.vat)),
        loads=_together(ByLoad, (row for one in every for row in one.loads)),
    )


def _together(kind: type[Any], rows: Iterable[Any]) -> tuple[Any, ...]:
    """Add rows up that have the same first field; in its order."""
    key, *amounts = (one.name for one in fields(kind))
    found: dict[Any, list[int]] = {}
    for row in rows:
        sums = found.setdefault(getattr(row, key), [0] * len(amounts))
        for place, name in enumerate(amounts):
            sums[place] += getattr(row, name)
    return tuple(kind(name, *sums) for name, sums in sorted(found.items()))
