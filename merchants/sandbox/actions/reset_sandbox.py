"""Let a merchant's test data begin anew: the next epoch. Nothing that was sold is deleted."""

from datetime import datetime, timedelta

from django.db.models import Max, QuerySet

from merchants.magic import TEST
from merchants.models import OnlinePayment, PaymentLink, Sandbox, Shift
from merchants.sandbox.actions.move_clock import hold_sandbox
from merchants.sandbox.refusals import EpochOver
from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.tenancy import merchant_scope
from okplatform.trade.models import Sale


def reset_sandbox(*, merchant_id: int, epoch: int, wall: datetime, actor: Actor) -> Sandbox:
    """End ``epoch`` and begin the next; said again it changes nothing. Raises ``EpochOver``.

    From then on the sandbox's time is everybody's, sales, online payments and links of before are
    not seen, and its people have never been there.
    """
    with transaction(), merchant_scope(merchant_id):
        box = hold_sandbox(merchant_id, wall=wall)
        if box.epoch == epoch + 1:
            return box
        if box.epoch != epoch:
            raise EpochOver(epoch=box.epoch)
        box.epoch += 1
        box.ahead = timedelta()
        box.after_sale = max(box.after_sale, _last(Sale.objects.all()))
        box.after_payment = max(box.after_payment, _last(OnlinePayment.objects.all()))
        box.after_link = max(box.after_link, _last(PaymentLink.objects.all()))
        # They hold no money, and one by a clock that is gone would be in the way of the next.
        Shift.objects.filter(mode=TEST).delete()
        box.changed_at = wall
        box.save()
        audit.record(
            actor=actor,
            action="sandbox_reset",
            object_type="sandbox",
            object_id=str(box),
            merchant_id=merchant_id,
            mode=TEST,
        )
    return box


def _last(rows: QuerySet[Sale] | QuerySet[OnlinePayment] | QuerySet[PaymentLink]) -> int:
    return rows.filter(mode=TEST).aggregate(last=Max("pk"))["last"] or 0
