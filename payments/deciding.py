"""What the decisions of people about bank lines share: what may be decided, and what follows."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction_required
from okplatform.kernel.errors import Refusal
from payments.chart import IN_TRANSIT, SUSPENSE
from payments.events.expectations import ExpectationFulfilled, ExpectationReturned
from payments.ledger import AccountRef
from payments.models import (
    BankEntry,
    EntryDecision,
    EntryState,
    Expectation,
    ExpectationState,
    HouseAccount,
    Match,
)


class EntryUnknown(Refusal):
    """There is no such bank line."""

    code = "entry_unknown"
    status = 404
    sentence = _("This bank line does not exist.")


class SharesDoNotAddUp(Refusal):
    """The shares are not the line: another sum, one of nothing, or two for the same."""

    code = "shares_do_not_add_up"
    status = 422
    sentence = _("The parts do not add up to the bank line. Nothing was booked.")


class ReasonMissing(Refusal):
    """What is booked to suspense, or decided anew, says why."""

    code = "reason_missing"
    status = 422
    sentence = _("Say why, so that a colleague understands it later. Nothing was booked.")


class ExpectationUnknown(Refusal):
    """Nothing of this number is expected on this account."""

    code = "expectation_unknown"
    status = 404
    sentence = _("This is not expected on this account. Nothing was booked.")


class ShareDoesNotFit(Refusal):
    """It is more than what is still to come of ``expectation_id``, and no return of the whole."""

    code = "share_does_not_fit"
    status = 422
    sentence = _(
        "A part is more than what is still expected, and not all of it coming back."
        " Book the rest to suspense. Nothing was booked."
    )


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a line, in minor units with the line's sign: for an expectation, or (None) unknown.

    What nobody knows goes to the suspense account.
    """

    expectation_id: int | None
    amount: int


@transaction_required
def locked(entry_id: int) -> BankEntry:
    """Return a line, its account locked; raises ``EntryUnknown``.

    One at a time decides about an account: a person here, match_entries, and unexpect.
    """
    account_id = (
        BankEntry.objects.filter(pk=entry_id).values_list("house_account_id", flat=True).first()
    )
    if account_id is None:
        raise EntryUnknown
    HouseAccount.objects.select_for_update(no_key=True).get(pk=account_id)
    return BankEntry.objects.get(pk=entry_id)


def check_shares(entry: BankEntry, shares: Sequence[Share], reason: str) -> None:
    """Raise ``SharesDoNotAddUp`` or ``ReasonMissing`` unless the shares are the line, explained."""
    known = [share.expectation_id for share in shares]
    if (
        sum(share.amount for share in shares) != entry.amount
        or any(share.amount == 0 for share in shares)
        or len(set(known)) != len(known)
    ):
        raise SharesDoNotAddUp
    if None in known and not reason.strip():
        raise ReasonMissing


def state_of(shares: Sequence[Share]) -> EntryState:
    """Return where a line of these shares stands."""
    if len(shares) > 1:
        return EntryState.SPLIT
    is_known = any(share.expectation_id is not None for share in shares)
    return EntryState.MATCHED if is_known else EntryState.SUSPENSE


@transaction_required
def take_shares(entry: BankEntry, shares: Sequence[Share], *, now: datetime) -> Counter[str]:
    """Give each expectation its share and tell what it led to; return how much is where.

    By the kind of account, as ``placed`` says it. Raises ``ExpectationUnknown`` or
    ``ShareDoesNotFit``.
    """
    wanted = {share.expectation_id for share in shares} - {None}
    found = Expectation.objects.filter(
        house_account_id=entry.house_account_id, currency=entry.currency
    ).in_bulk(wanted)
    if wanted - set(found):
        raise ExpectationUnknown
    for share in shares:
        if share.expectation_id is not None:
            _take(entry, found[share.expectation_id], share.amount, now=now)
    return placed(shares, found)


