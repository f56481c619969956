"""Give a member a code to hand on to friends."""

import secrets

from django.utils.translation import gettext_lazy as _

from loyalty.coupon_codes import ALPHABET
from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal

LENGTH = 10
MAKE = """
INSERT INTO loyalty_referral_code (member_id, merchant_id, mode, code)
SELECT member.id, member.merchant_id, member.mode, %s FROM loyalty_member member
WHERE member.merchant_id = %s AND member.person_id = %s
ON CONFLICT DO NOTHING RETURNING member_id
"""
FIND = """
SELECT owned.code FROM loyalty_referral_code owned
JOIN loyalty_member member ON member.id = owned.member_id
WHERE member.merchant_id = %s AND member.person_id = %s
"""


IS_MEMBER = "SELECT 1 FROM loyalty_member WHERE merchant_id = %s AND person_id = %s"
FORGET = """
DELETE FROM loyalty_referral_code owned USING loyalty_member member
WHERE member.id = owned.member_id AND member.person_id = %s
"""


class NoMember(Refusal):
    """Only members bring others along."""

    code = "no_member"
    status = 404
    sentence = _("Join the programme first.")


def hand_on(*, merchant_id: int, person_id: int, actor: Actor) -> str:
    """Return the person's code at this merchant, made now if there was none.

    Raises ``NoMember``.
    """
    with db.transaction():
        while True:
            code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
            made = db.call(MAKE, [code, merchant_id, person_id])
            found = db.call(FIND, [merchant_id, person_id])
            if found:
                break
            if not db.call(IS_MEMBER, [merchant_id, person_id]):
                raise NoMember
        for (member_id,) in made:
            audit.record(
                actor=actor,
                action="referral_code_made",
                object_type="member",
                object_id=member_id,
                merchant_id=merchant_id,
                data={},
            )
    return str(found[0][0])


@db.transaction_required
def forget_codes(*, person_id: int) -> None:
    """Take a person's codes back: a part of their leaving, whose audit row tells of it."""
    db.call(FORGET, [person_id])
