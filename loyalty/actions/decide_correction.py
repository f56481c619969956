"""Say yes or no to a correction that somebody else asked for."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from loyalty.actions.move_points import move_points
from loyalty.models import Correction, CorrectionState, MoveKind
from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import merchant_scope


class CorrectionUnknown(Refusal):
    """The merchant has no such correction."""

    code = "correction_unknown"
    status = 404
    sentence = _("This correction does not exist. Go back to the list and choose one.")


class OwnCorrection(Refusal):
    """Who asks for it cannot be the second person."""

    code = "correction_is_your_own"
    status = 403
    sentence = _("You asked for this correction yourself. Somebody else has to say yes to it.")


class CorrectionDecided(Refusal):
    """It waits no more: it was decided, or nobody decided in time."""

    code = "correction_decided"
    sentence = _("This correction waits no more: it was decided already, or its week was over.")


def decide_correction(
    *,
    merchant_id: int,
    correction_id: int,
    agrees: bool,
    decided_by: int,
    actor: Actor,
    now: datetime,
) -> None:
    """Book a correction that waits, or refuse it; ``decided_by`` is a person's id.

    Who asked may take it back, and never say yes to it. Raises ``CorrectionUnknown``,
    ``OwnCorrection``, ``CorrectionDecided`` or ``NotEnoughPoints``, and then it stands as it stood.
    """
    with db.transaction(), merchant_scope(merchant_id):
        # Of two who decide at once one waits here, and then finds it decided.
        correction = Correction.objects.select_for_update().filter(pk=correction_id).first()
        if correction is None:
            raise CorrectionUnknown
        if agrees and correction.asked_by_id == decided_by:
            raise OwnCorrection
        if correction.state != CorrectionState.WAITING or correction.ends_at <= now:
            raise CorrectionDecided
        if agrees:
            correction.move_id = move_points(
                member_id=correction.member_id,
                kind=MoveKind.CORRECTED,
                points=correction.points,
                words=correction.reason,
                now=now,
            )
        correction.state = CorrectionState.BOOKED if agrees else CorrectionState.REFUSED
        correction.decided_by_id, correction.decided_at = decided_by, now
        correction.save()
        audit.record(
            actor=actor,
            action="points_corrected" if agrees else "points_correction_refused",
            object_type="correction",
            object_id=correction_id,
            merchant_id=merchant_id,
            mode=correction.mode,
            data={"member_id": correction.member_id, "points": correction.points},
        )