def placed(shares: Sequence[Share], expectations: Mapping[int, Expectation]) -> Counter[str]:
    """Return how much of the shares stands on which kind of account."""
    parts: Counter[str] = Counter()
    for share in shares:
        expected = expectations.get(share.expectation_id or 0)
        parts[(IN_TRANSIT[expected.kind] if expected else SUSPENSE).kind] += share.amount
    return parts


def ours(entry: BankEntry, kind: str) -> AccountRef:
    """Return an account in the ledger of the house account that a line is on."""
    return AccountRef(kind, entry.house_account_id, entry.currency)


@transaction_required
def keep_decision(
    entry: BankEntry, shares: Sequence[Share], reason: str, *, now: datetime, actor: Actor
) -> EntryDecision:
    """Write down who decided what, and why."""
    return EntryDecision.objects.create(
        entry=entry,
        number=EntryDecision.objects.filter(entry=entry).count() + 1,
        shares=[[share.expectation_id, share.amount] for share in shares],
        suspense=sum(share.amount for share in shares if share.expectation_id is None),
        reason=" ".join(reason.split())[:200],
        actor_kind=actor.kind,
        actor_id=actor.id,
        decided_at=now,
    )


def facts_of(entry: BankEntry, expectation: Expectation) -> dict[str, Any]:
    """Return what an event tells of an expectation that a line came for."""
    return {
        "expectation_id": expectation.pk,
        "kind": expectation.kind,
        "subject_id": expectation.subject_id,
        "amount": expectation.amount,
        "booked_on": entry.booked_on.isoformat(),
    }


def _take(entry: BankEntry, expectation: Expectation, amount: int, *, now: datetime) -> None:
    """Count a share as come, or all of the expectation as returned, and tell what it led to."""
    was_open = expectation.state == ExpectationState.OPEN
    is_return = _is_return(amount, expectation)
    if is_return:
        expectation.state, expectation.reason = ExpectationState.RETURNED, entry.reason[:35]
    elif not _is_part(amount, expectation):
        raise ShareDoesNotFit(expectation_id=expectation.pk)
    else:
        expectation.outstanding -= amount
        if was_open and not expectation.outstanding:
            expectation.state = ExpectationState.FULFILLED
    expectation.changed_at = now
    expectation.save(update_fields=["state", "outstanding", "reason", "changed_at"])
    Match.objects.create(
        entry=entry,
        expectation=expectation,
        house_account_id=entry.house_account_id,
        mode=entry.mode,
        amount=amount,
        is_return=is_return,
    )
    if is_return or (was_open and not expectation.outstanding):
        _tell(entry, expectation, now=now)


def fits(amount: int, expectation: Expectation) -> bool:
    """Say whether a share of this amount may be taken: a part of what is to come, or its return."""
    return _is_part(amount, expectation) or _is_return(amount, expectation)


def _is_return(amount: int, expectation: Expectation) -> bool:
    """Say whether an amount is all of what came, or was to come, coming back."""
    return (
        amount == -expectation.amount
        and expectation.outstanding in (0, expectation.amount)
        and expectation.state in (ExpectationState.OPEN, ExpectationState.FULFILLED)
    )


def _is_part(amount: int, expectation: Expectation) -> bool:
    """Say whether an amount is (a part of) what is still to come."""
    awaited = expectation.state != ExpectationState.CANCELLED
    same_sign = (amount > 0) == (expectation.outstanding > 0)
    return awaited and same_sign and abs(amount) <= abs(expectation.outstanding)


def _tell(entry: BankEntry, expectation: Expectation, *, now: datetime) -> None:
    facts = facts_of(entry, expectation)
    event = (
        ExpectationReturned(**facts, reason=expectation.reason)
        if expectation.state == ExpectationState.RETURNED
        else ExpectationFulfilled(**facts)
    )
    events.publish(event, now=now, mode=entry.mode)
