"""Decide, as a person, what a line in the work queue came for."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from payments.chart import (
    CLIENT_MONEY,
)
from payments.deciding import (
    Share,
    check_shares,
    keep_decision,
    locked,
    ours,
    state_of,
    take_shares,
)
from payments.ledger import post
from payments.models import BankEntry, EntryState, MatchRule, Suggestion
from payments.postings import (
    BANK_LINE,
)


class EntryDecided(Refusal):
    """Somebody was first, or the line books nothing."""

    code = "entry_decided"
    sentence = _("This bank line is no longer in the work queue. Nothing was booked now.")


def decide_entry(
    *, entry_id: int, shares: Sequence[Share], now: datetime, actor: Actor, reason: str = ""
) -> None:
    """Take a line from the work queue: its shares are what it came for.

    A share of an expectation is at most what is still to come of it; one of the other sign returns
    the whole. What goes to suspense has a ``reason``. Raises ``EntryUnknown``, ``EntryDecided``,
    ``SharesDoNotAddUp``, ``ReasonMissing``, ``ExpectationUnknown`` or ``ShareDoesNotFit``, having
    changed nothing.
    """
    with transaction():
        entry = locked(entry_id)
        mine = BankEntry.objects.filter(pk=entry_id, state=EntryState.QUEUED)
        if not mine.update(state=state_of(shares), rule=MatchRule.PERSON, doubt=""):
            raise EntryDecided
        check_shares(entry, shares, reason)
        parts = take_shares(entry, shares, now=now)
        post(
            kind=BANK_LINE,
            reference=str(entry.pk),
            mode=entry.mode,
            entries=[
                (ours(entry, CLIENT_MONEY.kind), -entry.amount),
                *((ours(entry, kind), amount) for kind, amount in parts.items() if amount),
            ],
            now=now,
        )
        Suggestion.objects.filter(entry=entry).delete()
        decision = keep_decision(entry, shares, reason, now=now, actor=actor)
        audit.record(
            actor=actor,
            action="bank_entry_decided",
            object_type="bank_entry",
            object_id=entry_id,
            mode=entry.mode,
            data={"shares": decision.shares, "reason": decision.reason},
        )
