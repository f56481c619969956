"""References as people and banks write them, and ours found again in what they wrote (pure).

We ask for "OK-2026-000123" and get "ok 2026 0123", "Factuur: OK2026000123 bedankt" or, where a bank
wraps its lines, "OK-2026-00 0123". What changes is case, spaces, separators and leading zeros; what
stays is which letters and which digits follow each other.

The normalised form has groups of capitals and of digits, no leading zeros, one space between
groups: "OK 2026 123". Its space stands for "perhaps some zeros", so that the form is also the
pattern of every word that means the same (``MEANS_THE_SAME``).
"""

import re
from collections.abc import Iterator

MIN_LENGTH = 5
"""Letters and digits of a normalised reference, at least: a shorter one stands in any text."""
MAX_TEXT = 1_000
MAX_DIGITS = 30
"""Of a word, leading zeros too; a creditor reference (ISO 11649) has 23 at most."""

DIGITS = "regexp_replace({normalised}, '[^1-9]', '', 'g')"
"""In SQL: what ``words`` yields first, of a normalised reference."""
MEANS_THE_SAME = "{word} ~ ('^[A-Z]*0*' || replace({normalised}, ' ', '0*') || '[A-Z]*$')"
"""In SQL: whether a word means a reference; letters of its neighbours may be stuck to its ends."""

_GROUP = re.compile("[A-Z]+|[0-9]+")
_NOT_COUNTED = re.compile("[^1-9]")


def normalised(reference: str) -> str:
    """Return the normalised form; empty for what has no letters or digits."""
    groups = (group.lstrip("0") for group in _GROUP.findall(reference.upper()))
    return " ".join(group for group in groups if group)


def words(text: str) -> Iterator[tuple[str, str]]:
    """Yield what in a text may be a reference: its digits without zeros, and the word itself.

    A word is one group of digits, or several that follow each other, with the letters between and
    beside them. A group is never cut: 123 does not stand in 91234.
    """
    numbers, after = _numbers(text)
    for start in range(len(numbers)):
        word, length = "", 0
        for end in range(start, len(numbers)):
            before, digits = numbers[end]
            word += before + digits
            length += len(digits)
            if length > MAX_DIGITS:
                break
            if counted := _NOT_COUNTED.sub("", word):
                follows = numbers[end + 1][0] if end + 1 < len(numbers) else after
                yield counted, word + follows


def stands_in(reference: str, text: str) -> bool:
    """Say whether a reference stands in a text, as people and banks write it."""
    pattern = normalised(reference)
    if len(pattern.replace(" ", "")) < MIN_LENGTH:
        return False
    meant = re.compile(f"[A-Z]*0*{pattern.replace(' ', '0*')}[A-Z]*")
    return any(meant.fullmatch(word) for _digits, word in words(text))


def _numbers(text: str) -> tuple[list[tuple[str, str]], str]:
    """Return each group of digits with the letters before it, and the letters after the last."""
    numbers: list[tuple[str, str]] = []
    letters = ""
    for group in _GROUP.findall(text[:MAX_TEXT].upper()):
        if group[0].isdigit():
            numbers.append((letters, group))
            letters = ""
        else:
            letters += group
    return numbers, letters
