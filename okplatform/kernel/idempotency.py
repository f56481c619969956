"""Idempotency-Key on every POST (IETF draft-ietf-httpapi-idempotency-key-header).

Same key, same body: the stored decision. Same key, other body: 422. Still running: 409 with
Retry-After. Kept thirty days. A lease frees the key of a process that died. What is kept is the
decision, never facts about a person: those are rendered anew, through consent, at each replay.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.utils.translation import gettext_lazy as _

from okplatform.kernel import db
from okplatform.kernel.errors import Refusal

KEPT = timedelta(days=30)
LEASE = timedelta(seconds=30)
LONGEST_KEY = 255

# A new key, or one whose holder's lease ran out before it decided, is ours; anything else returns
# no row.
CLAIM = """
INSERT INTO kernel_idempotencykey AS held (owner, key, body_hash, lease_until, created_at)
VALUES (%(owner)s, %(key)s, %(body_hash)s, %(lease_until)s, %(now)s)
ON CONFLICT (owner, key) DO UPDATE SET lease_until = excluded.lease_until
WHERE held.status IS NULL AND held.lease_until < %(now)s AND held.body_hash = excluded.body_hash
RETURNING id
"""


class KeyMalformed(Refusal):
    """The key is empty or longer than 255 characters."""

    code = "idempotency_key_malformed"
    status = 400
    sentence = _("The Idempotency-Key must have 1 to 255 characters.")


class KeyReused(Refusal):
    """The key came before with another body."""

    code = "idempotency_key_reused"
    status = 422
    sentence = _("This Idempotency-Key was used for something else. Use a new one.")


class StillRunning(Refusal):
    """The first request with this key has not answered yet."""

    code = "idempotency_still_running"
    status = 409
    sentence = _("The first request with this key is still running. Ask again in a moment.")


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided under a key: an HTTP status and JSON-able facts to render from."""

    status: int
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to decide under a key, for as long as the lease is ours.

    A lease that ran out may be another's by now: then the row carries that other's lease.
    """

    owner: str
    key: str
    lease_until: datetime

    @db.transaction_required
    def settle(self, decision: Decision) -> None:
        """Keep the decision, in the transaction of the action that made it.

        Raises ``StillRunning`` if another took the key over, so that the action is undone.
        """
        kept = db.call(
            "UPDATE kernel_idempotencykey SET status = %s, decision = %s::jsonb, lease_until = NULL"
            " WHERE owner = %s AND key = %s AND lease_until = %s RETURNING id",
            [
                decision.status,
                orjson.dumps(decision.facts).decode(),
                self.owner,
                self.key,
                self.lease_until,
            ],
        )
        if not kept:
            raise StillRunning(retry_after=1)

    def release(self) -> None:
        """Free the key after a failure that decided nothing."""
        db.call(
            "DELETE FROM kernel_idempotencykey WHERE owner = %s AND key = %s AND lease_until = %s",
            [self.owner, self.key, self.lease_until],
        )


def claim(*, owner: str, key: str, body_hash: bytes, now: datetime) -> Claim | Decision:
    """Take the right to decide under ``key``, or return what was decided.

    ``owner`` is whose keys these are (a merchant and mode); ``body_hash`` SHA-256 of the body.
    Raises ``KeyMalformed``, ``KeyReused`` or ``StillRunning`` (with ``retry_after`` seconds). Call
    it outside a transaction: others must see the claim at once.
    """
    if not 1 <= len(key) <= LONGEST_KEY:
        raise KeyMalformed
    lease_until = now + LEASE
    with db.durable():
        ours = db.call(
            CLAIM,
            {
                "owner": owner,
                "key": key,
                "body_hash": body_hash,
                "lease_until": lease_until,
                "now": now,
            },
        )
    if ours:
        return Claim(owner, key, lease_until)
    return _earlier(owner=owner, key=key, body_hash=body_hash, now=now)


def _earlier(*, owner: str, key: str, body_hash: bytes, now: datetime) -> Decision:
    rows = db.call(
        "SELECT body_hash, status, decision::text, lease_until FROM kernel_idempotencykey"
        " WHERE owner = %s AND key = %s",
        [owner, key],
    )
    if not rows:  # released between the two statements: the client's next try takes it
        raise StillRunning(retry_after=1)
    known_hash, status, decision, lease_until = rows[0]
    if bytes(known_hash) != body_hash:
        raise KeyReused
    if status is None:
        raise StillRunning(retry_after=max(1, int((lease_until - now).total_seconds())))
    return Decision(status, orjson.loads(decision))


def forget(*, now: datetime) -> None:
    """Drop keys older than thirty days."""
    db.call("DELETE FROM kernel_idempotencykey WHERE created_at < %s", [now - KEPT])
