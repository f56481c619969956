"""Keeps the Dutch texts complete: add, change, compile, check, without gettext itself.

python locale/texts.py add       lines "msgid<TAB>msgstr" from standard input, or
                                 "one<TAB>many<TAB>één<TAB>veel" for a text with a plural
python locale/texts.py change    the same lines, for texts whose Dutch is to become another
python locale/texts.py compile   django.po → django.mo (git-ignored; make setup does it)
python locale/texts.py check     every text in templates and Python has its Dutch, none is left over
python locale/texts.py tidy      drops the Dutch that nothing uses any more
"""

import fcntl
import io
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[1]
CATALOGUE = ROOT / "locale" / "nl" / "LC_MESSAGES" / "django.po"
PYTHON_ROOTS = ("okplatform", "wallet", "payments", "loyalty", "merchants", "demo", "bench")
# Their own Dutch says "je"; where a reader may meet it, ours may take its place.
PACKAGES = ("allauth/account", "allauth/mfa")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")

# Babel's keywords with the contextual ones; a number says which argument is which.
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}

Text = str | tuple[str, str]


@contextmanager
def _locked() -> Iterator[None]:
    """Let one writer at a time touch the catalogue."""
    folder = os.open(CATALOGUE.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _read() -> Catalog:
    """Return the Dutch catalogue; a new one when there is none."""
    if not CATALOGUE.exists():
        return Catalog(locale="nl", charset="utf-8", fuzzy=False)
    with CATALOGUE.open("rb") as stream:
        return read_po(stream, locale="nl", abort_invalid=True)


def _write(catalogue: Catalog) -> None:
    """Write the catalogue sorted and without dates, so that a change shows what changed."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, sort_output=True, omit_header=True, no_location=True, width=0)
    header = (
        'msgid ""\nmsgstr ""\n"Language: nl\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
    )
    text = "# The Dutch of OK. Add to it with locale/texts.py only: it keeps the order.\n" + header
    temporary = CATALOGUE.with_suffix(".new")
    temporary.write_text(text + buffer.getvalue().decode(), encoding="utf-8")
    temporary.replace(CATALOGUE)


def _entry(line: str) -> tuple[Text, Text, str | None]:
    """Return id, Dutch and context of one line.

    ``context|`` stands before the id of a text that means two things.
    """
    fields = [field.replace("\\n", "\n").strip(" ") for field in line.rstrip("\n").split("\t")]
    if len(fields) not in {2, 4} or not all(fields):
        sys.exit(f"not a text: {line!r} (msgid<TAB>msgstr, or one<TAB>many<TAB>één<TAB>veel)")
    found = re.match(r"^([a-z ]+)\|(.+)$", fields[0], re.DOTALL)
    context = found[1] if found else None
    fields[0] = found[2] if found else fields[0]
    if len(fields) == 2:
        return fields[0], fields[1], context
    return (fields[0], fields[1]), (fields[2], fields[3]), context


def add() -> int:
    """Add the texts on standard input; one that has another Dutch keeps it, and is named."""
    return _take_in(replacing=False)


def change() -> int:
    """Give the texts on standard input the Dutch that stands beside them."""
    return _take_in(replacing=True)


def _take_in(*, replacing: bool) -> int:
    entries = [_entry(line) for line in sys.stdin if line.strip()]
    kept = []
    with _locked():
        catalogue = _read()
        for identity, dutch, context in entries:
            known = catalogue.get(identity, context)
            if known and known.string != dutch and not replacing:
                kept.append(f"{_first(identity)!r} is {known.string!r} already; left so.")
                continue
            catalogue.delete(identity, context)
            catalogue.add(identity, dutch, context=context)
        _write(catalogue)
    print("\n".join([*kept, f"{len(entries) - len(kept)} texts in, {len(catalogue)} in all."]))
    return 1 if kept else 0


def compile_() -> int:
    """Write the .mo beside the .po."""
    with _locked():
        catalogue = _read()
        temporary = CATALOGUE.with_suffix(".mo.new")
        with temporary.open("wb") as stream:
            write_mo(stream, catalogue)
        temporary.replace(CATALOGUE.with_suffix(".mo"))
    print(f"{len(catalogue)} Dutch texts compiled.")
    return 0


def _python_files(folder: Path) -> Iterator[tuple[Path, bytes]]:
    for path in sorted(folder.rglob("*.py")):
        yield path, path.read_bytes()


def _own_sources() -> Iterator[tuple[Path, bytes]]:
    """Yield every file of ours with texts; a template as the Python that Django makes of it."""
    for folder in PYTHON_ROOTS:
        yield from _python_files(ROOT / folder)
    for pattern in ("*.html", "*.txt"):
        for path in sorted((ROOT / "templates").rglob(pattern)):
            # In brackets, because the indentation of a template is none to Python.
            python = templatize(path.read_text(encoding="utf-8"), origin=str(path))
            yield path, f"({python})".encode()


def _package_sources() -> Iterator[tuple[Path, bytes]]:
    """Yield the Python of packages whose Dutch may be replaced."""
    site = Path(django.__file__).parents[1]
    for package in PACKAGES:
        yield from _python_files(site / package)


def _used(sources: Iterator[tuple[Path, bytes]]) -> dict[tuple[str | None, str], str]:
    """Return context and first id of every text, with the place where it first stands."""
    used: dict[tuple[str | None, str], str] = {}
    for path, source in sources:
        found: Any = extract("python", io.BytesIO(source), KEYWORDS, (), None)
        for line, message, _, context in found:
            place = f"{os.path.relpath(path, ROOT)}:{line}"
            used.setdefault((context, _first(message)), place)
    return used


def _first(identity: Any) -> str:
    """Return the id of a text; of one with a plural, its singular."""
    return identity if isinstance(identity, str) else str(identity[0])


def _breaks_placeholders(message: Message) -> bool:
    """Tell whether a Dutch text lost or invented a placeholder of its English."""
    return _placeholders(message.id) != _placeholders(message.string)


def _placeholders(text: Any) -> set[str]:
    """Return what stands in for facts; of a text with a plural, in its plural."""
    return set(PLACEHOLDER.findall(text if isinstance(text, str) else text[-1]))


def check() -> int:
    """Say what is missing, left over or broken; return 1 if anything is."""
    used = _used(_own_sources())
    messages = [message for message in _read() if message.id]
    known = {(message.context, _first(message.id)) for message in messages}
    faults = [
        f"no Dutch: {place}: {text!r}"
        for (context, text), place in used.items()
        if (context, text) not in known
    ]
    faults += [f"not used any more: {_first(left.id)!r}" for left in _left_over(messages, used)]
    faults += [f"placeholders differ: {m.id!r}" for m in messages if _breaks_placeholders(m)]
    print("\n".join([*sorted(faults), f"{len(used)} texts, {len(faults)} faults."]))
    return 1 if faults else 0


def tidy() -> int:
    """Drop the Dutch that nothing uses any more."""
    with _locked():
        catalogue = _read()
        messages = [message for message in catalogue if message.id]
        gone = _left_over(messages, _used(_own_sources()))
        for message in gone:
            catalogue.delete(message.id, message.context)
        _write(catalogue)
    print(f"{len(gone)} texts dropped, {len(catalogue)} left.")
    return 0


def _left_over(
    messages: list[Message], used: Mapping[tuple[str | None, str], str]
) -> list[Message]:
    """Return the texts that stand neither in our sources nor in those of PACKAGES."""
    allowed = {*used, *_used(_package_sources())}
    return [m for m in messages if (m.context, _first(m.id)) not in allowed]


COMMANDS: dict[str, Callable[[], int]] = {
    "add": add,
    "change": change,
    "compile": compile_,
    "check": check,
    "tidy": tidy,
}


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in COMMANDS:
        sys.exit(__doc__)
    settings.configure()
    sys.exit(COMMANDS[sys.argv[1]]())
