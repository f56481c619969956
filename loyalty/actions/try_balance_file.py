"""Say which column holds what, and hear what the file would bring: a dry run."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from loyalty.actions.open_balance_file import in_hand, sheet_in_hand
from loyalty.balance_files import Outcome, Sheet, read
from loyalty.balance_keys import key_of
from loyalty.models import BalanceImport, Programme
from okplatform.kernel import db
from okplatform.kernel.tenancy import merchant_scope

MOST_FAULTS = 200
"""How many are kept and shown; all of them are counted."""

# Of a member who is in by card or address.
IN_ALREADY = """
SELECT count(*) FROM unnest(%(cards)s::bytea[], %(emails)s::bytea[]) AS said (card, email)
WHERE EXISTS (
    SELECT FROM loyalty_waiting_balance known
    WHERE (known.merchant_id, known.mode) = (%(merchant)s, %(mode)s)
        AND (known.card_key = said.card OR known.email_key = said.email))
"""


def try_balance_file(
    *, merchant_id: int, uuid: UUID, columns: Mapping[str, str], now: datetime
) -> BalanceImport:
    """Keep the columns and the report of what would come in; nothing else changes.

    Raises ``BalanceImportUnknown``.
    """
    with db.transaction(), merchant_scope(merchant_id):
        file = in_hand(uuid)
        sheet = sheet_in_hand(file)
        outcome = outcome_of(sheet, columns, now=now)
        file.columns = dict(columns)
        file.report = _report(file, sheet, outcome)
        file.save(update_fields=("columns", "report"))
        return file


def outcome_of(sheet: Sheet, columns: Mapping[str, str], *, now: datetime) -> Outcome:
    """Return what a file brings today by the merchant's calendar; the scope is open."""
    programme = Programme.objects.select_related("merchant").get()
    today = now.astimezone(ZoneInfo(programme.merchant.timezone)).date()
    return read(sheet, columns, today=today, ends_allowed=programme.keeps_lots)


def _report(file: BalanceImport, sheet: Sheet, outcome: Outcome) -> dict[str, Any]:
    merchant, balances = file.merchant_id, outcome.balances
    keys = {
        "cards": [key_of(merchant, "card", one.card) for one in balances],
        "emails": [key_of(merchant, "email", one.email) for one in balances],
        "merchant": merchant,
        "mode": file.mode,
    }
    return {
        "encoding": sheet.encoding,
        "delimiter": sheet.delimiter,
        "members": len(balances),
        "points": sum(one.points for one in balances),
        "without_points": outcome.without_points,
        "already": db.call(IN_ALREADY, keys)[0][0],
        "unused": list(outcome.unused),
        "faults": [[one.line, one.code, one.said] for one in outcome.faults[:MOST_FAULTS]],
        "faulty": len(outcome.faults),
    }
