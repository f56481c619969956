"""A shift and its totals as the API answers them."""

from dataclasses import asdict
from typing import Any

from django.utils import translation

from merchants.models import Shift
from merchants.shifts.receipt_lines import print_lines
from merchants.shifts.sentences import sentence
from merchants.shifts.totals import Totals


def render(shift: Shift, totals: Totals, *, unsettled: int, language: str) -> dict[str, Any]:
    """Return a shift with what it came to, in the cashier's language."""
    cash = cash_of(shift, totals)
    with translation.override(language):
        return {
            **head(shift),
            "sentence": sentence(
                shift, difference=cash["difference"], unsettled=unsettled, language=language
            ),
            "unsettled": unsettled,
            "cash": cash,
            "totals": render_totals(totals),
            "receipt_lines": print_lines(shift, totals, cash, language),
        }


def head(shift: Shift) -> dict[str, Any]:
    """Return a shift as it stands in a list."""
    return {
        "uuid": str(shift.uuid),
        "state": "open" if shift.closed_at is None else "closed",
        "mode": shift.mode,
        "store": shift.store.reference,
        "terminal": shift.terminal.reference,
        "operator": shift.operator,
        "closed_by": shift.closed_by,
        "currency": shift.currency,
        "opened_at": shift.opened_at.isoformat(),
        "closed_at": shift.closed_at.isoformat() if shift.closed_at else None,
    }


def cash_of(shift: Shift, totals: Totals) -> dict[str, int | None]:
    """Return what should lie in the drawer, and what was counted."""
    expected = (shift.cash_at_opening or 0) + totals.cash
    counted = shift.cash_counted
    return {
        "at_opening": shift.cash_at_opening,
        "taken": totals.cash,
        "expected": expected,
        "counted": counted,
        "difference": None if counted is None else counted - expected,
    }


def render_totals(totals: Totals) -> dict[str, Any]:
    """Return totals as they are answered."""
    return {
        "sales": totals.sales,
        "gross": totals.gross,
        "discount": totals.discount,
        "due": totals.due,
        "refunds": totals.refunds,
        "refunded": totals.refunded,
        "turnover": totals.turnover,
        "tenders": [asdict(one) for one in totals.tenders],
        "vat": [
            {
                "vat_rate": one.rate_bp,
                "sold": one.sold,
                "vat": one.vat,
                "returned": one.returned,
                "returned_vat": one.returned_vat,
            }
            for one in totals.vat
        ],
        "gift_card_loads": [asdict(one) for one in totals.loads],
        "tips": {"received": totals.tips, "given_back": totals.tips_given_back},
        "deposits": {
            "charged": totals.deposits,
            "empties": totals.empties,
            "given_back": totals.deposits_given_back,
        },
        "points_earned": totals.points_earned,
        "points_spent": {"points": totals.points_spent, "amount": totals.points_amount},
    }
