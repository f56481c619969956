"""Let a person say where a refund goes that cannot go where it came from."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import operator_scope
from payments.actions.remove_bank_account import BankAccountUnknown
from payments.models import BankAccount, Refund
from payments.states import RefundState


class RefundNotWaiting(Refusal):
    """It is on its way, or needs no other account."""

    code = "refund_not_waiting"
    sentence = _("This refund needs no other account any more. Nothing was changed.")


def choose_refund_account(
    *, person_id: int, refund_id: int, bank_account_id: int, now: datetime, actor: Actor
) -> None:
    """Pay a waiting refund to another account of the same person.

    Only where the account that paid was removed, or a transfer to it came back: money goes where it
    came from, as long as it can. Raises ``RefundNotWaiting`` or ``BankAccountUnknown``.
    """
    with transaction(), operator_scope("a person's own refund"):
        refund = (
            Refund.objects.select_for_update(no_key=True, of=("self",))
            .select_related("bank_account")
            .filter(pk=refund_id, bank_account__person_id=person_id, state=RefundState.WAITING)
            .first()
        )
        if refund is None or (refund.attempt == 1 and refund.bank_account.removed_at is None):
            raise RefundNotWaiting
        mine = BankAccount.objects.filter(
            pk=bank_account_id, person_id=person_id, mode=refund.mode, removed_at=None
        )
        if not mine.exists():
            raise BankAccountUnknown
        Refund.objects.filter(pk=refund_id).update(pay_to_id=bank_account_id)
        audit.record(
            actor=actor,
            action="refund_account_chosen",
            object_type="refund",
            object_id=refund_id,
            merchant_id=refund.merchant_id,
            mode=refund.mode,
            data={"bank_account": bank_account_id, "at": now.isoformat()},
        )
