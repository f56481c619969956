"""Say which phone a browser is, so that blocking the phone ends its sign-in too."""

from uuid import UUID

from okplatform.kernel.db import transaction_required
from okplatform.parties.models import BrowserSession


@transaction_required
def tie_session(*, person_id: int, session_key: str, device: UUID) -> None:
    """Tie a person's session to a phone of theirs, as a part of a larger action."""
    mine = BrowserSession.objects.filter(person_id=person_id, session_key=session_key)
    # Only where that is news: a phone asks often.
    mine.exclude(device=device).update(device=device)
