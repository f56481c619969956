"""What OK's own people see of its bank accounts: lines that wait, decisions, files, debts.

Reads, of all merchants. Amounts in minor units as our account sees them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Subquery, Sum

from okplatform.kernel.modes import Mode
from payments.deciding import fits
from payments.models import (
    BankEntry,
    BankFile,
    Collection,
    EntryDecision,
    Expectation,
    ExpectationState,
    Match,
    OutgoingFile,
    Suggestion,
)
from payments.queries import debts, suggestions_for, waiting_reminders, work_queue
from payments.states import CollectionState, FileState

MOST_CANDIDATES = 5
WINDOW = timedelta(days=10)
"""How far from a line's day we look for something else of its amount."""
LATE = timedelta(days=3)
"""How long after its day a line is late: a statement comes a day later, or after a weekend."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What a line may have come for; ``fits`` says that all of the line may be matched with it."""

    expectation: Expectation
    rule: str
    fits: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """A line in the work queue, with what it may have come for, the likeliest first."""

    entry: BankEntry
    candidates: Sequence[Candidate]


@dataclass(frozen=True, slots=True)
class Debt:
    """A collection that came back: what is ``left`` of it, and when the next reminder goes."""

    collection: Collection
    left: int
    remind_at: datetime | None


def waiting_lines(*, mode: str, after: int | None, limit: int) -> Sequence[Waiting]:
    """Return lines of the work queue in the order in which they came."""
    queued = work_queue(mode=mode).filter(pk__gt=after or 0).order_by("pk")
    entries = list(queued[:limit])
    found = suggestions_for([entry.pk for entry in entries])
    return [Waiting(entry, _suggested(entry, found.get(entry.pk, []))) for entry in entries]


def candidates_for(entry: BankEntry) -> Sequence[Candidate]:
    """Return what a line may have come for: what was suggested, else what has its amount."""
    suggested = _suggested(entry, suggestions_for([entry.pk]).get(entry.pk, []))
    if suggested:
        return suggested
    alike = Expectation.objects.filter(
        house_account_id=entry.house_account_id,
        state=ExpectationState.OPEN,
        due_on__range=(entry.booked_on - WINDOW, entry.booked_on + WINDOW),
        outstanding=entry.amount,
        currency=entry.currency,
    )
    ordered = alike.order_by("due_on", "pk")[:MOST_CANDIDATES]
    return [Candidate(expectation, "", fits=True) for expectation in ordered]


def decisions(*, limit: int) -> Sequence[EntryDecision]:
    """Return the last decisions of people, the newest first."""
    found = EntryDecision.objects.select_related("entry")
    return list(found.order_by("-decided_at", "-entry_id", "-number")[:limit])


def in_suspense(*, limit: int) -> Sequence[EntryDecision]:
    """Return the decisions by which something stands in suspense now, the oldest lines first."""
    later = EntryDecision.objects.filter(
        entry_id=OuterRef("entry_id"), number__gt=OuterRef("number")
    )
    standing = EntryDecision.objects.exclude(suspense=0).filter(~Exists(later))
    return list(standing.select_related("entry").order_by("entry_id")[:limit])


def late_expectations(*, today: date, limit: int) -> Sequence[Expectation]:
    """Return what should have been on a statement by now, the longest overdue first."""
    late = Expectation.objects.filter(state=ExpectationState.OPEN, due_on__lt=today - LATE)
    return list(late.select_related("house_account").order_by("due_on", "pk")[:limit])


def decisions_about(entry_id: int) -> Sequence[EntryDecision]:
    """Return every decision about a line, the last one first."""
    return list(EntryDecision.objects.filter(entry_id=entry_id).order_by("-number"))


def matches_of(entry_id: int) -> Sequence[Match]:
    """Return what a line came for."""
    found = Match.objects.filter(entry_id=entry_id).select_related("expectation")
    return list(found.order_by("expectation_id"))


def lines_named(reference: str) -> Sequence[BankEntry]:
    """Return the lines that came for what we call this: an end-to-end id."""
    matches = Match.objects.filter(expectation__end_to_end_id=reference.strip())
    ids = list(matches.values_list("entry_id", flat=True)[:MOST_CANDIDATES])
    return list(BankEntry.objects.filter(pk__in=ids).order_by("pk"))


def expected_as(entry: BankEntry, reference: str) -> Expectation | None:
    """Return what is expected under an end-to-end id on the account of a line."""
    return Expectation.objects.filter(
        end_to_end_id=reference.strip(), house_account_id=entry.house_account_id
    ).first()


def refused_files(*, before: int | None, limit: int) -> Sequence[BankFile]:
    """Return the bank's files of which nothing was booked, the newest first."""
    refused = BankFile.objects.exclude(refusal="").order_by("-pk")
    return list((refused.filter(pk__lt=before) if before else refused)[:limit])


def doubtful_files() -> Sequence[OutgoingFile]:
    """Return our files of which nobody knows for certain whether the bank has them."""
    doubtful = OutgoingFile.objects.filter(state__in=(FileState.SENDING, FileState.UNKNOWN))
    return list(doubtful.defer("content").select_related("house_account").order_by("pk"))


def returned_debts(*, after: int | None, limit: int) -> Sequence[Debt]:
    """Return what shoppers owe because a collection came back, live, the oldest first."""
    reminders = waiting_reminders().filter(collection=OuterRef("pk"))
    owed = debts().filter(mode=Mode.LIVE, state=CollectionState.RETURNED, pk__gt=after or 0)
    found = owed.annotate(
        left=Sum("items__amount", default=0), remind_at=Subquery(reminders.values("due_at")[:1])
    )
    return [Debt(each, each.left, each.remind_at) for each in found[:limit]]


def _suggested(entry: BankEntry, suggestions: Sequence[Suggestion]) -> Sequence[Candidate]:
    return [
        Candidate(each.expectation, each.rule, fits(entry.amount, each.expectation))
        for each in suggestions
    ]
