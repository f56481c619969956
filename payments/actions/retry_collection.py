"""Collect once more what came back."""

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction, transaction_required
from okplatform.kernel.errors import Refusal
from payments.calendar import due_after_notice, local_day
from payments.events.settlement import CollectionAnnounced
from payments.models import Collection, CollectionItem, Mandate
from payments.queries import left_in
from payments.settlement import next_id
from payments.states import CollectionState, FollowUp, MandateState


class NothingToRetry(Refusal):
    """It did not come back, was refunded since, or is being collected once more already."""

    code = "nothing_to_retry"
    sentence = _("This is not in arrears, or is being collected already. Nothing was changed.")


class MandateMissing(Refusal):
    """Nobody has signed for the account, or took it back."""

    code = "mandate_missing"
    sentence = _("There is no mandate for this account. Ask the holder to sign one first.")


def retry_collection(*, collection_id: int, now: datetime, actor: Actor) -> Collection:
    """Announce a returned collection again: its payer agreed, or somebody decided so.

    Raises ``NothingToRetry`` or ``MandateMissing``.
    """
    with transaction():
        # The mandate is locked first, as by whoever refunds or takes back.
        mandate = (
            Mandate.objects.select_for_update(no_key=True)
            .filter(
                bank_account__in=Collection.objects.filter(pk=collection_id).values("bank_account"),
                state=MandateState.ACTIVE,
            )
            .first()
        )
        returned = (
            Collection.objects.select_for_update(no_key=True, of=("self",))
            .select_related("bank_account")
            .filter(pk=collection_id, state=CollectionState.RETURNED, retry=None)
            .exclude(follow_up=FollowUp.REFUNDED)
            .first()
        )
        if returned is None:
            raise NothingToRetry
        if mandate is None:
            raise MandateMissing
        due_on = due_after_notice(local_day(now))
        return announce_again(returned, mandate=mandate, due_on=due_on, now=now, actor=actor)


@transaction_required
def announce_again(
    returned: Collection, *, mandate: Mandate, due_on: date, now: datetime, actor: Actor
) -> Collection:
    """Announce the next attempt for a returned collection, which gives its items to it.

    It is of what is left: what was refunded since is off.
    """
    collection_id = next_id("payments_collection")
    retry = Collection.objects.create(
        pk=collection_id,
        mode=returned.mode,
        house_account_id=returned.house_account_id,
        bank_account_id=returned.bank_account_id,
        mandate=mandate,
        amount=left_in(returned.pk),
        currency=returned.currency,
        end_to_end_id=f"OKC{collection_id}",
        attempt=returned.attempt + 1,
        retry_of=returned,
        announced_at=now,
        due_on=due_on,
        dunning_level=returned.dunning_level,
    )
    CollectionItem.objects.filter(collection=returned).update(collection=retry)
    audit.record(
        actor=actor,
        action="collection_retried",
        object_type="collection",
        object_id=returned.pk,
        mode=returned.mode,
        data={"by": retry.pk, "due_on": due_on.isoformat()},
    )
    events.publish(
        CollectionAnnounced(
            collection_id=retry.pk,
            bank_account_id=retry.bank_account_id,
            person_id=returned.bank_account.person_id,
            amount=retry.amount,
            mandate=mandate.reference,
            due_on=due_on.isoformat(),
            attempt=retry.attempt,
        ),
        now=now,
        mode=retry.mode,
    )
    return retry
