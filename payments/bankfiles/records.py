"""Reads XML of any length in constant memory (pure).

A layout names the elements that are records and the texts that are wanted of each; all else is
passed over. A record comes out when its end is read; its parent is still being read then, so that
a statement need not be held to read its entries. We drive expat ourselves: it knows the exact line,
builds nothing that has to be freed, and refuses a document type before it can declare anything.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.parsers import expat

from payments.bankfiles.lines import BankFileRefused

CHUNK = 64 * 1024
MAX_DEPTH = 64
MAX_TEXT = 100_000
MAX_TEXTS = 2_000
MAX_NAMES = 5_000

_SEPARATOR = " "
_ENDED_EARLY = {
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
}
_UNDEFINED_ENTITY = expat.errors.codes[expat.errors.XML_ERROR_UNDEFINED_ENTITY]


@dataclass(slots=True)
class Record:
    """One element: its own texts by path ("Refs/EndToEndId", "Amt/@Ccy"), its line, its parent."""

    name: str
    line: int
    parent: "Record | None"
    texts: dict[str, list[str]] = field(default_factory=dict)

    def text(self, *paths: str) -> str:
        """Return the first text under the first of these paths that has one, else nothing."""
        for path in paths:
            if path in self.texts:
                return self.texts[path][0]
        return ""

    def all(self, path: str) -> list[str]:
        """Return every text under a path, in the order of the file."""
        return self.texts.get(path, [])


@dataclass(slots=True)
class Place:
    """Where in a document we are: which elements may follow, and what is wanted of this one."""

    path: str = ""
    is_record: bool = False
    has_text: bool = False
    attributes: tuple[str, ...] = ()
    children: "dict[str, Place]" = field(default_factory=dict)


_PASSED_OVER = Place()


def layout(namespace: str, records: Mapping[str, Iterable[str]]) -> Place:
    """Return where the records of a document stand and what is wanted of each.

    ``records`` maps the path of a record from the root ("Document/BkToCstmrStmt/Stmt") to paths of
    texts within it ("Acct/Id/IBAN"); an attribute is named last, after an ``@``.
    """
    root = Place()
    for record_path, wanted in records.items():
        record = _descend(root, namespace, record_path)
        record.is_record = True
        for path in wanted:
            element, _, attribute = path.partition("/@")
            place = _descend(record, namespace, element)
            place.path = element
            if attribute:
                place.attributes += (attribute,)
            else:
                place.has_text = True
    return root


def _descend(place: Place, namespace: str, path: str) -> Place:
    for name in path.split("/"):
        place = place.children.setdefault(f"{namespace}{_SEPARATOR}{name}", Place())
    return place


def hardened() -> expat.XMLParserType:
    """Return a parser that refuses a document type, and with it every entity of a file's own."""
    parser = expat.ParserCreate(namespace_separator=_SEPARATOR)

    def refuse(*_: object) -> None:
        raise BankFileRefused(
            "document_type_forbidden",
            "The file declares a document type or entities; no bank's file does.",
            parser.CurrentLineNumber,
        )

    parser.StartDoctypeDeclHandler = refuse
    return parser


def refusal(error: expat.ExpatError) -> BankFileRefused:
    """Return why a file that expat cannot read is refused."""
    if error.code in _ENDED_EARLY:
        return BankFileRefused("truncated", "The file ends before its XML does.", error.lineno)
    if error.code == _UNDEFINED_ENTITY:
        sentence = "The file uses an entity that XML does not have."
        return BankFileRefused("document_type_forbidden", sentence, error.lineno)
    sentence = f"The file is not well-formed XML: {expat.ErrorString(error.code)}."
    return BankFileRefused("malformed_xml", sentence, error.lineno)


class _Reading:
    """One document while it is read: expat's handlers and what they have found."""

    def __init__(self, root: Place) -> None:
        self.parser = parser = hardened()
        self.found: list[Record] = []
        self.places = [root]
        self.pieces: list[str] = []
        self.record: Record | None = None
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.EndElementHandler = self.end
        # The list's own method: for each text one call less.
        parser.CharacterDataHandler = self.pieces.append

    def start(self, name: str, attributes: dict[str, str]) -> None:
        place = self.places[-1].children.get(name, _PASSED_OVER)
        self.places.append(place)
        self.pieces.clear()
        if place.is_record:
            local = name.rpartition(_SEPARATOR)[2]
            self.record = Record(local, self.parser.CurrentLineNumber, self.record)
        for attribute in place.attributes:
            if attribute in attributes:
                self.keep(f"{place.path}/@{attribute}", attributes[attribute])

    def end(self, _name: str) -> None:
        place = self.places.pop()
        if place.has_text:
            text = "".join(self.pieces).strip()
            if text:
                self.keep(place.path, text)
        self.pieces.clear()
        if place.is_record and self.record is not None:
            self.found.append(self.record)
            self.record = self.record.parent

    def keep(self, path: str, text: str) -> None:
        if self.record is not None:
            self.record.texts.setdefault(path, []).append(text)

    def check_limits(self) -> None:
        """Refuse a file that would make us keep more than any bank's file does."""
        texts, record = 0, self.record
        while record is not None:
            texts, record = texts + sum(map(len, record.texts.values())), record.parent
        if (
            len(self.places) > MAX_DEPTH
            or texts > MAX_TEXTS
            or sum(map(len, self.pieces)) > MAX_TEXT
            or len(self.parser.intern) > MAX_NAMES
        ):
            raise BankFileRefused(
                "too_large",
                "The file has an element larger or deeper than any bank's file.",
                self.parser.CurrentLineNumber,
            )


def records(stream: BinaryIO, root: Place) -> Iterator[Record]:
    """Yield the records of a document as their ends are read.

    Raises ``BankFileRefused`` ("truncated", "malformed_xml", "document_type_forbidden",
    "too_large") with the line.
    """
    reading = _Reading(root)
    more = True
    while more:
        chunk = stream.read(CHUNK)
        more = bool(chunk)
        try:
            reading.parser.Parse(chunk, not more)
        except expat.ExpatError as error:
            raise refusal(error) from error
        reading.check_limits()
        yield from reading.found
        reading.found.clear()
