"""What a merchant's people must know, whatever page of the console they are on.

An app registers a function in ``AppConfig.ready()``. It is asked for every page, inside the
merchant's scope: one cheap query at most.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from okplatform.parties.models import Membership


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence, and where one can do something about it."""

    sentence: str
    address: str
    label: str


Ask = Callable[[Membership], Iterable[Notice]]

_asked: list[Ask] = []


def register(ask: Ask) -> None:
    """Let an app tell a membership's reader something on every page of the console."""
    _asked.append(ask)


def of(membership: Membership) -> list[Notice]:
    """Return what this reader has to know now."""
    return [notice for ask in _asked for notice in ask(membership)]
