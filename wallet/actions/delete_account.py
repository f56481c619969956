"""Let a person leave: sign-in, phones, consents and all they told end, in one transaction."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import person_scope
from okplatform.parties.actions.forget_person import forget_person
from wallet.actions.withdraw_consent import withdraw_all
from wallet.events import DeviceBlocked
from wallet.family_data import leave_family
from wallet.hooks import own_data
from wallet.models import (
    Attestation,
    AttestationRequest,
    Birthday,
    Card,
    CardBalanceChange,
    CardChange,
    CardImport,
    CardImportPhoto,
    CardPhoto,
    CardShelf,
    ContactDetails,
    Declaration,
    LiveCard,
    PresencePin,
    ProofOffer,
    ReceiptLetter,
    Warranty,
)
from wallet.own_data import objections_to_leaving

# Blocked first: what a till scans from here on is refused, so that nothing new can be owed.
BLOCK = """
UPDATE wallet_device SET blocked_at = coalesce(blocked_at, %(now)s), name = ''
WHERE person_id = %(person_id)s RETURNING uuid, mode
"""

# In an order in which none refers to one that is gone.
CARDS = (
    CardImportPhoto,
    CardImport,
    CardBalanceChange,
    CardChange,
    LiveCard,
    Card,
    CardPhoto,
    CardShelf,
)
RECEIPTS = (ReceiptLetter, Warranty)
# PostgreSQL takes what is on its way along.
FORGET_PUSHES = """
WITH told AS (DELETE FROM wallet_push_notice WHERE person_id = %(person_id)s),
     phones AS (DELETE FROM wallet_push_subscription WHERE person_id = %(person_id)s)
DELETE FROM wallet_push_settings WHERE person_id = %(person_id)s
"""
TOLD = (
    Birthday,
    ContactDetails,
    Declaration,
    PresencePin,
    ProofOffer,
    Attestation,
    AttestationRequest,
)


class CannotLeaveYet(Refusal):
    """Something has to be settled first; ``objections`` says what."""

    code = "cannot_leave_yet"
    sentence = _("Your account cannot be deleted yet. Nothing was changed.")


def delete_account(*, person_id: int, now: datetime, actor: Actor) -> None:
    """Delete a person's account; what the law keeps stays without a name.

    Raises ``CannotLeaveYet``, with a sentence for each thing that is in the way: then nothing is
    changed. The caller has made sure, a moment ago, that it is that person.
    """
    with transaction():
        blocked = call(BLOCK, {"person_id": person_id, "now": now})
        objections = objections_to_leaving(person_id)
        if objections:
            raise CannotLeaveYet(objections=list(objections))
        for holder in own_data():
            holder.forget(person_id, now=now, actor=actor)
        withdraw_all(person_id=person_id, now=now, actor=actor)
        for model in TOLD:
            model.objects.filter(person_id=person_id).delete()
        leave_family(person_id, now=now)
        with person_scope(person_id):
            for kept in (*CARDS, *RECEIPTS):
                kept.objects.all().delete()
        call(FORGET_PUSHES, {"person_id": person_id})
        forget_person(person_id=person_id, actor=actor)
        for device, mode in blocked:
            gone = DeviceBlocked(device=str(device), person_id=person_id)
            events.publish(gone, now=now, mode=mode)
        audit.record(
            actor=actor, action="account_deleted", object_type="person", object_id=person_id
        )
