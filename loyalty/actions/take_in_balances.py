"""Take a file of balances in: asked by a person, done by a worker, whole or not at all."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from loyalty.actions.open_balance_file import in_hand, sheet_in_hand
from loyalty.balance_files import Balance, read
from loyalty.balance_keys import key_of
from loyalty.models import BalanceImport, ImportState
from loyalty.models.balance import WAITS
from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import merchant_scope

CLAIM_LASTS = timedelta(minutes=10)
MOST_ATTEMPTS = 3
AT_ONCE = 2_000

# Whoever comes second changes no row. What died is begun anew: what it wrote stays, once.
CLAIM = """
UPDATE loyalty_balance_import
SET state = 'running', claimed_until = %(until)s, attempts = attempts + 1, done = 0
WHERE id = %(file)s AND attempts < %(most)s AND (
    state = 'asked' OR state = 'running' AND claimed_until <= %(now)s)
RETURNING merchant_id, attempts
"""
WRITE = """
INSERT INTO loyalty_waiting_balance
    (source_id, merchant_id, mode, card_key, email_key, points, ends_at, forget_at)
SELECT %(file)s, %(merchant)s, %(mode)s, said.card, said.email, said.points, said.ends, %(forget)s
FROM unnest(%(cards)s::bytea[], %(emails)s::bytea[], %(points)s::bigint[], %(ends)s::timestamptz[])
    AS said (card, email, points, ends)
WHERE NOT EXISTS (
    SELECT FROM loyalty_waiting_balance known
    WHERE (known.merchant_id, known.mode) = (%(merchant)s, %(mode)s)
        AND (known.card_key = said.card OR known.email_key = said.email))
ON CONFLICT DO NOTHING
"""
TELL = """
UPDATE loyalty_balance_import SET done = done + %(lines)s
WHERE id = %(file)s AND state = 'running' AND attempts = %(attempt)s RETURNING id
"""
FINISH = """
UPDATE loyalty_balance_import SET state = 'done', locked = NULL, claimed_until = NULL,
    done = total, ended_at = %(now)s, brought = (
        SELECT count(*) FROM loyalty_waiting_balance WHERE source_id = %(file)s)
WHERE id = %(file)s AND state = 'running' AND attempts = %(attempt)s RETURNING brought, mode
"""
GIVE_UP = """
WITH given_up AS (
    UPDATE loyalty_balance_import
    SET state = 'failed', locked = NULL, claimed_until = NULL, ended_at = %(now)s
    WHERE id = %(file)s AND attempts >= %(most)s AND state = 'running' AND claimed_until <= %(now)s
    RETURNING id
)
DELETE FROM loyalty_waiting_balance WHERE source_id IN (SELECT id FROM given_up)
"""


class BalanceFileFaulty(Refusal):
    """The dry run found something wrong, or there was none."""

    code = "balance_file_faulty"
    status = 422
    sentence = _("This file cannot come in as it is: see what is wrong with it. Nothing came in.")


def ask_balances(*, merchant_id: int, uuid: UUID, actor: Actor) -> None:
    """Ask for a file to be taken in that was tried and has no fault.

    Raises ``BalanceImportUnknown`` or ``BalanceFileFaulty``.
    """
    with db.transaction(), merchant_scope(merchant_id):
        file = in_hand(uuid)
        if file.report is None or file.report["faulty"] or not file.report["members"]:
            raise BalanceFileFaulty
        file.state, file.total = ImportState.ASKED, file.report["members"]
        file.save(update_fields=("state", "total"))
        audit.record(
            actor=actor,
            action="balances_asked",
            object_type="balance_import",
            object_id=file.pk,
            merchant_id=merchant_id,
            mode=file.mode,
            data={"members": file.report["members"], "points": file.report["points"]},
        )


def take_in_balances(*, file_id: int, actor: Actor, now: datetime) -> bool:
    """Take a file in that was asked for; return whether this call did.

    In parts, and nothing of it can be claimed before all is there. Who is in already (by card or
    address) stays as they are. What failed three times leaves nothing.
    """
    said = {"file": file_id, "now": now, "until": now + CLAIM_LASTS, "most": MOST_ATTEMPTS}
    with db.transaction():
        db.call(GIVE_UP, said)
        rows = db.call(CLAIM, said)
    if not rows:
        return False
    merchant_id, attempt = rows[0]
    with merchant_scope(merchant_id):
        file = BalanceImport.objects.select_related("merchant").get(pk=file_id)
        # As on the day it was tried; last days of a programme that ends none are not used.
        today = file.read_at.astimezone(ZoneInfo(file.merchant.timezone)).date()
        outcome = read(sheet_in_hand(file), file.columns, today=today, ends_allowed=True)
        for part in _parts_of(outcome.balances):
            if not _write(file, part, attempt, now=now):
                return False
        return _finish(file, attempt, actor=actor, now=now)


def _parts_of(balances: Sequence[Balance]) -> list[Sequence[Balance]]:
    return [balances[at : at + AT_ONCE] for at in range(0, len(balances), AT_ONCE)]


def _write(file: BalanceImport, part: Sequence[Balance], attempt: int, *, now: datetime) -> bool:
    """Write a part, and say how far it is; False where somebody else has taken over."""
    zone, merchant = ZoneInfo(file.merchant.timezone), file.merchant_id
    midnights = [
        one.ends and datetime.combine(one.ends + timedelta(days=1), time(), zone) for one in part
    ]
    said = {
        "file": file.pk,
        "merchant": merchant,
        "mode": file.mode,
        "attempt": attempt,
        "lines": len(part),
        "forget": now + WAITS,
        "cards": [key_of(merchant, "card", one.card) for one in part],
        "emails": [key_of(merchant, "email", one.email) for one in part],
        "points": [one.points for one in part],
        "ends": midnights,
    }
    with db.transaction():
        if not db.call(TELL, said):
            return False
        db.call(WRITE, said)
    return True


def _finish(file: BalanceImport, attempt: int, *, actor: Actor, now: datetime) -> bool:
    with db.transaction():
        rows = db.call(FINISH, {"file": file.pk, "attempt": attempt, "now": now})
        for brought, mode in rows:
            audit.record(
                actor=actor,
                action="balances_taken_in",
                object_type="balance_import",
                object_id=file.pk,
                merchant_id=file.merchant_id,
                mode=mode,
                data={"members": brought},
            )
    return bool(rows)
