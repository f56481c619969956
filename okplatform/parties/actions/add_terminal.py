"""Put a till in a store."""

from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.parties.actions.refusals import NotOfThisMerchant, ReferenceTaken
from okplatform.parties.integrity import refusing
from okplatform.parties.models import Terminal

REFUSALS = {
    "terminal_by_reference": ReferenceTaken,
    "terminal_store_of_same_merchant": NotOfThisMerchant,
}


def add_terminal(
    *, merchant_id: int, store_id: int, reference: str, name: str, actor: Actor
) -> Terminal:
    """Add a terminal to a store; raises ``ReferenceTaken`` or ``NotOfThisMerchant``."""
    with refusing(REFUSALS), db.transaction():
        terminal: Terminal = Terminal.objects.create(
            merchant_id=merchant_id, store_id=store_id, reference=reference, name=name
        )
        audit.record(
            actor=actor,
            action="terminal_added",
            object_type="terminal",
            object_id=terminal.pk,
            merchant_id=merchant_id,
        )
    return terminal
