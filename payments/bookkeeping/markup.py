"""XML written element by element: each on a line of its own, the same bytes every time (pure)."""

import re
from collections.abc import Iterable, Iterator
from html import escape

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'

NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to write (its production 2, Char)."""

CHUNK = 64 * 1024


def clean(text: str, limit: int | None = None) -> str:
    """Return text as an element may hold it.

    White space is collapsed and what XML cannot say becomes a space; ``limit`` cuts what a schema
    has no room for.
    """
    return " ".join(NOT_XML.sub(" ", text).split())[:limit].rstrip()


def leaf(name: str, text: object, **attributes: str) -> list[str]:
    """Return an element with text; nothing at all when there is no text."""
    content = clean(str(text))
    return [f"{_opening(name, attributes)}{_escaped(content)}</{name}>"] if content else []


def group(name: str, *children: Iterable[str]) -> list[str]:
    """Return an element with elements; nothing at all when there are none."""
    inside = [line for child in children for line in child]
    return [f"<{name}>", *inside, f"</{name}>"] if inside else []


def encoded(lines: Iterable[str], newline: str = "\n") -> Iterator[bytes]:
    """Yield lines as UTF-8 in pieces of about 64 kB, however many there are."""
    waiting: list[str] = []
    size = 0
    for line in lines:
        waiting.append(line)
        size += len(line)
        if size >= CHUNK:
            yield (newline.join(waiting) + newline).encode()
            waiting, size = [], 0
    if waiting:
        yield (newline.join(waiting) + newline).encode()


def _opening(name: str, attributes: dict[str, str]) -> str:
    written = "".join(f' {key}="{escape(clean(value))}"' for key, value in attributes.items())
    return f"<{name}{written}>"


def _escaped(text: str) -> str:
    return escape(text, quote=False)
