"""Let a shopper pay a collection that came to nothing at once, at the bank."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from payments.actions.open_bank_payment import open_bank_payment
from payments.models import BankPayment, BankPaymentPurpose
from payments.queries import debts, left_in


class NoDebt(Refusal):
    """It was paid, or is being collected, or is somebody else's."""

    code = "no_debt"
    status = 404
    sentence = _("There is nothing to pay here any more.")


def pay_debt(
    *,
    person_id: int,
    collection_id: int,
    request_id: UUID,
    return_url: str,
    psu_ip: str,
    now: datetime,
    actor: Actor,
) -> BankPayment:
    """Open a payment of what is left of a returned collection, from the account it came back to.

    What was refunded of it since is off. Raises ``NoDebt`` or ``BankPaymentImpossible``.
    """
    with transaction():
        debt = (
            debts()
            .filter(pk=collection_id, bank_account__person_id=person_id)
            .select_for_update(no_key=True, of=("self",))
            .first()
        )
        left = left_in(debt.pk) if debt else 0
        if debt is None or not left:
            raise NoDebt
        return open_bank_payment(
            account=debt.bank_account,
            purpose=BankPaymentPurpose.DEBT,
            subject_id=debt.pk,
            amount=left,
            text=f"OK {debt.end_to_end_id}",
            request_id=request_id,
            return_url=return_url,
            psu_ip=psu_ip,
            now=now,
            actor=actor,
        )
