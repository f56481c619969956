"""Opens a file that a bank delivered, without trusting it (pure).

A file is XML of ISO 20022, an MT940, or a zip with some of these. What it is called says nothing;
what it begins with does.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, BinaryIO
from xml.parsers import expat

from typing_extensions import Buffer, override

from payments.bankfiles.fields import shown
from payments.bankfiles.lines import BankFileRefused
from payments.bankfiles.records import hardened, refusal

MAX_BYTES = 1024**3
"""How much one delivered file may hold, unpacked."""
MAX_RATIO = 200
"""How many times larger a zip may become; real camt stays below 60."""
SMALL = 10 * 1024**2
"""Up to here the ratio does not matter."""
MAX_MEMBERS = 1_000
HEAD = 64 * 1024
"""Within these first bytes a file shows what it is."""

_NAMESPACE = re.compile(
    r"urn:iso:std:iso:20022:tech:xsd:"
    r"(?:(camt\.05[234])\.001\.(0[2-9]|1[0-4])|(pain\.002)\.001\.(03|10))"
)
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")
_MT940 = re.compile(rb"(?:\A|\n|\{4:\r?\n)\s*:20:")
_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)


class Form(StrEnum):
    """What a document is."""

    CAMT_052 = "camt.052"
    CAMT_053 = "camt.053"
    CAMT_054 = "camt.054"
    PAIN_002 = "pain.002"
    MT940 = "MT940"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document of a delivered file; ``name`` is its name in the zip, empty for a file alone.

    The stream is good until the next document is asked for.
    """

    name: str
    form: Form
    namespace: str
    stream: BinaryIO


class _Allowance:
    """How many bytes the whole file may still give."""

    def __init__(self, packed: int | None) -> None:
        self.given = 0
        self.by_ratio = MAX_BYTES if packed is None else max(SMALL, packed * MAX_RATIO)

    def take(self, count: int) -> None:
        self.given += count
        if self.given > MAX_BYTES:
            raise BankFileRefused("too_large", f"The file holds more than {MAX_BYTES:,} bytes.")
        if self.given > self.by_ratio:
            sentence = f"The zip grows to more than {MAX_RATIO} times its size."
            raise BankFileRefused("zip_bomb", sentence)


class _Measured(io.RawIOBase):
    """A stream whose bytes are counted, and whose first ones may be looked at beforehand."""

    def __init__(self, stream: IO[bytes], allowance: _Allowance) -> None:
        self._stream = stream
        self._allowance = allowance
        self.head = b""
        while len(self.head) < HEAD and (more := self._take(HEAD - len(self.head))):
            self.head += more
        self._ahead = self.head

    @override
    def readable(self) -> bool:
        return True

    @override
    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer)
        data = self._ahead[: len(view)]
        if data:
            self._ahead = self._ahead[len(data) :]
        else:
            data = self._take(len(view))
        view[: len(data)] = data
        return len(data)

    def _take(self, count: int) -> bytes:
        with _refusing_broken_zips():
            data = self._stream.read(count)
        self._allowance.take(len(data))
        return data


@contextmanager
def _refusing_broken_zips() -> Iterator[None]:
    try:
        yield
    except _BROKEN_ZIP as error:
        sentence = f"The zip cannot be unpacked: {error}."
        raise BankFileRefused("unreadable_zip", sentence) from error


def documents(source: Path | BinaryIO) -> Iterator[Document]:
    """Yield the documents of a delivered file: a path, or a binary stream that can seek.

    Raises ``BankFileRefused``: "empty", "too_large", "zip_bomb", "nested_zip", "unreadable_zip",
    "document_type_forbidden", "unknown_namespace", "unknown_form", "truncated", "malformed_xml".
    """
    if isinstance(source, Path):
        with source.open("rb") as stream:
            yield from _documents(stream)
    else:
        yield from _documents(source)


def _documents(stream: BinaryIO) -> Iterator[Document]:
    start = stream.read(len(_ZIP))
    stream.seek(0)
    if start in (_ZIP, _EMPTY_ZIP):
        yield from _unpacked(stream)
    else:
        yield _recognised("", _Measured(stream, _Allowance(None)))


def _unpacked(stream: BinaryIO) -> Iterator[Document]:
    allowance = _Allowance(stream.seek(0, io.SEEK_END))
    with _refusing_broken_zips():
        archive = zipfile.ZipFile(stream)
    with archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        if not members:
            raise BankFileRefused("empty", "The zip holds no file.")
        if len(members) > MAX_MEMBERS:
            raise BankFileRefused("too_large", f"The zip holds more than {MAX_MEMBERS} files.")
        for member in members:
            with _refusing_broken_zips():
                # Nothing but deflate: its memory does not depend on what is packed.
                if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise NotImplementedError(f"compression type {member.compress_type}")
                opened = archive.open(member)
            with opened:
                yield _recognised(member.filename, _Measured(opened, allowance))


def _recognised(name: str, measured: _Measured) -> Document:
    head = measured.head
    if not head.strip():
        raise BankFileRefused("empty", f"The file {name}".rstrip() + " is empty.")
    if head.startswith(_ZIP):
        raise BankFileRefused("nested_zip", f"The zip holds another zip, {shown(name)}.")
    stream = io.BufferedReader(measured, HEAD)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"<") or head.startswith(_BYTE_ORDER_MARKS):
        namespace = _namespace(head)
        form = _form(namespace)
        return Document(name=name, form=form, namespace=namespace, stream=stream)
    if _MT940.search(head):
        return Document(name=name, form=Form.MT940, namespace="", stream=stream)
    raise BankFileRefused("unknown_form", "The file is neither XML nor MT940.", 1)


def _namespace(head: bytes) -> str:
    """Return the namespace of the root element, which must begin within the head."""
    roots: list[str] = []
    parser = hardened()

    def see(name: str, _attributes: dict[str, str]) -> None:
        if not roots:
            roots.append(name)

    parser.StartElementHandler = see
    try:
        parser.Parse(head, len(head) < HEAD)
    except expat.ExpatError as error:
        # Behind the root the document's own reader will meet it, and say what came before.
        if not roots:
            raise refusal(error) from error
    if not roots:
        raise BankFileRefused("unknown_form", f"No XML element begins in the first {HEAD} bytes.")
    return roots[0].rpartition(" ")[0]


def _form(namespace: str) -> Form:
    match = _NAMESPACE.fullmatch(namespace)
    if match is None:
        raise BankFileRefused(
            "unknown_namespace",
            f"{shown(namespace)} is not camt.052, camt.053, camt.054 or pain.002 as we read them.",
            1,
        )
    return Form(match[1] or match[3])
