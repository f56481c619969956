"""What is told of people, and how they sign in."""

from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from okplatform.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class NewBrowserUsed(Event):
    """Somebody signed in with a browser that they had never signed in with.

    ``browser`` is what it calls itself, in words, or empty.
    """

    type: ClassVar[str] = "parties.new_browser_used"
    aggregate_type: ClassVar[str] = "person"

    person_id: int
    browser: str

    @property
    @override
    def aggregate_id(self) -> str:
        """Return the person's id."""
        return str(self.person_id)
