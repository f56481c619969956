"""Bring a scheduled version into force when its time has come."""

from datetime import datetime

from loyalty.actions.scheme_versions import put_in_force
from loyalty.models import SchemeVersion
from okplatform.kernel import db
from okplatform.kernel.audit import Actor
from okplatform.kernel.tenancy import merchant_scope

# Whoever comes second changes no row.
CLAIM = """
UPDATE loyalty_scheme SET scheduled = NULL, starts_at = NULL
FROM (
    SELECT merchant_id, scheduled FROM loyalty_scheme
    WHERE merchant_id = %(merchant)s AND starts_at <= %(now)s FOR UPDATE
) AS due
WHERE loyalty_scheme.merchant_id = due.merchant_id
RETURNING due.scheduled
"""


def start_scheme(*, merchant_id: int, actor: Actor, now: datetime) -> bool:
    """Bring what is due into force; return whether anything was. Raises ``LimitBelowGiven``."""
    with db.transaction(), merchant_scope(merchant_id):
        due = db.call(CLAIM, {"merchant": merchant_id, "now": now})
        if not due:
            return False
        version = SchemeVersion.objects.get(number=due[0][0])
        put_in_force(version, actor=actor, now=now)
        return True
