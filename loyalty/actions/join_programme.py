"""Join a programme: one tap, on terms the person has before them."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from loyalty.events import MemberJoined
from okplatform.kernel import audit, db, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from payments.chart import MEMBER_POINTS, points_of
from payments.ledger import AccountRef, open_account

# Held, so that nobody joins on terms that are being changed: a member keeps lots from the start.
FIND = """
SELECT merchant_id, terms_version, loyalty_wants_lots(pending_days, expiry)
FROM loyalty_programme WHERE id = %s FOR SHARE
"""
JOIN = """
INSERT INTO loyalty_member
    (programme_id, merchant_id, person_id, mode, joined_at, terms_version, carry, keeps_lots)
SELECT %(programme_id)s, %(merchant_id)s, person.id, person.mode, %(now)s, %(terms_version)s, 0,
    %(keeps_lots)s
FROM parties_person person WHERE person.id = %(person_id)s
ON CONFLICT (person_id, programme_id) DO NOTHING
RETURNING id, mode
"""


BROUGHT = """
INSERT INTO loyalty_referral (member_id, by_id, merchant_id, mode, made_at)
SELECT %s, owned.member_id, owned.merchant_id, owned.mode, %s FROM loyalty_referral_code owned
WHERE owned.mode = %s AND owned.merchant_id = %s AND owned.code = %s
"""


class ProgrammeUnknown(Refusal):
    """There is no such programme."""

    code = "programme_unknown"
    status = 404
    sentence = _("This programme does not exist any more.")


class TermsChanged(Refusal):
    """The person read other terms than those in force."""

    code = "programme_terms_changed"
    sentence = _("The terms have changed since you opened this page. Please read them again.")


def join_programme(
    *,
    programme_id: int,
    person_id: int,
    terms_version: int,
    actor: Actor,
    now: datetime,
    brought_by: str = "",
) -> None:
    """Make a person a member, in the person's own mode; who is one already stays so, unchanged.

    The terms are a contract with the merchant; they give it no consent to know who the person is.
    Who joins with another member's code was ``brought_by`` them; a code that nobody has changes
    nothing. Raises ``ProgrammeUnknown`` or ``TermsChanged``.
    """
    with db.transaction():
        join(
            programme_id=programme_id,
            person_id=person_id,
            terms_version=terms_version,
            actor=actor,
            now=now,
            brought_by=brought_by,
        )


@db.transaction_required
def join(
    *,
    programme_id: int,
    person_id: int,
    terms_version: int,
    actor: Actor,
    now: datetime,
    brought_by: str = "",
) -> None:
    """Do that as a part of something larger."""
    rows = db.call(FIND, (programme_id,))
    if not rows:
        raise ProgrammeUnknown
    merchant_id, in_force, keeps_lots = rows[0]
    if terms_version != in_force:
        raise TermsChanged
    joined = db.call(
        JOIN,
        {
            "programme_id": programme_id,
            "merchant_id": merchant_id,
            "person_id": person_id,
            "terms_version": terms_version,
            "keeps_lots": keeps_lots,
            "now": now,
        },
    )
    if not joined:
        return
    member_id, mode = joined[0]
    # Here and not at the first sale, where the till would wait for it.
    open_account(AccountRef(MEMBER_POINTS.kind, member_id, points_of(programme_id)), mode=mode)
    if brought_by:
        db.call(BROUGHT, [member_id, now, mode, merchant_id, brought_by])
    _tell(
        MemberJoined(
            member_id=member_id,
            programme_id=programme_id,
            merchant_id=merchant_id,
            person_id=person_id,
            terms_version=terms_version,
        ),
        mode=mode,
        actor=actor,
        now=now,
    )


def _tell(joined: MemberJoined, *, mode: str, actor: Actor, now: datetime) -> None:
    """Audit and publish what has just become true."""
    audit.record(
        actor=actor,
        action="programme_joined",
        object_type="member",
        object_id=joined.member_id,
        merchant_id=joined.merchant_id,
        mode=mode,
        data={"programme_id": joined.programme_id, "terms_version": joined.terms_version},
    )
    events.publish(joined, now=now, merchant_id=joined.merchant_id, mode=mode)
