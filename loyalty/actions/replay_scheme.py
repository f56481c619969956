"""Try a draft on baskets of the past, and prove what must hold before it is published."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from loyalty.builder.proofs import Tried, generated, prove
from loyalty.builder.replay import Replay
from loyalty.builder.scheme import SchemeContent
from loyalty.engine import with_floors
from loyalty.models import ReplayState, SchemeReplay
from loyalty.queries.past_baskets import Past, past_of
from loyalty.scheme_rules import setting_of
from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.tenancy import merchant_scope

CLAIM_LASTS = timedelta(minutes=10)
"""Longer than any replay: one that has not ended by then died."""

MOST_ATTEMPTS = 3
TELLS_EVERY = 250
MOST_PROVED = 2_000
"""Of how many baskets of the past the proofs are tried; each takes several quotes."""

# Whoever comes second changes no row.
CLAIM = """
UPDATE loyalty_scheme_replay
SET state = 'running', claimed_until = %(until)s, attempts = attempts + 1, done = 0
WHERE id = %(replay)s AND attempts < %(most)s AND (
    state = 'waiting' OR state = 'running' AND claimed_until <= %(now)s)
RETURNING merchant_id, content, attempts
"""
GIVE_UP = """
UPDATE loyalty_scheme_replay SET state = 'failed', ended_at = %(now)s, claimed_until = NULL
WHERE id = %(replay)s AND state = 'running' AND claimed_until <= %(now)s AND attempts >= %(most)s
"""
TELL = """
UPDATE loyalty_scheme_replay SET done = %(done)s, total = %(total)s
WHERE id = %(replay)s AND state = 'running' AND attempts = %(attempt)s
"""


@dataclass(frozen=True, slots=True)
class _Run:
    """A replay under our claim."""

    replay: int
    attempt: int

    def tell(self, done: int, total: int) -> None:
        said = {"replay": self.replay, "attempt": self.attempt, "done": done, "total": total}
        with db.transaction():
            db.call(TELL, said)


def replay_scheme(*, replay_id: int, actor: Actor, now: datetime) -> bool:
    """Make a replay and keep what came of it; return whether this call did.

    Takes the merchant's own live sales of the last ninety days, or the sample where there are none.
    One that was begun and not ended is begun anew, three times at most. Progress is told while it
    runs. People stand in the result only as groups of ten and more.
    """
    moment = {"replay": replay_id, "now": now, "most": MOST_ATTEMPTS}
    with db.transaction():
        db.call(GIVE_UP, moment)
        rows = db.call(CLAIM, {**moment, "until": now + CLAIM_LASTS})
    if not rows:
        return False
    merchant_id, _content, attempt = rows[0]
    with merchant_scope(merchant_id):
        asked = SchemeReplay.objects.get(pk=replay_id)
        content = SchemeContent.from_json(asked.content)
        past = past_of(
            merchant_id=merchant_id,
            basket=content.answers.basket,
            now=now,
            goods=content.card.goods if content.card else None,
        )
        result, proofs = _work_out(_Run(replay_id, attempt), merchant_id, content, past)
        with db.transaction():
            return _keep(asked, attempt, past.source, result, proofs, actor=actor, now=now)


def _work_out(
    run: _Run, merchant_id: int, content: SchemeContent, past: Past
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    setting = setting_of(merchant_id, content)
    replay = Replay(setting.scene, weeks=past.weeks)
    step = max(past.total // MOST_PROVED, 1)
    tried = generated(setting.scene, zone=ZoneInfo(past.zone))
    run.tell(0, past.total)
    for done, bought in enumerate(past.baskets(), 1):
        basket = bought._replace(basket=with_floors(bought.basket, setting.floors))
        replay.add(basket)
        if not done % step:
            tried.append(Tried(basket.basket, basket.at))
        if not done % TELLS_EVERY:
            run.tell(done, past.total)
    run.tell(past.total, past.total)
    proofs = prove(setting.scene, setting.rules, setting.parents, tried)
    days = {"first_day": past.first.isoformat(), "last_day": past.last.isoformat()}
    return {**replay.result(), **days}, proofs


def _keep(
    asked: SchemeReplay,
    attempt: int,
    source: str,
    result: dict[str, Any],
    proofs: list[dict[str, Any]],
    *,
    actor: Actor,
    now: datetime,
) -> bool:
    kept: int = SchemeReplay.objects.filter(
        pk=asked.pk, state=ReplayState.RUNNING, attempts=attempt
    ).update(
        state=ReplayState.DONE,
        source=source,
        result=result,
        proofs=proofs,
        claimed_until=None,
        ended_at=now,
    )
    if kept:
        audit.record(
            actor=actor,
            action="scheme_replayed",
            object_type="scheme",
            object_id=asked.merchant_id,
            merchant_id=asked.merchant_id,
            data={
                "replay": asked.pk,
                "source": source,
                "baskets": result["baskets"],
                "proofs": {proof["name"]: proof["holds"] for proof in proofs},
            },
        )
    return bool(kept)
