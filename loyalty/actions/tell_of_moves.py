"""Tell people that their points changed without a purchase."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from okplatform.kernel.db import call, transaction_required
from wallet.actions.tell_people import Tell, tell_people
from wallet.models import PushKind

WORTH_TELLING = timedelta(days=3)
FIND = """
SELECT move.id, member.person_id, merchant.reference, merchant.name,
    programme.points_name ->> 'nl', programme.points_name ->> 'en', move.points, move.words
FROM loyalty_points_move move
JOIN loyalty_member member ON member.id = move.member_id
JOIN loyalty_programme programme ON programme.id = member.programme_id
JOIN parties_merchant merchant ON merchant.id = move.merchant_id
WHERE move.id = ANY(%s) ORDER BY move.id
"""


@transaction_required
def tell_of_moves(*, move_ids: Sequence[int], page: Callable[[str], str], now: datetime) -> int:
    """Write down what phones are to say, as a part of handling events; return how many will.

    ``page`` gives the address of a merchant's programme, by the merchant's reference.
    """
    said = [
        Tell(
            person_id=person_id,
            kind=PushKind.POINTS,
            about=f"move {move_id}",
            url=page(reference),
            facts={
                "shop": shop,
                "moved": points,
                "why": words,
                "name_nl": name_nl,
                "name_en": name_en,
            },
            ends_at=now + WORTH_TELLING,
        )
        for move_id, person_id, reference, shop, name_nl, name_en, points, words in call(
            FIND, [list(move_ids)]
        )
    ]
    return tell_people(said=said, now=now)
