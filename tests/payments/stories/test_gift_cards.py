"""Bob buys a gift card of € 25.00 for his sister at Bakkerij Bol, in cash.

    what is left on the card          the card       +25.00
    what a merchant owes on its cards Bakkerij Bol   -25.00

The cash lies in the bakery's till: OK neither has it nor owes it. The bakery owes what is on the
card, in bread, and OK keeps count. She buys bread for € 11.00 with it:

    what is left on the card          the card       -11.00
    what a merchant owes on its cards Bakkerij Bol   +11.00

No money moves at OK: what the bakery is paid out stays what it was.
"""

import pytest

from okplatform.kernel.tenancy import operator_scope
from payments.gift_cards import GiftCardBlocked, GiftCardExpired, GiftCardTooLow
from payments.models import GiftCard, Posting
from tests.payments.books import held, owed_to
from tests.payments.gift_cards import Cards, on
from tests.support.proofs import prove
from tests.support.world import World


@pytest.fixture
def cards(world: World) -> Cards:
    return Cards(world.till).start()


def test_a_card_is_sold_topped_up_and_spent(cards: Cards) -> None:
    card = cards.load(2_500)
    assert (on(card), cards.issued()) == (2_500, -2_500)

    cards.spend(card, 1_100)
    assert (on(card), cards.issued()) == (1_400, -1_400)

    cards.load(1_000, card)
    assert (on(card), cards.issued()) == (2_400, -2_400)
    assert held(owed_to(cards.place)) == 0
    prove()


def test_nothing_is_booked_of_more_than_there_is(cards: Cards) -> None:
    card = cards.load(1_000)
    with pytest.raises(GiftCardTooLow) as refused:
        cards.spend(card, 1_001)

    assert refused.value.facts["balance"] == 1_000
    assert on(card) == 1_000
    assert not Posting.objects.filter(kind="gift_card_spent").exists()
    prove()


def test_a_blocked_or_expired_card_pays_nothing(cards: Cards) -> None:
    card = cards.start(valid_months=1).load(1_000)
    with pytest.raises(GiftCardExpired):
        cards.spend(card, 100, days=60)
    with operator_scope("a test blocks it"):
        GiftCard.objects.filter(pk=card.pk).update(state="blocked")
    with pytest.raises(GiftCardBlocked):
        cards.spend(card, 100)
    assert on(card) == 1_000
