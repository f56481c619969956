"""Keep every text that a person may say yes to, word for word."""

from okplatform.kernel.db import call
from wallet.consent_texts import all_texts

KEEP = """
INSERT INTO wallet_consent_wording (purpose, version, language, title, summary, "full")
SELECT * FROM unnest(%s::text[], %s::smallint[], %s::text[], %s::text[], %s::text[], %s::text[])
ON CONFLICT (purpose, version, language) DO NOTHING
"""

KEPT = 'SELECT purpose, version, language, title, summary, "full" FROM wallet_consent_wording'


class WordingChangedError(Exception):
    """A text that people may have agreed to reads otherwise now: it needs a new version."""


def is_there() -> bool:
    """Say whether the table exists: not halfway through its migrations."""
    return bool(call("SELECT to_regclass('wallet_consent_wording') IS NOT NULL")[0][0])


def keep_wordings() -> None:
    """Bring the texts into the database; those that are there stay as they are.

    Safe to call at any time, by several at once. Raises ``WordingChangedError`` when the code says
    something else under a version that was kept before.
    """
    texts = [
        (*name, text.title, text.summary, text.full) for name, text in sorted(all_texts().items())
    ]
    call(KEEP, [list(column) for column in zip(*texts, strict=True)])
    kept = set(call(KEPT))
    changed = [text for text in texts if text not in kept]
    if changed:
        named = (f"{purpose} {version} {language}" for purpose, version, language, *_ in changed)
        raise WordingChangedError(", ".join(named))
