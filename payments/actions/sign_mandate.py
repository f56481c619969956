"""Let OK collect from a bank account."""

import secrets
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from okplatform.parties.integrity import refusing
from payments.actions.remove_bank_account import BankAccountUnknown
from payments.events.settlement import MandateSigned
from payments.models import BankAccount, Mandate
from payments.readiness import keep_ready

REFERENCE_BYTES = 8


class AccountNotProved(Refusal):
    """Nobody knows yet whose account it is."""

    code = "bank_account_not_proved"
    sentence = _("First prove that this account is yours. Nothing was signed.")


class MandateSignedAlready(Refusal):
    """There is a mandate for this account."""

    code = "mandate_signed_already"
    sentence = _("You have signed for this account already. Nothing was changed.")


def sign_mandate(
    *, person_id: int, bank_account_id: int, text_version: int, now: datetime, actor: Actor
) -> Mandate:
    """Keep that a person signed the mandate, in its text of this version, for a bank account.

    Its reference is random: the shopper's bank and the shopper read it, and it counts nothing.
    From then on codes may pay from it. Raises ``BankAccountUnknown``, ``AccountNotProved`` or
    ``MandateSignedAlready``.
    """
    with refusing({"mandate_is_signed_once": MandateSignedAlready}), transaction():
        mine = BankAccount.objects.filter(pk=bank_account_id, person_id=person_id, removed_at=None)
        account = mine.select_for_update(no_key=True).first()
        if account is None:
            raise BankAccountUnknown
        if account.proved_at is None:
            raise AccountNotProved
        mandate = Mandate.objects.create(
            bank_account=account,
            mode=account.mode,
            reference=f"OK-{secrets.token_hex(REFERENCE_BYTES).upper()}",
            text_version=text_version,
            signed_at=now,
        )
        keep_ready(account.pk, now=now)
        audit.record(
            actor=actor,
            action="mandate_signed",
            object_type="mandate",
            object_id=mandate.pk,
            mode=mandate.mode,
            data={"bank_account": account.pk, "text_version": text_version},
        )
        events.publish(
            MandateSigned(mandate_id=mandate.pk, bank_account_id=account.pk, person_id=person_id),
            now=now,
            mode=mandate.mode,
        )
    return mandate
