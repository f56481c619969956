"""The answer about a refund, rendered from facts."""

from collections.abc import Sequence
from typing import Any

from django.utils import translation

from merchants.returns.facts import RefundFacts
from merchants.returns.receipt_lines import print_lines
from merchants.returns.sentences import sentence
from merchants.training_marks import marked_lines, marked_sentence
from okplatform.trade.models import Sale


def render(facts: RefundFacts) -> dict[str, Any]:
    """Return the answer (``api.schemas.RefundAnswer``) in the cashier's language."""
    with translation.override(facts.language):
        said, printed = sentence(facts), print_lines(facts)
        if facts.is_training:
            said, printed = marked_sentence(said), marked_lines(printed)
        return {
            "uuid": str(facts.uuid),
            "sale": str(facts.sale),
            "verdict": "happened",
            "sentence": said,
            "store": facts.store,
            "terminal": facts.terminal,
            "operator": facts.operator,
            "reason": facts.reason,
            "currency": facts.currency,
            "amount": facts.amount,
            "vat": facts.vat,
            "points": facts.points,
            "points_owed": facts.points_owed,
            "points_given_back": facts.points_given_back,
            "lines": [
                {
                    "number": line.number,
                    "sku": line.sku,
                    "name": line.name,
                    "quantity": line.quantity,
                    "unit": line.unit,
                    "amount": line.amount,
                    "vat_rate": line.vat_rate_bp,
                    "vat": line.vat,
                }
                for line in facts.lines
            ],
            "tenders": [
                {"kind": tender.kind, "amount": tender.amount, "reference": tender.reference}
                for tender in facts.tenders
            ],
            "receipt_lines": printed,
            "refunded_at": facts.refunded_at.isoformat(),
        }


def render_all(sale: Sale, refunds: Sequence[RefundFacts]) -> dict[str, Any]:
    """Return what came back of a sale (``api.schemas.RefundsAnswer``)."""
    return {
        "sale": str(sale.uuid),
        "currency": sale.currency,
        "paid": sale.due,
        "refunded": sum(refund.amount for refund in refunds),
        "refunds": [render(refund) for refund in refunds],
    }
