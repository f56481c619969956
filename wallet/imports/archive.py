"""Opens a zip without trusting it: nothing that climbs out, no bomb, no surprise (pure).

PKWARE APPNOTE 6.3.10. Names and sizes are looked at, all of them, before anything is unpacked, and
what is unpacked stops where the directory said it ends. Nothing is ever written to a disk. A
password is tried by the way of old zips (ZipCrypto, which Python reads) or that of WinZip (AES).
"""

import io
import re
import zipfile
import zlib
from collections.abc import Sequence

from wallet.imports.rows import Unreadable
from wallet.imports.sealed import how_sealed, unsealed

MOST_ENTRIES = 60_000
"""A card of Stocard's takes six."""

MOST_ENTRY_BYTES = 64 * 2**20
MOST_UNPACKED_BYTES = 128 * 2**20
MOST_RATIO = 200
RATIO_FROM = 2**20
"""From this size on the ratio counts; a small file of zeros is no bomb."""

MOST_ENCRYPTED_BYTES = 8 * 2**20
"""Python decrypts about two megabytes a second."""

ENCRYPTED = 0x1
AES = 99
MOST_SEALED = 5_000
"""Each has a key of its own, which takes half a millisecond to find."""

LOCAL_HEADER = 30
OUTSIDE = re.compile(r"[\\\0]|^/|^[A-Za-z]:|(^|/)\.\.(/|$)")


class Archive:
    """A zip that was looked through; raises ``Unreadable`` for one that no app makes."""

    def __init__(self, content: bytes, password: str = "") -> None:
        self._content = content
        self._password = password.encode()
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise Unreadable("zip_broken") from error
        entries = self._zip.infolist()
        if len(entries) > MOST_ENTRIES:
            raise Unreadable("zip_too_many", most=MOST_ENTRIES)
        for entry in entries:
            # orig_filename: what the file says, before Python makes it harmless.
            if OUTSIDE.search(entry.orig_filename):
                raise Unreadable("zip_climbs")
            _insist_on_size(entry)
        if sum(entry.file_size for entry in entries) > MOST_UNPACKED_BYTES:
            raise Unreadable("zip_bomb")
        self._entries = {entry.filename: entry for entry in entries if not entry.is_dir()}
        if any(entry.flag_bits & ENCRYPTED for entry in entries):
            self._unlock(password)

    @property
    def names(self) -> Sequence[str]:
        """Return the names of all files, in the order of the zip."""
        return list(self._entries)

    def find(self, last_part: str) -> str | None:
        """Return the name of the first file called so, in whatever folder."""
        fits = (name for name in self._entries if name.rsplit("/", 1)[-1] == last_part)
        return next(fits, None)

    def read(self, name: str) -> bytes:
        """Return a file, unpacked; raises ``Unreadable`` where it is damaged or lied about."""
        entry = self._entries.get(name)
        if entry is None:
            raise Unreadable("zip_broken")
        if entry.compress_type == AES:
            return self._read_sealed(entry)
        try:
            with self._zip.open(entry) as file:
                content = file.read(entry.file_size + 1)
        except RuntimeError as error:
            raise Unreadable("password_wrong") from error
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError) as error:
            raise Unreadable("zip_broken") from error
        if len(content) > entry.file_size:
            raise Unreadable("zip_bomb")
        return content

    def _read_sealed(self, entry: zipfile.ZipInfo) -> bytes:
        at = entry.header_offset
        lengths = self._content[at + 26 : at + LOCAL_HEADER]
        start = at + LOCAL_HEADER + int.from_bytes(lengths[:2], "little")
        start += int.from_bytes(lengths[2:], "little")
        sealed = self._content[start : start + entry.compress_size]
        key_bytes, method = how_sealed(entry.extra)
        packed = unsealed(sealed, self._password, key_bytes)
        if method == zipfile.ZIP_STORED:
            return packed[: entry.file_size]
        if method != zipfile.ZIP_DEFLATED:
            raise Unreadable("zip_broken")
        try:
            content = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, entry.file_size + 1)
        except zlib.error as error:
            raise Unreadable("zip_broken") from error
        if len(content) > entry.file_size:
            raise Unreadable("zip_bomb")
        return content

    def _unlock(self, password: str) -> None:
        locked = [one for one in self._entries.values() if one.flag_bits & ENCRYPTED]
        if not password:
            raise Unreadable("password_wanted")
        if any(entry.compress_type == AES for entry in locked):
            if len(locked) > MOST_SEALED:
                raise Unreadable("zip_too_many", most=MOST_SEALED)
            return
        if sum(entry.compress_size for entry in locked) > MOST_ENCRYPTED_BYTES:
            raise Unreadable("zip_locked_large", megabytes=MOST_ENCRYPTED_BYTES // 2**20)
        self._zip.setpassword(password.encode())
        try:
            # The smallest one tells: one byte of it is checked at once, all of it by its CRC.
            self.read(min(locked, key=lambda entry: entry.file_size or 2**60).filename)
        except Unreadable as error:
            raise Unreadable("password_wrong") from error


def _insist_on_size(entry: zipfile.ZipInfo) -> None:
    packed = max(entry.compress_size, 1)
    if entry.file_size > RATIO_FROM and entry.file_size / packed > MOST_RATIO:
        raise Unreadable("zip_bomb")
    if entry.file_size > MOST_ENTRY_BYTES:
        raise Unreadable("zip_bomb")
