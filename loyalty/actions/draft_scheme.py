"""Write down the scheme that is being built, and ask for its replay."""

from datetime import datetime

from loyalty.builder.scheme import SchemeContent
from loyalty.models import ReplayState, Scheme, SchemeReplay
from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.tenancy import merchant_scope


def draft_scheme(
    *, merchant_id: int, content: SchemeContent, opened_at: datetime, actor: Actor, now: datetime
) -> int:
    """Keep the draft and return the id of its replay, which a worker makes.

    ``opened_at`` is when the builder was first opened; of a merchant that has a draft already the
    first moment stays. Nothing is in force by this.
    """
    fingerprint = content.fingerprint()
    with db.transaction(), merchant_scope(merchant_id):
        draft = content.as_json()
        Scheme.objects.update_or_create(
            merchant_id=merchant_id,
            defaults={"draft": draft},
            create_defaults={"draft": draft, "opened_at": min(opened_at, now)},
        )
        waiting = SchemeReplay.objects.filter(
            fingerprint=fingerprint, state__in=(ReplayState.WAITING, ReplayState.RUNNING)
        ).first()
        if waiting is not None:
            return int(waiting.pk)
        replay = SchemeReplay.objects.create(
            merchant_id=merchant_id, content=draft, fingerprint=fingerprint, asked_at=now
        )
        audit.record(
            actor=actor,
            action="scheme_drafted",
            object_type="scheme",
            object_id=merchant_id,
            merchant_id=merchant_id,
            data={"fingerprint": fingerprint},
        )
        return int(replay.pk)
