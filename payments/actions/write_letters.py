"""Write down the letters that a collection leads to; they are sent when they are due."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from okplatform.kernel.db import transaction_required
from payments.models import Letter, LetterKind

REMINDER_DAYS = (7, 14, 28)
"""Days after a collection came back on which its payer is reminded; after the last we stop."""


@transaction_required
def write_notices(*, collections: Sequence[int], mode: str, now: datetime) -> None:
    """Tell that these will be collected: the scheme asks for it, in good time (EPC016-06, 4.1)."""
    _write([_letter(one, LetterKind.NOTICE, mode, now) for one in collections])


@transaction_required
def write_dunning(*, collection_id: int, mode: str, now: datetime) -> None:
    """Tell that a collection came back and is owed, and remind of it until it is paid.

    Each letter is looked at again when it is due: what was paid meanwhile is not asked for.
    """
    reminders = [
        _letter(collection_id, LetterKind.REMINDER, mode, now + timedelta(days=days), number)
        for number, days in enumerate(REMINDER_DAYS, start=1)
    ]
    _write([_letter(collection_id, LetterKind.RETURNED, mode, now), *reminders])


def _letter(
    collection_id: int, kind: LetterKind, mode: str, due_at: datetime, number: int = 1
) -> Letter:
    return Letter(collection_id=collection_id, kind=kind, number=number, mode=mode, due_at=due_at)


def _write(letters: Sequence[Letter]) -> None:
    """Keep those that are not written yet: an event may be handled again."""
    Letter.objects.bulk_create(letters, ignore_conflicts=True)
