"""What must hold of every sale, whatever the line did; in this order, the cause before its effects.

Judged by OK's own books beside what the till says: a till that only believes that it did well
does not pass.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from merchants.certification.evidence import (
    DID_NOT_HAPPEN,
    HAPPENED,
    OK,
    Evidence,
    basket_of,
    kinds_of,
    uuid_of,
)

FINAL = ("closed", "cancelled")


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a step held."""

    step: str
    is_met: bool


def comes_to_an_end(seen: Evidence) -> bool:
    """Hold that the till answered: it sold, or it said that it did not."""
    return seen.told is not None or seen.restarted is not None


def remembers(seen: Evidence) -> bool:
    """Hold that, back after a power cut, it asked about every sale that it had begun."""
    if not seen.scenario.restarts:
        return True
    before, after = seen.passages[: seen.before_restart], seen.passages[seen.before_restart :]
    begun = {uuid_of(one) for one in before if kinds_of(one)}
    return begun <= {uuid_of(one) for one in after}


def keeps_the_number(seen: Evidence) -> bool:
    """Hold that one sale has one number, until OK has said that it did not happen."""
    first_sent = []
    for uuid in seen.uuids:
        sent = (one for one in seen.passages if uuid_of(one) == uuid and OK in kinds_of(one))
        first_sent += [(uuid, one) for one in [next(sent, None)] if one is not None]
    return all(
        seen.heard(uuid, DID_NOT_HAPPEN, before=following)
        for (uuid, _), (_, following) in pairwise(first_sent)
    )


def repeats_the_same(seen: Evidence) -> bool:
    """Hold that what is sent again under a number and revision is the same, byte by meaning."""
    said: dict[tuple[str, str, str], str] = {}
    for one in seen.passages:
        if one.method in ("PUT", "POST") and uuid_of(one):
            name = (one.method, uuid_of(one), str(one.said.get("revision")))
            if said.setdefault(name, basket_of(one)) != basket_of(one):
                return False
    return True


def gives_on_word(seen: Evidence) -> bool:
    """Hold that goods for OK's money left only once OK had said that it happened."""
    paid_by = seen.told.paid_by if seen.told and not seen.restarted else OK
    if not seen.goods or paid_by != OK:
        return True
    return any(seen.heard(uuid, HAPPENED) for uuid in seen.uuids)


def gives_up_on_word(seen: Evidence) -> bool:
    """Hold that it gave up no sale, nor took other money for it, before OK had said so."""
    return all(
        seen.heard(uuid, HAPPENED) or seen.heard(uuid, DID_NOT_HAPPEN)
        for uuid in seen.uuids
        if any(OK in kinds_of(one) for one in seen.passages if uuid_of(one) == uuid)
    )


def leaves_none_open(seen: Evidence) -> bool:
    """Hold that every sale has its verdict in OK's books, late originals included."""
    return all(uuid in seen.facts and seen.facts[uuid].state in FINAL for uuid in seen.uuids)


def takes_money_once(seen: Evidence) -> bool:
    """Hold that the shopper paid no more than the goods cost."""
    return _paid(seen) <= _price(seen)


def gives_no_goods_unpaid(seen: Evidence) -> bool:
    """Hold that what left was paid."""
    return not seen.goods or _paid(seen) >= _price(seen)


def gives_what_was_paid(seen: Evidence) -> bool:
    """Hold that who paid got the goods, or is told after a power cut that it is paid."""
    return seen.goods or _paid(seen) == 0


def ends_as_it_must(seen: Evidence) -> bool:
    """Hold that it sold where nothing stood in the way, and did not where the shopper said no."""
    return seen.scenario.must is None or seen.goods == seen.scenario.must


def tells_the_cashier(seen: Evidence) -> bool:
    """Hold that the cashier could read what to do."""
    return bool(seen.messages) and all(message.strip() for message in seen.messages)


def _price(seen: Evidence) -> int:
    """Return what the goods cost: less than was asked where the shop gave something off."""
    due = [fact.due for fact in seen.facts.values() if fact.state == "closed"]
    return min(due, default=seen.scenario.price)


def _paid(seen: Evidence) -> int:
    facts = seen.facts.values()
    others = sum(fact.by_others for fact in facts)
    # A till that takes cash beside OK may not tell OK of it: then its own word counts.
    if seen.told and seen.told.goods and seen.told.paid_by not in (None, OK):
        others = max(others, _price(seen))
    return sum(fact.by_ok for fact in facts) + others


STEPS: Sequence[Callable[[Evidence], bool]] = (
    comes_to_an_end,
    remembers,
    keeps_the_number,
    repeats_the_same,
    gives_on_word,
    gives_up_on_word,
    leaves_none_open,
    takes_money_once,
    gives_no_goods_unpaid,
    gives_what_was_paid,
    ends_as_it_must,
    tells_the_cashier,
)


def judge(seen: Evidence) -> Iterator[Finding]:
    """Yield what became of each step; one that never ended is judged by nothing else."""
    for step in STEPS:
        if step is remembers and not seen.scenario.restarts:
            continue
        finding = Finding(step.__name__, step(seen))
        yield finding
        if step is comes_to_an_end and not finding.is_met:
            return
