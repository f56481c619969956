"""Leave a file of cards as it is: nothing comes in, and what was read of it is gone."""

from uuid import UUID

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction
from wallet.card_shelves import step_on

# Its photos go with it.
DROP = """
DELETE FROM wallet_card_import WHERE person_id = %s AND uuid = %s AND decided_at IS NULL RETURNING 1
"""


def drop_import(*, person_id: int, card_import: UUID, actor: Actor) -> None:
    """Delete a file that waits, with its photos; one that is decided or gone stays as it is."""
    with transaction():
        step_on(person_id)
        if call(DROP, [person_id, card_import]):
            audit.record(
                actor=actor,
                action="card_import_dropped",
                object_type="card_import",
                object_id=str(card_import),
            )
