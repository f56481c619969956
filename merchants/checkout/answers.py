"""The till's answer, rendered from facts; what it says of the member is asked anew each time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import translation

from loyalty.connector import Heard
from loyalty.engine import Spent
from loyalty.spent_points import points_spent
from merchants.checkout.facts import ConfirmationFacts, SaleFacts
from merchants.checkout.receipt_lines import print_lines
from merchants.checkout.sentences import VERDICTS, in_language, near_miss, other_programme, sentence
from merchants.training_marks import is_training, marked_lines, marked_sentence
from okplatform.trade.facts import LineFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberFacts:
    """What this merchant may know of the shopper now: the name by consent, the rest of a member."""

    name: str | None
    points_balance: int | None
    points_name: Mapping[str, str] | None
    tier: Mapping[str, str] | None


def render(facts: SaleFacts, *, member: MemberFacts | None) -> dict[str, Any]:
    """Return the answer (``api.schemas.SaleAnswer``) in the cashier's language."""
    with translation.override(facts.language):
        return {
            "uuid": str(facts.uuid),
            "revision": facts.revision,
            "mode": facts.mode,
            "state": facts.state,
            "verdict": VERDICTS[facts.state],
            "sentence": _sentence(facts),
            "store": facts.store,
            "terminal": facts.terminal,
            "reference": facts.reference,
            "currency": facts.currency,
            "gross": facts.gross,
            "discount": facts.discount,
            "due": facts.due,
            "tip": facts.tip,
            "vat": sum(line.vat for line in facts.lines),
            "points_earned": facts.points_earned,
            "member": _member(member, facts.language),
            "lines": [_line(line, facts.language) for line in facts.lines],
            "tenders": [
                {"kind": tender.kind, "amount": tender.amount, "reference": tender.reference}
                for tender in facts.tenders
            ],
            "near_misses": [
                {"missing": miss["missing"], "sentence": near_miss(miss, facts)}
                for miss in facts.near_misses
            ],
            "coupons": _coupons(facts),
            "points_spent": _spent(points_spent(facts.lines)),
            "points_spendable": _spent(facts.spendable if facts.state == "open" else None),
            "rewards": _rewards(facts),
            "gift_cards": [card._asdict() for card in facts.gift_cards],
            "receipt_lines": _receipt(facts, member),
            "closed_at": facts.closed_at.isoformat() if facts.closed_at else None,
            "confirmation": _confirmation(facts.confirmation),
            "age_check": _age_check(facts),
            "other_programme": _other(facts.heard),
        }


def _is_training(facts: SaleFacts) -> bool:
    return is_training(mode=facts.mode, reference=facts.reference)


def _sentence(facts: SaleFacts) -> str:
    said = sentence(facts)
    return marked_sentence(said) if _is_training(facts) else said


def _age_check(facts: SaleFacts) -> dict[str, Any] | None:
    if not facts.minimum_age:
        return None
    return {
        "minimum_age": facts.minimum_age,
        "state": "looked" if facts.was_looked_at else "look",
    }


def _confirmation(asked: ConfirmationFacts | None) -> dict[str, Any] | None:
    if asked is None:
        return None
    return {
        "state": asked.state,
        "deadline": asked.deadline.isoformat(),
        "refusal": asked.refusal or None,
    }


def _other(heard: Heard | None) -> dict[str, Any] | None:
    if heard is None:
        return None
    return {
        "name": heard.name,
        "state": heard.state,
        "balance": heard.balance,
        "unit": heard.unit,
        "sentence": other_programme(heard),
    }


def _member(member: MemberFacts | None, language: str) -> dict[str, Any] | None:
    if member is None:
        return None
    return {
        "name": member.name,
        "points_balance": member.points_balance,
        "points_name": in_language(member.points_name, language) if member.points_name else None,
        "tier": in_language(member.tier, language) if member.tier else None,
    }


def _coupons(facts: SaleFacts) -> list[dict[str, Any]]:
    """Return what each coupon took off: those that were sent, and those the wallet brought."""
    found: dict[str, dict[str, Any]] = {
        code: {"code": code, "text": None, "amount": 0} for code in facts.coupons
    }
    for line in facts.lines:
        for reason in line.reasons:
            if code := reason.get("coupon"):
                text = in_language(reason["text"], facts.language)
                amount = found.get(code, {"amount": 0})["amount"] + reason["amount"]
                found[code] = {"code": code, "text": text, "amount": amount}
    return list(found.values())


def _spent(spent: Spent | None) -> dict[str, int] | None:
    return spent._asdict() if spent else None


def _rewards(facts: SaleFacts) -> list[dict[str, Any]]:
    if facts.state != "open":
        return []
    return [
        {
            "reward": one.id,
            "text": in_language(one.text._asdict(), facts.language),
            "points": one.cost,
            "amount": one.amount,
        }
        for one in facts.rewards
    ]


def _receipt(facts: SaleFacts, member: MemberFacts | None) -> list[str]:
    names = member.points_name if member and member.points_name else {}
    lines = print_lines(
        facts,
        points_name=in_language(names, facts.language),
        balance=member.points_balance if member else None,
    )
    return marked_lines(lines, number=facts.reference) if _is_training(facts) else lines


def _line(line: LineFacts, language: str) -> dict[str, Any]:
    return {
        "number": line.number,
        "sku": line.sku,
        "name": line.name,
        "quantity": line.quantity,
        "unit": line.unit,
        "unit_price": line.unit_price,
        "gross": line.gross,
        "discount": line.discount,
        "paid": line.paid,
        "vat_rate": line.vat_rate_bp,
        "vat": line.vat,
        "points": line.points,
        "kind": line.kind,
        "minimum_age": line.minimum_age or None,
        "discounts": [
            {
                "text": in_language(reason["text"], language),
                "because": in_language(reason.get("because") or {}, language) or None,
                "amount": reason["amount"],
            }
            for reason in line.reasons
        ],
    }
