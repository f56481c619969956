"""A folder that any SFTP or EBICS client serves: what lies in ``outgoing`` goes to the bank.

The client takes files from ``outgoing`` (and may remove them) and lays the bank's own down in
``incoming``. The rest is ours: a file is written whole in ``staging``, noted by a second name in
``sent``, and moved to ``outgoing`` in one step, so that the client never sees half a file. Of two
who try, one can give it its name in ``sent``. What that notes and ``staging`` no longer holds was
handed over, whatever the client did with it since: after a crash at any point the two folders say
for certain how far it came.
"""

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path
from tempfile import mkstemp

from django.conf import settings
from typing_extensions import override

from okplatform.kernel.db import durable
from payments.gateways import BankGateway, GatewayError, Incoming

FOLDERS = ("staging", "sent", "outgoing", "incoming", "read", "refused")
FOR_THE_CLIENT = 0o640


def folder_of(*, mode: str, iban: str) -> "BankFolder":
    """Return the folder of one of our accounts: ``OK_BANK_FOLDER``/live or test/its IBAN."""
    return BankFolder(Path(settings.OK_BANK_FOLDER) / mode / iban)


class BankFolder(BankGateway):
    """The folders of one account at one bank, below ``root``; they are made when first used."""

    def __init__(self, root: Path) -> None:
        """Remember where it is; nothing is touched yet."""
        self.root = root

    @durable
    @override
    def deliver(self, *, name: str, content: bytes) -> None:
        """Write the file and hand it over in one step; see ``BankGateway``."""
        with self._reaching(name):
            if not self._noted(name, hashlib.sha256(content).hexdigest()):
                self._stage(name, content)
            staged = self._staged(name)
            # Moved by whoever came before: then it is with the client.
            if staged is not None:
                with suppress(FileNotFoundError):
                    staged.rename(self.root / "outgoing" / name)
                _keep(self.root / "outgoing")

    @durable
    @override
    def delivered(self, *, name: str, sha256: str) -> bool:
        """Say whether the file was moved to where the client takes it; see ``BankGateway``."""
        with self._reaching(name):
            return self._noted(name, sha256) and self._staged(name) is None

    def _noted(self, name: str, sha256: str) -> bool:
        noted = self.root / "sent" / name
        if not noted.exists():
            return False
        if hashlib.sha256(noted.read_bytes()).hexdigest() != sha256:
            message = f"{name} was handed over with another content"
            raise GatewayError(message)
        return True

    def _stage(self, name: str, content: bytes) -> None:
        """Write the file whole, where a power cut leaves it, and note it; one of two who try."""
        handle, path = mkstemp(prefix=f"{name}.", dir=self.root / "staging")
        staged = Path(path)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            # The client may be another user.
            staged.chmod(FOR_THE_CLIENT)
            (self.root / "sent" / name).hardlink_to(staged)
        except OSError:
            staged.unlink()
            raise
        _keep(self.root / "sent")

    def _staged(self, name: str) -> Path | None:
        """Return what is noted and was not moved yet; what an attempt left behind is not it."""
        noted = self.root / "sent" / name
        return next(
            (
                path
                for path in (self.root / "staging").iterdir()
                if path.name.startswith(f"{name}.") and path.samefile(noted)
            ),
            None,
        )

    @durable
    @override
    def incoming(self) -> Sequence[Incoming]:
        """List the files in ``incoming``; a client writes under a name with a dot in front."""
        with self._reaching():
            waiting = [
                (path.stat(), path)
                for path in (self.root / "incoming").iterdir()
                if path.is_file() and not path.name.startswith(".")
            ]
        waiting.sort(key=lambda found: (found[0].st_mtime_ns, found[1].name))
        return [Incoming(path.name, facts.st_size) for facts, path in waiting]

    @durable
    @override
    def open(self, name: str) -> BufferedReader:
        """Open a file of ``incoming``; see ``BankGateway``."""
        with self._reaching(name):
            return (self.root / "incoming" / name).open("rb")

    @durable
    @override
    def done(self, name: str, *, refused: bool = False) -> None:
        """Move a file from ``incoming`` to ``read`` or ``refused``; one of that name is kept."""
        with self._reaching(name):
            shelf = self.root / ("refused" if refused else "read")
            waiting = self.root / "incoming" / name
            number, kept = 1, shelf / name
            while kept.exists():
                number += 1
                kept = shelf / f"{number}-{name}"
            waiting.rename(kept)

    @contextmanager
    def _reaching(self, name: str = "") -> Iterator[None]:
        """Turn what the file system says into the gateway's word; make the folders."""
        if "/" in name or name.startswith("."):
            message = f"{name!r} is no name of a file"
            raise GatewayError(message)
        try:
            for folder in FOLDERS:
                (self.root / folder).mkdir(parents=True, exist_ok=True)
            yield
        except OSError as error:
            message = f"{self.root}: {error}"
            raise GatewayError(message) from error


def _keep(folder: Path) -> None:
    """Make a folder's names survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
