"""Whether a name is that on an account: the bank's side of Verification of Payee.

The scheme (EPC218-23) leaves the comparison to banks. This one forgives what people leave out and
mistype: titles, initials for names, another order, accents, a letter or two.
"""

import re
import unicodedata

MATCH, CLOSE, NO_MATCH, NOT_AVAILABLE = "MTCH", "CMTC", "NMTC", "NOAP"
DROPPED = {"dhr", "mevr", "mw", "de", "heer", "mevrouw", "mr", "drs", "dr", "ing", "ir", "bv",
           "nv", "vof", "van", "der", "den", "en", "eo"}  # fmt: skip
MOST_SLIPS = 2


def compared(asked: str, known: str) -> str:
    """Say how well a name that was asked about fits the one on the account."""
    if not known:
        return NOT_AVAILABLE
    one, other = _words(asked), _words(known)
    if not one or not other:
        return NO_MATCH
    if sorted(one) == sorted(other):
        return MATCH
    return CLOSE if _is_close(one, other) else NO_MATCH


def _words(name: str) -> list[str]:
    plain = (
        unicodedata.normalize("NFKD", name.replace(".", ""))
        .encode("ascii", "ignore")
        .decode()
        .lower()
    )
    words = re.findall(r"[a-z0-9]+", plain)
    return [word for word in words if word not in DROPPED] or words


def _is_close(one: list[str], other: list[str]) -> bool:
    """Surnames nearly the same, and first names that do not contradict."""
    if _slips(one[-1], other[-1]) > MOST_SLIPS:
        return False
    firsts, others = one[:-1], other[:-1]
    return not firsts or not others or firsts[0][0] == others[0][0]


def _slips(one: str, other: str) -> int:
    """Count the letters to change, add or leave out (Levenshtein's distance)."""
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, start=1):
        diagonal, row[0] = row[0], number
        for place, facing in enumerate(other, start=1):
            diagonal, row[place] = (
                row[place],
                min(row[place] + 1, row[place - 1] + 1, diagonal + (letter != facing)),
            )
    return row[-1]
