"""The doors to OK's banks: a file goes out once, files come in; never inside a transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BufferedReader
from typing import Protocol


class GatewayError(Exception):
    """The outside did not answer, or not as agreed: whether it acted is not known."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that the bank has laid down for us: its name, and how many bytes it has."""

    name: str
    size: int


class BankGateway(Protocol):
    """How files reach one bank, and how its files reach us.

    Every method is a call to the outside and raises ``GatewayError``; none may run inside a
    transaction.
    """

    def deliver(self, *, name: str, content: bytes) -> None:
        """Hand a file over, once: a name that was handed over before is not sent again."""

    def delivered(self, *, name: str, sha256: str) -> bool:
        """Say for certain whether a file of this name and hash was handed over.

        Raises ``GatewayError`` where that cannot be told.
        """

    def incoming(self) -> Sequence[Incoming]:
        """List the files that wait for us, the oldest first."""

    def open(self, name: str) -> BufferedReader:
        """Open a file that waits for us; it can seek, and the caller closes it."""

    def done(self, name: str, *, refused: bool = False) -> None:
        """Take a file out of those that wait and keep it, apart if it was ``refused``."""
