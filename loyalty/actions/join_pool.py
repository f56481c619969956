"""Say yes to spending points together with the family."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from loyalty.actions.ask_to_pool import SIT, NoPoolsHere
from loyalty.actions.leave_pool import unseat
from loyalty.models import GiftTerms, PoolAsk, PoolSeat
from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import operator_scope

FIND = """
SELECT ask.pool_id, member.id, member.pool_id
FROM loyalty_pool_ask ask
JOIN loyalty_pool pool ON pool.id = ask.pool_id
JOIN loyalty_member member ON (member.programme_id, member.mode, member.person_id)
    = (pool.programme_id, pool.mode, ask.person_id)
WHERE ask.id = %(ask)s AND ask.person_id = %(person)s
"""
# Both pools in one order, before any member: two who say yes to each other do not wait for each
# other.
HOLD_POOLS = "SELECT id FROM loyalty_pool WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
HOLD = "SELECT loyalty_hold_pool(%s, %s)"
POOL_OF = "SELECT pool_id FROM loyalty_member WHERE id = %s"


class AskGone(Refusal):
    """Taken back, too old, answered, or never this reader's; or they are no member yet."""

    code = "pool_ask_gone"
    status = 404
    sentence = _("This question is not there any more. Ask who sent it to ask again.")


class InAnotherPool(Refusal):
    """One spends points with one family at a time."""

    code = "in_another_pool"
    sentence = _("You spend points together with others already. Stop that first.")


def join_pool(*, person_id: int, ask_id: int, actor: Actor, now: datetime) -> None:
    """Let all of a pool spend what this member has and earns, and this member theirs.

    A pool of one's own in which nobody else is ends. Raises ``AskGone``, ``InAnotherPool`` or
    ``NoPoolsHere``.
    """
    with db.transaction(), operator_scope("a member says yes to a family's pool"):
        rows = db.call(FIND, {"ask": ask_id, "person": person_id})
        if not rows:
            raise AskGone
        pool_id, member_id, earlier = rows[0]
        db.call(HOLD_POOLS, ([pool for pool in (pool_id, earlier) if pool],))
        db.call(HOLD, (pool_id, member_id))
        ask = PoolAsk.objects.filter(pk=ask_id, ends_at__gt=now).first()
        if ask is None or not PoolSeat.objects.filter(pk=ask.by_id, pool_id=pool_id).exists():
            raise AskGone
        if not GiftTerms.objects.filter(merchant_id=ask.merchant_id, families=True).exists():
            raise NoPoolsHere
        ((now_in,),) = db.call(POOL_OF, (member_id,))
        if now_in is not None:
            if now_in != earlier or PoolSeat.objects.filter(pool_id=now_in).count() > 1:
                raise InAnotherPool
            unseat(now_in, [member_id])
        sit = {"member": member_id, "pool": pool_id, "spends": ask.spends, "now": now}
        db.call(SIT, sit)
        ask.delete()
        audit.record(
            actor=actor,
            action="pool_joined",
            object_type="pool",
            object_id=pool_id,
            merchant_id=ask.merchant_id,
            mode=ask.mode,
            data={"member_id": member_id, "spends": ask.spends},
        )
