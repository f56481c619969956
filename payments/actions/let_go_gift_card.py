"""Take a gift card out of a shopper's wallet."""

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction, transaction_required
from payments.models import KeptGiftCard


def let_go_gift_card(*, person_id: int, card_id: int, actor: Actor) -> None:
    """Take a card out of the wallet; what is on it stays on it. Doing it again is fine."""
    with transaction():
        let_go(person_id=person_id, card_ids=[card_id], actor=actor)


@transaction_required
def let_go_all(*, person_id: int, actor: Actor) -> None:
    """Take all cards out of a wallet; who has their number can still spend them."""
    mine = KeptGiftCard.objects.filter(person=person_id).order_by("card")
    let_go(person_id=person_id, card_ids=list(mine.values_list("card", flat=True)), actor=actor)


@transaction_required
def let_go(*, person_id: int, card_ids: list[int], actor: Actor) -> None:
    """Take these cards out of a wallet."""
    for card_id in card_ids:
        gone, _rows = KeptGiftCard.objects.filter(person=person_id, card=card_id).delete()
        if gone:
            audit.record(
                actor=actor, action="gift_card_let_go", object_type="gift_card", object_id=card_id
            )
