"""Open a store or a webshop."""

from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.parties.actions.refusals import ReferenceTaken
from okplatform.parties.integrity import refusing
from okplatform.parties.models import Channel, Store
from okplatform.parties.models.merchant import DEFAULT_TIMEZONE


def open_store(
    *,
    merchant_id: int,
    reference: str,
    name: str,
    actor: Actor,
    channel: str = Channel.IN_STORE,
    city: str = "",
    currency: str = "EUR",
    timezone: str = DEFAULT_TIMEZONE,
) -> Store:
    """Add a store to a merchant; raises ``ReferenceTaken``."""
    with refusing({"store_by_reference": ReferenceTaken}), db.transaction():
        store: Store = Store.objects.create(
            merchant_id=merchant_id,
            reference=reference,
            name=name,
            channel=channel,
            city=city,
            currency=currency,
            timezone=timezone,
        )
        audit.record(
            actor=actor,
            action="store_opened",
            object_type="store",
            object_id=store.pk,
            merchant_id=merchant_id,
        )
    return store
