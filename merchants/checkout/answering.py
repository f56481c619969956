"""From what happened to what the till is told, the shopper's facts asked anew each time."""

from dataclasses import replace
from typing import Any

from loyalty.queries import points_of
from merchants.checkout.actions.close import Paid
from merchants.checkout.actions.disclose import disclose
from merchants.checkout.answers import MemberFacts, render
from merchants.checkout.call import Call
from merchants.checkout.facts import SaleFacts
from merchants.checkout.gift_cards import GIFT_CARD
from merchants.checkout.pricing import Priced, Shopper, facts_of
from okplatform.kernel.db import transaction
from payments.gift_card_queries import spent_on
from wallet.consents import name_if_consented


def answer(*, call: Call, outcome: Priced | Paid | SaleFacts) -> dict[str, Any]:
    """Return the till's answer to a sale just quoted, just paid, or read back."""
    if isinstance(outcome, SaleFacts):
        return render(with_gift_cards(call, outcome), member=_member_again(call, outcome))
    if isinstance(outcome, Priced):
        return render(facts_of(call, outcome), member=_member(outcome, None))
    facts = facts_of(call, outcome.priced)
    closed = replace(
        facts, state="closed", tenders=outcome.tenders, near_misses=(), closed_at=call.now
    )
    return render(with_gift_cards(call, closed), member=_member(outcome.priced, outcome.balance))


def with_gift_cards(call: Call, facts: SaleFacts) -> SaleFacts:
    """Return a sale with what is left on the gift cards that paid it, if any did."""
    if not any(tender.kind == GIFT_CARD for tender in facts.tenders):
        return facts
    key = call.key
    spent = spent_on(merchant_id=key.merchant_id, mode=key.mode, uuid=key.uuid)
    return replace(facts, gift_cards=spent)


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
        tier=priced.loyalty.tier._asdict() if priced.loyalty.tier else None,
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
        points_balance=points.balance + points.elsewhere if points else None,
        points_name=points.name if points else None,
        tier=points.tier if points else None,
    )
