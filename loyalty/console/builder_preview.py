"""How a scheme looks to a customer: on the phone, and on the receipt of a normal basket."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from loyalty.builder.scheme import SchemeContent
from loyalty.engine import Basket, BasketLine, MemberSnapshot, evaluate
from loyalty.queries.schemes import Goal, goal_by
from loyalty.scheme_rules import setting_of
from okplatform.parties.models import Merchant
from okplatform.web import formats

WIDTH = 32


@dataclass(frozen=True, slots=True)
class Preview:
    """A member's card after one normal basket, and the receipt's lines."""

    points: int
    goal: Goal
    offers: list[str]
    receipt: str


def preview(content: SchemeContent, merchant: Merchant, *, now: datetime) -> Preview:
    """Return what a normal basket of a new member gives now, by the engine that prices sales."""
    scene = setting_of(merchant.pk, content).scene
    basket = Basket(
        (BasketLine(1, "", "", 1, content.answers.basket),), ZoneInfo(merchant.timezone)
    )
    quote = evaluate(scene.program, MemberSnapshot(1, 0, 0, now), basket, now)
    language, currency = formats.language(), merchant.currency
    goal = goal_by(points=quote.points, worth=content.worth)
    lines = [_row(_("Your basket"), formats.money(quote.gross, currency))]
    for line in quote.lines:
        lines += [
            _row(discount.text._asdict()[language], formats.money(-discount.amount, currency))
            for discount in line.discounts
        ]
    lines.append(_row(_("To pay"), formats.money(quote.due, currency)))
    lines.append("")
    lines.append(_row(_("Points earned"), f"+ {formats.number(quote.points)}"))
    left = _("{missing} more points: {amount}")
    lines.append(
        left.format(
            missing=formats.number(goal.missing), amount=formats.money(goal.worth, currency)
        )
    )
    return Preview(
        points=quote.points,
        goal=goal,
        offers=[offer.name._asdict()[language] for offer in content.offers],
        receipt="\n".join(lines),
    )


def _row(words: str, amount: str) -> str:
    """Return a line of the printer: words at the left, the amount at the right."""
    room = WIDTH - len(amount) - 1
    return f"{words[:room]:<{room}} {amount}"
