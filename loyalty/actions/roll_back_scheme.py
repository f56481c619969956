"""Bring back an earlier version of a scheme."""

from datetime import datetime

from loyalty.actions.scheme_refusals import SchemeUnknown
from loyalty.actions.scheme_versions import add_version, locked
from loyalty.actions.spending_of_schemes import bring_spending_back
from loyalty.builder.scheme import SchemeContent
from loyalty.models import Scheme, SchemeVersion
from okplatform.kernel import db
from okplatform.kernel.audit import Actor
from okplatform.kernel.tenancy import merchant_scope


def roll_back_scheme(*, merchant_id: int, number: int, actor: Actor, now: datetime) -> int:
    """Publish what version ``number`` says as the next version, in force at once.

    Returns its number. What points took off then, they take off again. What lies between stays as
    it was published. The draft says the same from then on. Raises ``SchemeUnknown`` or
    ``LimitBelowGiven``.
    """
    with db.transaction(), merchant_scope(merchant_id):
        scheme = locked(merchant_id)
        version = SchemeVersion.objects.filter(number=number).first()
        if version is None:
            raise SchemeUnknown
        Scheme.objects.filter(pk=scheme.pk).update(draft=version.content)
        bring_spending_back(merchant_id=merchant_id, number=number, actor=actor, now=now)
        return add_version(
            scheme,
            SchemeContent.from_json(version.content),
            starts_at=now,
            accepts_loss=version.accepts_loss,
            actor=actor,
            now=now,
            back_to=number,
        )
