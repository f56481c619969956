"""How people and banks spoil a reference on its way (pure)."""

import random
import re
from collections.abc import Callable

MANGLINGS: dict[str, Callable[[str], str]] = {
    "spaces": lambda text: " ".join(re.findall(".{1,4}", text)),
    "lower": str.lower,
    "no_separators": lambda text: re.sub(r"[^A-Za-z0-9]", "", text),
    "no_leading_zeros": lambda text: re.sub(r"(?<![0-9])0+(?=[0-9])", "", text),
    "more_zeros": lambda text: re.sub(r"(?<![0-9])(?=[0-9])", "00", text, count=1),
    "words": lambda text: f"betr. {text} dank u",
    "cut": lambda text: text[: max(1, len(text) * 2 // 3)],
    "lost": lambda _text: "",
}


def mangled(text: str, *, how: str, longest: int, seed: str) -> str:
    """Spoil a text; with ``how`` empty in a way that depends on ``seed`` alone."""
    way = how or random.Random(seed).choice(sorted(MANGLINGS))  # noqa: S311 -- no secret
    return MANGLINGS[way](text)[:longest].strip()
