"""End the permission to collect from a bank account."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction, transaction_required
from okplatform.kernel.errors import Refusal
from payments.events.settlement import MandateClosed
from payments.models import Collection, CollectionItem, Mandate
from payments.readiness import hold_account, keep_ready
from payments.settlement import move
from payments.states import CollectionState, MandateState

WITHDRAWN = "withdrawn"


class MandateUnknown(Refusal):
    """The person has no mandate in force for this account."""

    code = "mandate_unknown"
    status = 404
    sentence = _("You have not signed for this account, or took it back already.")


def close_mandate(*, person_id: int, bank_account_id: int, now: datetime, actor: Actor) -> None:
    """Withdraw the mandate of a bank account; what was bought is still owed.

    Collections that are not with the bank yet are cancelled. Raises ``MandateUnknown``.
    """
    with transaction():
        mandate = Mandate.objects.filter(
            bank_account_id=bank_account_id,
            bank_account__person_id=person_id,
            state=MandateState.ACTIVE,
        ).first()
        if mandate is None or not end_mandate(
            mandate_id=mandate.pk, reason=WITHDRAWN, now=now, actor=actor
        ):
            raise MandateUnknown


@transaction_required
def end_mandate(*, mandate_id: int, reason: str, now: datetime, actor: Actor) -> bool:
    """Close a mandate for a reason ("withdrawn" or the bank's code); false if it was closed.

    What was announced under it is cancelled, its payments wait for another mandate, and no code
    pays from the account.
    """
    mandates = Mandate.objects.filter(pk=mandate_id)
    mandate = mandates.select_related("bank_account").get()
    hold_account(mandate.bank_account_id)
    if not move(mandates, MandateState.CLOSED, closed_at=now, closed_reason=reason):
        return False
    keep_ready(mandate.bank_account_id, now=now)
    announced = Collection.objects.filter(mandate=mandate, state=CollectionState.ANNOUNCED)
    ids = list(announced.select_for_update(no_key=True).values_list("pk", flat=True))
    move(Collection.objects.filter(pk__in=ids), CollectionState.CANCELLED)
    CollectionItem.objects.filter(collection__in=ids).update(collection=None)
    audit.record(
        actor=actor,
        action="mandate_closed",
        object_type="mandate",
        object_id=mandate_id,
        mode=mandate.mode,
        data={"reason": reason, "cancelled": ids},
    )
    events.publish(
        MandateClosed(
            mandate_id=mandate_id,
            bank_account_id=mandate.bank_account_id,
            person_id=mandate.bank_account.person_id,
            reason=reason,
        ),
        now=now,
        mode=mandate.mode,
    )
    return True
