"""Give up a transfer in doubt: it did not happen, and what it should have paid is owed again."""

from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import operator_scope
from payments.actions.expect import unexpect
from payments.actions.settle_payout import return_payout
from payments.actions.settle_refund import return_refund
from payments.calendar import local_day
from payments.deciding import ReasonMissing
from payments.models import Evidence, Expectation, ExpectationKind, HouseAccount, Payout, Refund
from payments.states import PayoutState, RefundState

A_DAY = timedelta(days=1)

# Of such a line nobody has said yet what it is: in the work queue, or by the last decision about it
# in suspense. Other transfers may be in it as well. What sends something back is no transfer, and
# what names another order of ours is that one.
UNEXPLAINED = """
WITH unexplained AS (
    SELECT id, amount FROM payments_bank_entry WHERE state = 'queued'
    UNION ALL
    SELECT decision.entry_id, decision.suspense FROM payments_entry_decision decision
    WHERE decision.suspense <> 0
        AND NOT EXISTS (
            SELECT FROM payments_entry_decision later
            WHERE later.entry_id = decision.entry_id AND later.number > decision.number)
)
SELECT EXISTS (
    SELECT FROM unexplained JOIN payments_bank_entry entry ON entry.id = unexplained.id
    WHERE unexplained.amount <= %(amount)s
        AND entry.house_account_id = %(account)s AND entry.booked_on >= %(since)s
        AND entry.reason = '' AND NOT entry.is_reversal
        AND NOT EXISTS (
            SELECT FROM payments_expectation other
            WHERE (other.end_to_end_id, other.mode) = (entry.end_to_end_id, entry.mode)
                AND other.id <> %(expectation)s)
)
"""


class TransferNotInDoubt(Refusal):
    """The bank's line came, or somebody was first."""

    code = "transfer_not_in_doubt"
    sentence = _("This transfer is no longer in doubt. Nothing was booked.")


class LineMayBeIt(Refusal):
    """A debit as large as it waits in the work queue, or stands in suspense."""

    code = "line_may_be_it"
    sentence = _(
        "A bank line of which nobody knows yet what it is may be this transfer."
        " Decide about that line first. Nothing was booked."
    )


def give_up_transfer(
    *,
    kind: ExpectationKind,
    transfer_id: int,
    evidence: Evidence,
    reason: str = "",
    now: datetime,
    actor: Actor,
) -> None:
    """Owe again what a payout or refund should have paid; it is paid anew, and expected no more.

    ``evidence`` says by what it is certain that it did not happen; a person says why (``reason``).
    Raises ``ReasonMissing``, ``TransferNotInDoubt`` or ``LineMayBeIt``, having changed nothing.
    """
    if evidence is Evidence.PERSON and not reason.strip():
        raise ReasonMissing
    with transaction(), operator_scope("settlement"):
        transfer = _locked(kind, transfer_id)
        if _may_be_on_a_line(kind, transfer):
            raise LineMayBeIt
        if not unexpect(kind=kind, subject_id=transfer_id, now=now):
            # A part of it came.
            raise TransferNotInDoubt
        audit.record(
            actor=actor,
            action="transfer_given_up",
            object_type=kind.value,
            object_id=transfer_id,
            merchant_id=transfer.merchant_id,
            mode=transfer.mode,
            data={"by": evidence.value, "reason": " ".join(reason.split())[:200]},
        )
        _owe_again(transfer, evidence, now=now, actor=actor)


def _locked(kind: ExpectationKind, transfer_id: int) -> Payout | Refund:
    """Return a transfer in doubt, the account locked that it would be taken from."""
    model: type[Payout | Refund] = Payout if kind is ExpectationKind.PAYOUT else Refund
    state = PayoutState.UNKNOWN if model is Payout else RefundState.UNKNOWN
    account = HouseAccount.objects.select_for_update(no_key=True)
    found = model.objects.filter(pk=transfer_id, state=state)
    account_id = found.values_list("house_account_id", flat=True).first()
    if account_id is None:
        raise TransferNotInDoubt
    account.get(pk=account_id)
    transfer: Payout | Refund | None = found.first()
    if transfer is None:
        raise TransferNotInDoubt
    return transfer


def _may_be_on_a_line(kind: ExpectationKind, transfer: Payout | Refund) -> bool:
    expected = Expectation.objects.filter(kind=kind, subject_id=transfer.pk).latest("pk")
    facts = {
        "account": expected.house_account_id,
        "expectation": expected.pk,
        "amount": expected.amount,
        # Whatever the hour, and the clock of the bank.
        "since": local_day(expected.expected_at) - A_DAY,
    }
    return bool(call(UNEXPLAINED, facts)[0][0])


def _owe_again(
    transfer: Payout | Refund, evidence: Evidence, *, now: datetime, actor: Actor
) -> None:
    today = local_day(now)
    if isinstance(transfer, Payout):
        return_payout(
            payout_id=transfer.pk,
            reason=transfer.doubt,
            returned_on=today,
            given_up_by=evidence,
            now=now,
            actor=actor,
        )
    else:
        return_refund(
            refund_id=transfer.pk,
            reason=transfer.doubt,
            returned_on=today,
            given_up_by=evidence,
            now=now,
            actor=actor,
        )
