"""Decide, as a person, what a line in the work queue came for."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit, events
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from payments.chart import BANK_LINE, CLIENT_MONEY, IN_TRANSIT, SUSPENSE
from payments.events import ExpectationFulfilled, ExpectationReturned
from payments.ledger import AccountRef, post
from payments.models import (
    BankEntry,
    EntryState,
    Expectation,
    ExpectationState,
    HouseAccount,
    Match,
    MatchRule,
    Suggestion,
)


class EntryUnknown(Refusal):
    """There is no such bank line."""

    code = "entry_unknown"
    status = 404
    sentence = _("This bank line does not exist.")


class EntryDecided(Refusal):
    """Somebody was first, or the line books nothing."""

    code = "entry_decided"
    sentence = _("This bank line is no longer in the work queue. Nothing was booked now.")


class SharesDoNotAddUp(Refusal):
    """The shares are not the line: another sum, one of nothing, or two for the same."""

    code = "shares_do_not_add_up"
    status = 422
    sentence = _("The parts do not add up to the bank line. Nothing was booked.")


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


def decide_entry(*, entry_id: int, shares: Sequence[Share], now: datetime, actor: Actor) -> None:
    """Take a line from the work queue: its shares are what it came for.

    A share of an expectation is at most what is still to come of it; one of the other sign returns
    the whole. Raises ``EntryUnknown``, ``EntryDecided``, ``SharesDoNotAddUp``,
    ``ExpectationUnknown`` or ``ShareDoesNotFit``, having changed nothing.
    """
    with transaction():
        entry = _claim(entry_id, shares)
        expectations = _held(entry, shares)
        for share in shares:
            if share.expectation_id is not None:
                _take(entry, expectations[share.expectation_id], share.amount, now=now)
        _book(entry, shares, expectations, now=now)
        Suggestion.objects.filter(entry=entry).delete()
        audit.record(
            actor=actor,
            action="bank_entry_decided",
            object_type="bank_entry",
            object_id=entry_id,
            mode=entry.mode,
            data={"shares": [[share.expectation_id, share.amount] for share in shares]},
        )


def _claim(entry_id: int, shares: Sequence[Share]) -> BankEntry:
    """Return the line, now ours: whoever comes second finds it decided."""
    entry = BankEntry.objects.filter(pk=entry_id).first()
    if entry is None:
        raise EntryUnknown
    # One at a time decides about an account: here, in match_entries and in unexpect.
    HouseAccount.objects.select_for_update(no_key=True).get(pk=entry.house_account_id)
    mine = BankEntry.objects.filter(pk=entry_id, state=EntryState.QUEUED)
    if not mine.update(state=_state(shares), rule=MatchRule.PERSON, doubt=""):
        raise EntryDecided
    known = [share.expectation_id for share in shares]
    if (
        sum(share.amount for share in shares) != entry.amount
        or any(share.amount == 0 for share in shares)
        or len(set(known)) != len(known)
    ):
        raise SharesDoNotAddUp
    return entry


def _state(shares: Sequence[Share]) -> EntryState:
    if len(shares) > 1:
        return EntryState.SPLIT
    is_known = any(share.expectation_id is not None for share in shares)
    return EntryState.MATCHED if is_known else EntryState.SUSPENSE


def _held(entry: BankEntry, shares: Sequence[Share]) -> dict[int, Expectation]:
    """Return the expectations of the shares; its account is locked, so nobody changes them."""
    wanted = {share.expectation_id for share in shares} - {None}
    found = Expectation.objects.filter(
        house_account_id=entry.house_account_id, currency=entry.currency
    ).in_bulk(wanted)
    if wanted - set(found):
        raise ExpectationUnknown
    return found


def _take(entry: BankEntry, expectation: Expectation, amount: int, *, now: datetime) -> None:
    """Count a share as come, or all of the expectation as returned, and tell what it led to."""
    was_open = expectation.state == ExpectationState.OPEN
    is_whole = expectation.outstanding in (0, expectation.amount)
    is_return = (
        amount == -expectation.amount
        and is_whole
        and (was_open or expectation.state == ExpectationState.FULFILLED)
    )
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


def _is_part(amount: int, expectation: Expectation) -> bool:
    """Say whether an amount is (a part of) what is still to come."""
    awaited = expectation.state != ExpectationState.CANCELLED
    same_sign = (amount > 0) == (expectation.outstanding > 0)
    return awaited and same_sign and abs(amount) <= abs(expectation.outstanding)


def _tell(entry: BankEntry, expectation: Expectation, *, now: datetime) -> None:
    facts: dict[str, Any] = {
        "expectation_id": expectation.pk,
        "kind": expectation.kind,
        "subject_id": expectation.subject_id,
        "amount": expectation.amount,
        "booked_on": entry.booked_on.isoformat(),
    }
    event = (
        ExpectationReturned(**facts, reason=expectation.reason)
        if expectation.state == ExpectationState.RETURNED
        else ExpectationFulfilled(**facts)
    )
    events.publish(event, now=now, mode=entry.mode)


def _book(
    entry: BankEntry,
    shares: Sequence[Share],
    expectations: dict[int, Expectation],
    *,
    now: datetime,
) -> None:
    """Book the line on the account where each share of it was, or will be looked for."""
    parts: Counter[str] = Counter()
    for share in shares:
        expected = expectations.get(share.expectation_id or 0)
        parts[(IN_TRANSIT[expected.kind] if expected else SUSPENSE).kind] += share.amount

    def ours(kind: str) -> AccountRef:
        return AccountRef(kind, entry.house_account_id, entry.currency)

    lines = [(ours(kind), amount) for kind, amount in parts.items() if amount]
    post(
        kind=BANK_LINE,
        reference=str(entry.pk),
        mode=entry.mode,
        entries=[(ours(CLIENT_MONEY.kind), -entry.amount), *lines],
        now=now,
    )
