"""Count wrong codes per till and per key, so that nobody can try codes until one fits.

A till key is a path, "<key>/<terminal>": each prefix is a bucket of its own, so a guesser who
spreads over a chain's tills is seen as well. A till scans a wrong code by accident now and then and
may do so ten times a minute; the key of a whole chain three hundred times.
"""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from okplatform.kernel.db import call, transaction
from okplatform.kernel.errors import Refusal
from wallet.models import GuessWindow

ALLOWED_PER_TILL = 10
ALLOWED_PER_KEY = 300

# Buckets in the order of their names, so that two tills of one key never wait for each other in a
# circle.
COUNT = """
INSERT INTO wallet_guesswindow AS open (bucket, opened_at, wrong, allowed)
SELECT bucket, %(now)s, 1, allowed
FROM unnest(%(buckets)s::text[], %(allowed)s::int[]) AS counted(bucket, allowed)
ORDER BY bucket
ON CONFLICT (bucket) DO UPDATE SET
    wrong = CASE WHEN open.opened_at <= %(closed)s THEN 1 ELSE open.wrong + 1 END,
    opened_at = CASE WHEN open.opened_at <= %(closed)s THEN excluded.opened_at
                     ELSE open.opened_at END,
    allowed = excluded.allowed
RETURNING opened_at, wrong > allowed
"""


class CodeThrottled(Refusal):
    """Too many wrong codes from this till; ``retry_after`` seconds until it may scan again."""

    code = "code_throttled"
    status = 429
    sentence = _("Too many wrong codes on this till. Wait {retry_after} seconds and scan again.")


def buckets(till_key: str) -> dict[str, int]:
    """Return the buckets of a till and how many wrong codes each may count in a window."""
    parts = till_key.split("/")
    prefixes = ["/".join(parts[: length + 1]) for length in range(len(parts))]
    return {
        prefix: ALLOWED_PER_TILL if prefix == till_key else ALLOWED_PER_KEY for prefix in prefixes
    }


def throttled(*, since: datetime, now: datetime) -> CodeThrottled:
    """Return the refusal for a window that opened at ``since``."""
    wait = since + GuessWindow.LENGTH - now
    return CodeThrottled(retry_after=max(1, int(wait.total_seconds()) + 1))


def count_guess(*, till_key: str, now: datetime) -> None:
    """Count one wrong code, in a transaction of its own.

    Raises ``CodeThrottled`` when that was one too many.
    """
    count_in(buckets(till_key), now=now)


def count_in(allowed: Mapping[str, int], *, now: datetime) -> None:
    """Count one wrong code in these buckets, with what each may count; raises the same."""
    with transaction():
        counted = call(
            COUNT,
            {
                "now": now,
                "closed": now - GuessWindow.LENGTH,
                "buckets": list(allowed),
                "allowed": list(allowed.values()),
            },
        )
    over = [opened_at for opened_at, is_over in counted if is_over]
    if over:
        raise throttled(since=max(over), now=now)
