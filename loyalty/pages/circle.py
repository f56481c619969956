"""What a programme's page says of the shops that share its points, and joining them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.http import HttpRequest

from loyalty.lot_words import promised
from loyalty.models import ShopState
from loyalty.queries.cards import Card, cards_at
from loyalty.queries.circles import CircleNow, ShopNow, circles_of
from okplatform.parties.models import Person
from okplatform.web import formats

MOST_ACCEPTED = 64


@dataclass(frozen=True, slots=True)
class Shared:
    """A circle as one person reads it: its other shops, and this person's members there."""

    circle: CircleNow
    others: Sequence[tuple[ShopNow, Card]]
    members: Sequence[int] = field(default=())

    @property
    def to_join(self) -> Sequence[tuple[Card, Sequence[str]]]:
        """Return the programmes that one tap joins, each with what it says of days."""
        return [
            (card, promised(card.pending_days, card.expiry, card.expiry_length))
            for shop, card in self.others
            if card.member_id is None and shop.state == ShopState.IN
        ]


def shared_with(found: Card, person: Person) -> Shared | None:
    """Return who shares points with this programme; None where nobody does."""
    circle = circles_of([found.merchant_id]).get(found.merchant_id)
    others = circle.others(found.merchant_id) if circle else []
    if circle is None or not others:
        return None
    cards = {
        card.merchant_id: card
        for card in cards_at(
            person_id=person.pk,
            mode=person.mode,
            merchant_ids=[one.merchant_id for one in others],
            language=formats.language(),
        )
    }
    there = [(shop, cards[shop.merchant_id]) for shop in others if shop.merchant_id in cards]
    joined = [card.member_id for _shop, card in there if card.member_id is not None]
    return Shared(circle, there, joined)


def accepted_in(request: HttpRequest) -> dict[int, int]:
    """Return the versions of terms that a form accepts, by programme: ``accept=5:2``."""
    found = {}
    for sent in request.POST.getlist("accept")[:MOST_ACCEPTED]:
        programme, _colon, version = sent.partition(":")
        if all(one.isascii() and one.isdigit() and len(one) < 10 for one in (programme, version)):
            found[int(programme)] = int(version)
    return found
