"""Publish the scheme that was built."""

from datetime import datetime

from loyalty.actions.scheme_refusals import (
    SchemeLosesMoney,
    SchemeNotProved,
    SchemeNotReplayed,
)
from loyalty.actions.scheme_versions import add_version, locked
from loyalty.builder.scheme import SchemeContent
from loyalty.models import ReplayState, SchemeReplay
from okplatform.kernel import db
from okplatform.kernel.audit import Actor
from okplatform.kernel.tenancy import merchant_scope

AT_A_LOSS = frozenset({"margin", "card"})
"""The proofs that may be broken, by who says that it is meant."""


def publish_scheme(
    *,
    merchant_id: int,
    starts_at: datetime | None,
    accepts_loss: bool,
    actor: Actor,
    now: datetime,
) -> int:
    """Publish the draft as the next version and return its number.

    It is in force at once, or at ``starts_at`` where that lies ahead. The draft was tried on past
    sales as it is, and all proofs hold; that some baskets are sold below cost may be accepted.
    Raises ``SchemeUnknown``, ``SchemeNotReplayed``, ``SchemeNotProved``, ``SchemeLosesMoney`` or
    ``LimitBelowGiven``, and then nothing has changed.
    """
    with db.transaction(), merchant_scope(merchant_id):
        scheme = locked(merchant_id)
        content = SchemeContent.from_json(scheme.draft)
        _refuse_unproved(content.fingerprint(), accepts_loss=accepts_loss)
        return add_version(
            scheme,
            content,
            starts_at=max(starts_at or now, now),
            accepts_loss=accepts_loss,
            actor=actor,
            now=now,
        )


def _refuse_unproved(fingerprint: str, *, accepts_loss: bool) -> None:
    replay = (
        SchemeReplay.objects.filter(fingerprint=fingerprint, state=ReplayState.DONE)
        .order_by("-id")
        .first()
    )
    if replay is None:
        raise SchemeNotReplayed
    broken = {proof["name"] for proof in replay.proofs if not proof["holds"]}
    if broken - AT_A_LOSS:
        raise SchemeNotProved
    if broken and not accepts_loss:
        raise SchemeLosesMoney
