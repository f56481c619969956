"""How a scheme looks to a customer: on the phone, and on the receipt of a normal basket."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from loyalty.builder.replay import Scene
from loyalty.builder.scheme import SchemeContent
from loyalty.engine import Basket, BasketLine, MemberSnapshot, Quote, evaluate
from loyalty.queries.schemes import Goal, goal_by
from loyalty.queries.stamps import StampCardNow
from loyalty.scheme_rules import setting_of
from okplatform.kernel.money import BASIS_POINTS
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
    card: StampCardNow | None


def preview(content: SchemeContent, merchant: Merchant, *, now: datetime) -> Preview:
    """Return what a normal basket of a new member gives now, by the engine that prices sales.

    Where there is a stamp card, one piece of what it counts is in the basket.
    """
    scene = setting_of(merchant.pk, content).scene
    basket = Basket(_lines(content), ZoneInfo(merchant.timezone))
    quote = evaluate(scene.program, MemberSnapshot(1, 0, 0, now), basket, now)
    language, currency = formats.language(), merchant.currency
    goal = goal_by(points=quote.points, worth=content.worth)
    lines = [_row(_("Your basket"), formats.money(quote.gross, currency))]
    off: dict[str, int] = {}
    for discount in (one for line in quote.lines for one in line.discounts):
        text = discount.text._asdict()[language]
        off[text] = off.get(text, 0) + discount.amount
    lines += [_row(text, formats.money(-amount, currency)) for text, amount in off.items()]
    lines.append(_row(_("To pay"), formats.money(quote.due, currency)))
    lines.append("")
    card = _card(scene, quote)
    if card is not None:
        stamps = f"{formats.number(card.count)}/{formats.number(card.size)}"
        lines.append(_row(card.name, stamps))
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
        offers=[offer.name._asdict()[language] for offer in content.offers if not offer.goods],
        receipt="\n".join(lines),
        card=card,
    )


def _lines(content: SchemeContent) -> tuple[BasketLine, ...]:
    goods, whole = content.card.goods if content.card else None, content.answers.basket
    if goods is None:
        return (BasketLine(1, "", "", 1, whole),)
    piece = BasketLine(1, "", goods.reference, 1, min(goods.cheapest, whole))
    rest = BasketLine(2, "", "", 1, whole - piece.gross)
    return (piece, rest) if rest.gross else (piece,)


def _card(scene: Scene, quote: Quote) -> StampCardNow | None:
    """Return the scheme's stamp card as it lies on the phone after that basket."""
    offer = scene.content.card
    if offer is None or offer.goods is None or offer.size is None:
        return None
    stamps = {each.offer_id: each.stamps for each in quote.stamped}
    return StampCardNow(
        name=offer.name._asdict()[formats.language()],
        size=offer.size,
        percentage_bp=BASIS_POINTS,
        per_visit=False,
        count=sum(
            stamps.get(number, 0) for number, slot in scene.slots.items() if slot == offer.slot
        ),
        last_day=None,
        waiting=0,
        waits_until=None,
    )


def _row(words: str, amount: str) -> str:
    """Return a line of the printer: words at the left, the amount at the right."""
    room = WIDTH - len(amount) - 1
    return f"{words[:room]:<{room}} {amount}"
