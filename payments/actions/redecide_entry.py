"""Decide anew what a bank line came for: take a decision back, or book it out of suspense."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import operator_scope
from payments.deciding import (
    ReasonMissing,
    Share,
    check_shares,
    facts_of,
    keep_decision,
    locked,
    ours,
    placed,
    state_of,
    take_shares,
)
from payments.events.expectations import ExpectationReopened
from payments.ledger import post
from payments.models import (
    BankEntry,
    EntryState,
    Expectation,
    ExpectationKind,
    ExpectationState,
    Invoice,
    Match,
    MatchRule,
)
from payments.postings import (
    BANK_LINE_REBOOKED,
)

STILL_DUE = (ExpectationState.OPEN, ExpectationState.FULFILLED)
DECIDED = (EntryState.MATCHED, EntryState.SPLIT, EntryState.SUSPENSE)
TAKE_BACK = "SELECT match_take_back(%s)"


class EntryNotDecided(Refusal):
    """It still waits in the work queue, or books nothing."""

    code = "entry_not_decided"
    sentence = _("Nothing was decided about this bank line yet. Nothing was booked now.")


class DecisionStands(Refusal):
    """Something came back by this line or since, or the invoice that it paid was credited.

    What that led to cannot be undone: a debt owed anew, a mandate closed, payouts paused, the next
    attempt of a refund; an amount that the merchant has back.
    """

    code = "decision_stands"
    sentence = _(
        "More was done because of this bank line: what was decided stands. Nothing was booked now."
    )


def redecide_entry(
    *, entry_id: int, shares: Sequence[Share], reason: str, now: datetime, actor: Actor
) -> None:
    """Replace what a line came for, by whatever rule or person that was decided.

    To take a decision back is to book the line to suspense, from where it is booked out in the same
    way. What it had fulfilled is expected again, and told so; the money moves in a posting of its
    own (``bank_line_rebooked``), the line stays booked. Raises what ``decide_entry`` raises, and
    ``EntryNotDecided`` or ``DecisionStands``, having changed nothing.
    """
    if not reason.strip():
        raise ReasonMissing
    with transaction():
        entry = locked(entry_id)
        if entry.state not in DECIDED:
            raise EntryNotDecided
        check_shares(entry, shares, reason)
        before = _take_back(entry, now=now)
        change = take_shares(entry, shares, now=now)
        change.subtract(before)
        BankEntry.objects.filter(pk=entry_id).update(
            state=state_of(shares), rule=MatchRule.PERSON, doubt=""
        )
        decision = keep_decision(entry, shares, reason, now=now, actor=actor)
        lines = [(ours(entry, kind), amount) for kind, amount in change.items() if amount]
        # From one collection to another nothing moves in the ledger.
        if lines:
            post(
                kind=BANK_LINE_REBOOKED,
                reference=f"{entry_id}-{decision.number}",
                mode=entry.mode,
                entries=lines,
                now=now,
            )
        audit.record(
            actor=actor,
            action="bank_entry_redecided",
            object_type="bank_entry",
            object_id=entry_id,
            mode=entry.mode,
            data={"shares": decision.shares, "reason": decision.reason, "before": dict(before)},
        )


def _take_back(entry: BankEntry, *, now: datetime) -> Counter[str]:
    """Expect again what the line came for; return how much it had on which kind of account."""
    matches = list(Match.objects.filter(entry=entry).select_related("expectation"))
    if any(match.is_return or _is_built_on(match.expectation) for match in matches):
        raise DecisionStands
    call(TAKE_BACK, [entry.pk])
    for match in matches:
        expectation = match.expectation
        was_fulfilled = expectation.state == ExpectationState.FULFILLED
        expectation.outstanding += match.amount
        expectation.state, expectation.changed_at = ExpectationState.OPEN, now
        expectation.save(update_fields=["state", "outstanding", "changed_at"])
        if was_fulfilled:
            reopened = ExpectationReopened(**facts_of(entry, expectation))
            events.publish(reopened, now=now, mode=entry.mode)
    shares = [Share(match.expectation_id, match.amount) for match in matches]
    rest = entry.amount - sum(share.amount for share in shares)
    if rest:
        shares.append(Share(None, rest))
    return placed(shares, {match.expectation_id: match.expectation for match in matches})


def _is_built_on(expectation: Expectation) -> bool:
    """Say whether something rests on what came for it; whoever adds to that holds the account."""
    if expectation.state not in STILL_DUE:
        return True
    if expectation.kind != ExpectationKind.INVOICE:
        return False
    with operator_scope("bank lines"):
        return bool(Invoice.objects.filter(credits_id=expectation.subject_id).exists())
