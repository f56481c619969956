"""Note that a card was shown, so that the cards of every day stand on top."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from wallet.card_access import seen_by
from wallet.card_keeping import CardUnknown
from wallet.card_shelves import hold
from wallet.merging import uses_after
from wallet.models import Card, CardShare
from wallet.models.card import MOST_PHONES

MOST_USES = 1_000_000


class UsesOutOfRange(Refusal):
    """Nobody shows a card that often, or on that many phones."""

    code = "card_uses_out_of_range"
    status = 422
    sentence = _("This card cannot have been shown that often. Nothing was changed.")


def mark_used(
    *, person_id: int, card: UUID, device: str, count: int, at: datetime, now: datetime
) -> Card:
    """Keep that a phone has shown a card ``count`` times in all, at ``at`` for the last time.

    The phone's own total, so that saying it twice counts once. No audit and no event: it changes
    nothing but the order of a list. Of another's card it is kept with the share. Raises
    ``CardUnknown``, ``CardShareOver`` or ``UsesOutOfRange``.
    """
    if not 0 < count <= MOST_USES:
        raise UsesOutOfRange
    with transaction():
        held = hold(person_id, card, heard_by_all=False)
        kept = held.share or held.card
        if kept is None:
            raise CardUnknown
        kept.uses = uses_after(kept.uses, device, count)
        if len(kept.uses) > MOST_PHONES:
            raise UsesOutOfRange
        kept.cursor = held.cursor
        kept.times_used = sum(kept.uses.values())
        kept.last_used_at = max(filter(None, (kept.last_used_at, min(at, now))))
        kept.save(update_fields=["cursor", "uses", "times_used", "last_used_at"])
    return seen_by(kept) if isinstance(kept, CardShare) else kept
