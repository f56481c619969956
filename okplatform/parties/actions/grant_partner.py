"""Let a till vendor's keys act for a merchant."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.parties.integrity import refusing

# Only what changes something returns a row.
GRANT = """
INSERT INTO parties_partnergrant AS granted (
    partner_id, merchant_id, granted_at, live_scopes, test_scopes, refunds_a_day,
    refunds_a_reference
) VALUES (
    %(partner)s, %(merchant)s, %(now)s, %(live)s, %(test)s, %(a_day)s, %(a_reference)s
)
ON CONFLICT (merchant_id, partner_id) DO UPDATE SET
    granted_at = CASE WHEN granted.withdrawn_at IS NULL THEN granted.granted_at ELSE %(now)s END,
    withdrawn_at = NULL, live_scopes = excluded.live_scopes, test_scopes = excluded.test_scopes,
    refunds_a_day = excluded.refunds_a_day, refunds_a_reference = excluded.refunds_a_reference
WHERE (granted.live_scopes, granted.test_scopes, granted.refunds_a_day, granted.refunds_a_reference)
    IS DISTINCT FROM (excluded.live_scopes, excluded.test_scopes, excluded.refunds_a_day,
        excluded.refunds_a_reference)
    OR granted.withdrawn_at IS NOT NULL
RETURNING id
"""


class ScopeNotForPartners(Refusal):
    """A scope that there is not, or that makes test codes with live keys."""

    code = "scope_not_for_partners"
    status = 422
    sentence = _("A till vendor cannot be allowed that.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What a partner's own keys may do for a merchant, per mode, and most give back; None is all.

    A key that the merchant itself made for the partner has its own scopes, and needs none here.
    """

    live: Iterable[str] = field(default=())
    test: Iterable[str] = field(default=())
    refunds_a_day: int | None = None
    refunds_a_reference: int | None = None


NOTHING = Allowance()


def grant_partner(
    *,
    partner_id: int,
    merchant_id: int,
    actor: Actor,
    now: datetime,
    allowance: Allowance = NOTHING,
) -> None:
    """Allow the partner this much from now on, again if it was withdrawn; twice is once.

    Raises ``ScopeNotForPartners``.
    """
    live, test = sorted(map(str, allowance.live)), sorted(map(str, allowance.test))
    asked = {
        "partner": partner_id,
        "merchant": merchant_id,
        "now": now,
        "live": live,
        "test": test,
        "a_day": allowance.refunds_a_day,
        "a_reference": allowance.refunds_a_reference,
    }
    with refusing({"grant_scopes_are_known": ScopeNotForPartners}), db.transaction():
        if db.call(GRANT, asked):
            audit.record(
                actor=actor,
                action="partner_granted",
                object_type="partner",
                object_id=partner_id,
                merchant_id=merchant_id,
                data={
                    "live": live,
                    "test": test,
                    "refunds_a_day": allowance.refunds_a_day,
                    "refunds_a_reference": allowance.refunds_a_reference,
                },
            )
