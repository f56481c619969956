"""How many stars a run has earned, from what was really sold and given back."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from merchants.models.training import MOST_STARS
from merchants.training.scenarios import A_MINUTE, Asked

LONGEST = 15 * A_MINUTE
"""Seconds after which a run is no longer one."""


class Fault(StrEnum):
    """What went wrong, the worst first."""

    TOO_LATE = "too_late"
    PAID_TWICE = "paid_twice"
    NOTHING_PAID = "nothing_paid"
    NOT_GIVEN_BACK = "not_given_back"
    SOLD_INSTEAD = "sold_instead"
    WRONG_AMOUNT = "wrong_amount"
    FEW_LINES = "few_lines"
    WRONG_TENDER = "wrong_tender"
    NO_CODE = "no_code"
    NO_POINTS = "no_points"
    LEFT_OPEN = "left_open"
    SLOW = "slow"


STARS: Mapping[Fault, int] = {
    **dict.fromkeys(
        (Fault.TOO_LATE, Fault.PAID_TWICE, Fault.NOTHING_PAID, Fault.NOT_GIVEN_BACK), 0
    ),
    **dict.fromkeys(
        (
            Fault.SOLD_INSTEAD,
            Fault.WRONG_AMOUNT,
            Fault.FEW_LINES,
            Fault.WRONG_TENDER,
            Fault.NO_CODE,
            Fault.NO_POINTS,
        ),
        1,
    ),
    **dict.fromkeys((Fault.LEFT_OPEN, Fault.SLOW), 2),
}

SENTENCES: Mapping[str, str | Promise] = {
    "": _("All of it was right."),
    Fault.TOO_LATE: _("It took longer than a quarter of an hour. Begin again."),
    Fault.PAID_TWICE: _(
        "The money was taken twice. Wait for the verdict before you begin a new sale."
    ),
    Fault.NOTHING_PAID: _("Nothing was paid. Go on until the till says that it is paid."),
    Fault.NOT_GIVEN_BACK: _("Nothing was given back. Scan the code on the receipt first."),
    Fault.SOLD_INSTEAD: _("Something was sold, and the customer only brought something back."),
    Fault.WRONG_AMOUNT: _("The article had another price than the one that was asked for."),
    Fault.FEW_LINES: _("There were fewer articles than were asked for."),
    Fault.WRONG_TENDER: _("It was paid in another way than was asked for."),
    Fault.NO_CODE: _("The customer's code was not scanned before paying."),
    Fault.NO_POINTS: _("The customer got no points. Sell something of at least five euros."),
    Fault.LEFT_OPEN: _("It was right, but a sale was left open. Stop what is not paid."),
    Fault.SLOW: _("It was right, and took longer than a minute."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """A sale of the run."""

    is_paid: bool
    is_open: bool
    gross: int
    lines: int
    tenders: frozenset[str]
    has_code: bool
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """All that happened at the till since the run began; ``given_back`` counts its returns.

    ``gives_points`` says whether the shop has a programme that does.
    """

    sold: Sequence[Sold]
    given_back: int
    gives_points: bool
    seconds: float


def judge(asked: Asked, happened: Happened) -> tuple[int, str]:
    """Return the stars, and what went worst; nothing where nothing did."""
    fault = next(_faults(asked, happened), None)
    return (MOST_STARS, "") if fault is None else (STARS[fault], fault.value)


def _faults(asked: Asked, happened: Happened) -> Iterator[Fault]:
    paid = [sale for sale in happened.sold if sale.is_paid]
    if happened.seconds > LONGEST:
        yield Fault.TOO_LATE
    if asked.is_return:
        yield from _of_return(happened, paid)
    elif not paid:
        yield Fault.NOTHING_PAID
    elif len(paid) > 1:
        yield Fault.PAID_TWICE
    else:
        yield from _of_sale(asked, paid[0], happened)
    if any(sale.is_open for sale in happened.sold):
        yield Fault.LEFT_OPEN
    if happened.seconds > A_MINUTE:
        yield Fault.SLOW


def _of_return(happened: Happened, paid: Sequence[Sold]) -> Iterator[Fault]:
    if not happened.given_back:
        yield Fault.NOT_GIVEN_BACK
    if paid:
        yield Fault.SOLD_INSTEAD


def _of_sale(asked: Asked, sale: Sold, happened: Happened) -> Iterator[Fault]:
    if asked.gross not in {None, sale.gross}:
        yield Fault.WRONG_AMOUNT
    if sale.lines < asked.lines:
        yield Fault.FEW_LINES
    if not sale.tenders <= asked.tenders:
        yield Fault.WRONG_TENDER
    if asked.needs_code and not sale.has_code:
        yield Fault.NO_CODE
    if asked.needs_points and happened.gives_points and not sale.points:
        yield Fault.NO_POINTS
