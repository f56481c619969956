"""A receipt for programs: ``ok-receipt/1``, described in docs/receipts.md.

Within a version names are added, never changed or taken away. Amounts are integers in minor units
of ``currency``, VAT included; rates in basis points; moments by RFC 3339.
"""

import json
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from wallet.paper import CameBack, Paid, Paper, PaperLine, Seller

FORMAT = "ok-receipt/1"


def write_json(paper: Paper) -> bytes:
    """Return the receipt as a file, UTF-8."""
    return json.dumps(as_values(paper), ensure_ascii=False, indent=2).encode() + b"\n"


def as_values(paper: Paper) -> Mapping[str, Any]:
    """Return the receipt as plain JSON values."""
    points = paper.points
    return {
        "format": FORMAT,
        "number": str(paper.number),
        "till_number": paper.till_number,
        "mode": paper.mode,
        "language": paper.language,
        "closed_at": paper.closed_at.isoformat(timespec="seconds"),
        "currency": paper.currency,
        "seller": _seller(paper.seller),
        "lines": [_line(line) for line in paper.lines],
        "discounts": [{"text": one.text, "amount": one.amount} for one in paper.discounts],
        "totals": {"gross": paper.gross, "discount": paper.discount, "due": paper.due},
        "vat": [{"rate_bp": one.rate_bp, "paid": one.paid, "vat": one.amount} for one in paper.vat],
        "tenders": [_tender(one) for one in paper.paid],
        "returns": [_came_back(one) for one in paper.came_back],
        "points": points
        and {
            "name": points.name,
            "earned": points.earned,
            "taken_back": points.taken_back,
            "balance": points.balance,
        },
        "warranties": [
            {"line": one.line, "ends_on": one.ends_on.isoformat(), "note": one.note}
            for one in paper.warranties
        ],
    }


def _seller(seller: Seller) -> Mapping[str, Any]:
    address = {
        "street": seller.street,
        "postal_code": seller.postal_code,
        "city": seller.address_city,
        "country": seller.country,
    }
    return {
        "name": seller.name,
        "vat_number": seller.vat_number,
        "kvk": seller.kvk,
        "address": address if seller.street else None,
        "store": {"name": seller.store, "city": seller.city, "channel": seller.channel},
    }


def _line(line: PaperLine) -> Mapping[str, Any]:
    return {
        "number": line.number,
        "sku": line.sku,
        "name": line.name,
        "quantity": line.quantity,
        "unit": line.unit,
        "unit_price": line.unit_price,
        "gross": line.gross,
        "discount": line.discount,
        "discounts": [{"text": one.text, "amount": one.amount} for one in line.discounts],
        "paid": line.paid,
        "vat_rate_bp": line.vat_rate_bp,
        "vat": line.vat,
    }


def _tender(paid: Paid) -> Mapping[str, Any]:
    account = paid.funding and {"label": paid.funding.label, "tail": paid.funding.tail}
    return {"kind": paid.kind, "amount": paid.amount, "account": account}


def _came_back(visit: CameBack) -> Mapping[str, Any]:
    return {
        "at": visit.at.astimezone(ZoneInfo(visit.timezone)).isoformat(timespec="seconds"),
        "store": visit.store,
        "amount": visit.amount,
        "lines": [
            {
                "number": line.number,
                "name": line.name,
                "quantity": line.quantity,
                "amount": line.amount,
                "vat": line.vat,
                "lowered": line.is_lowered,
            }
            for line in visit.lines
        ],
    }
