"""Show no notifications any more on a phone: this one, or another of the list."""

from uuid import UUID

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction

# PostgreSQL takes what is on its way along.
REMOVE = (
    "DELETE FROM wallet_push_subscription WHERE person_id = %s AND uuid = %s RETURNING session_id"
)


def turn_off_push(*, person_id: int, phone: UUID, actor: Actor) -> bool:
    """Forget a person's phone by its ``uuid``; where it is gone already, nothing happens.

    Return whether it was there. It stays signed in.
    """
    with transaction():
        removed = call(REMOVE, [person_id, str(phone)])
        for (session,) in removed:
            audit.record(
                actor=actor,
                action="push_turned_off",
                object_type="browser_session",
                object_id=session,
            )
    return bool(removed)
