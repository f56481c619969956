"""From what happened to what the till is told, the shopper's facts asked anew each time."""

from dataclasses import replace
from typing import Any

from loyalty.queries import points_of
from merchants.checkout.actions.close import Paid
from merchants.checkout.actions.disclose import disclose
from merchants.checkout.answers import MemberFacts, render
from merchants.checkout.call import Call
from merchants.checkout.facts import SaleFacts
from merchants.checkout.pricing import Priced, Shopper, facts_of
from okplatform.kernel.db import transaction
from wallet.consents import name_if_consented


def answer(*, call: Call, outcome: Priced | Paid | SaleFacts) -> dict[str, Any]:
    """Return the till's answer to a sale just quoted, just paid, or read back."""
    if isinstance(outcome, SaleFacts):
        return render(outcome, member=_member_again(call, outcome))
    if isinstance(outcome, Priced):
        return render(facts_of(call, outcome), member=_member(outcome, None))
    facts = facts_of(call, outcome.priced)
    closed = replace(
        facts, state="closed", tenders=outcome.tenders, near_misses=(), closed_at=call.now
    )
    return render(closed, member=_member(outcome.priced, outcome.balance))


def _member(priced: Priced, balance: int | None) -> MemberFacts | None:
    """Return what was learned on the way; the consent was joined a moment ago."""
    if priced.shopper is None:
        return None
    member, names = priced.loyalty.member, priced.loyalty.points_name
    before = member.points if member else None
    return MemberFacts(
        name=priced.shopper.name,
        points_balance=before if balance is None else balance,
        points_name=names._asdict() if member and names else None,
    )


def _member_again(call: Call, facts: SaleFacts) -> MemberFacts | None:
    """Ask for the name through consent as it is now, and tell the shopper that it was shown."""
    if facts.person_id is None:
        return None
    name = name_if_consented(person_id=facts.person_id, merchant_id=call.key.merchant_id)
    if name is not None:
        seen = Shopper(person_id=facts.person_id, handle=0, funding_ref=None, name=name)
        place = " · ".join(part for part in (facts.store, facts.terminal) if part)
        with transaction():
            disclose(call=call, shopper=seen, place=place)
    points = points_of(
        person_id=facts.person_id, merchant_id=call.key.merchant_id, mode=call.key.mode
    )
    return MemberFacts(
        name=name,
        points_balance=points.balance if points else None,
        points_name=points.name if points else None,
    )
