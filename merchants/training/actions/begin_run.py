"""Begin a scenario at a training till; what ran there before is over."""

from datetime import datetime
from uuid import UUID, uuid4

from merchants.magic import TEST
from merchants.models import TrainingRun
from merchants.training.queries import is_receipt, last_sale
from merchants.training.refusals import ReceiptNeeded
from merchants.training.scenarios import Asked
from okplatform.kernel import audit, db
from okplatform.kernel.db import transaction
from okplatform.parties.tills import Till

# Of two pages that train at one till, the later one does.
HOLD = "SELECT id FROM parties_terminal WHERE id = %s FOR NO KEY UPDATE"


def begin_run(*, till: Till, asked: Asked, receipt: UUID | None, now: datetime) -> TrainingRun:
    """Return a run that counts what is sold at this till from now on.

    Needs the merchant's scope. Raises ``ReceiptNeeded`` where something is to be given back, and
    ``receipt`` is no purchase that was made in training at this till.
    """
    place = till.place
    if place is None or place.terminal_id is None or till.actor.kind != "membership":
        message = "Only somebody who stands at a till can train."
        raise ValueError(message)
    receipt = receipt if asked.is_return else None
    if asked.is_return and not (receipt and is_receipt(receipt, terminal_id=place.terminal_id)):
        raise ReceiptNeeded
    with transaction():
        db.call(HOLD, [place.terminal_id])
        TrainingRun.objects.filter(terminal_id=place.terminal_id, ended_at=None).delete()
        run: TrainingRun = TrainingRun.objects.create(
            merchant_id=till.merchant_id,
            store_id=place.store_id,
            terminal_id=place.terminal_id,
            membership_id=int(till.actor.id),
            uuid=uuid4(),
            scenario=asked.scenario,
            after_sale=last_sale(),
            receipt=receipt,
            began_at=now,
        )
        audit.record(
            actor=till.actor,
            action="training_begun",
            object_type="training_run",
            object_id=run.pk,
            merchant_id=till.merchant_id,
            mode=TEST,
        )
    return run
