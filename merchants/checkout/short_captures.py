"""A sale of which less was captured than the shopper had confirmed (pure).

What was not captured comes off the lines, so that the sale, its VAT and its receipt say what was
really paid.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from okplatform.kernel.money import split, vat_included
from okplatform.trade.facts import LineFacts

KIND = "not_captured"
# Texts of a receipt, in every language at once, as an offer's name is.
TEXT: Mapping[str, str] = {"nl": "Niet geleverd", "en": "Not delivered"}


def captured_lines(
    lines: Sequence[LineFacts], *, captured: int, points: int
) -> Sequence[LineFacts]:
    """Return the lines at which ``captured`` is what was paid, and ``points`` what they earned.

    What is short is divided by what each line was to pay, to the cent.
    """
    due = sum(line.paid for line in lines)
    short = split(due - captured, [line.paid for line in lines])
    earned = split(points, [line.paid for line in lines])
    return [_short(*one) for one in zip(lines, short, earned, strict=True)]


def _short(line: LineFacts, missing: int, points: int) -> LineFacts:
    if not missing:
        return replace(line, points=points)
    paid = line.paid - missing
    reason = {"kind": KIND, "id": 0, "text": dict(TEXT), "amount": missing}
    return replace(
        line,
        discount=line.discount + missing,
        paid=paid,
        vat=vat_included(paid, line.vat_rate_bp),
        points=points,
        reasons=[*line.reasons, reason],
    )
