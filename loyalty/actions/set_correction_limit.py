"""Say how many points one person corrects alone."""

from loyalty.models import CorrectionTerms
from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.tenancy import merchant_scope


def set_correction_limit(*, merchant_id: int, alone_up_to: int, actor: Actor) -> None:
    """Let corrections above so many points wait for a second person; 0 is each of them.

    What waits already goes on to wait.
    """
    with db.transaction(), merchant_scope(merchant_id):
        CorrectionTerms.objects.update_or_create(
            merchant_id=merchant_id, defaults={"alone_up_to": alone_up_to}
        )
        audit.record(
            actor=actor,
            action="correction_limit_set",
            object_type="programme",
            object_id=merchant_id,
            merchant_id=merchant_id,
            data={"alone_up_to": alone_up_to},
        )
