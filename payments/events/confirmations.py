"""What payments tells of what payers were asked, and said."""

from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from okplatform.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ConfirmationAsked(Event):
    """A payment waits for its payer's yes."""

    type: ClassVar[str] = "payments.confirmation_asked"
    aggregate_type: ClassVar[str] = "confirmation"

    confirmation: str
    person_id: int
    sale_id: int

    @property
    @override
    def aggregate_id(self) -> str:
        """Return the confirmation's UUID: asked, then answered, then ended."""
        return self.confirmation


@dataclass(frozen=True, kw_only=True)
class ConfirmationGiven(ConfirmationAsked):
    """The payer said yes, in time and by PIN or passkey; whoever asked may take the payment."""

    type: ClassVar[str] = "payments.confirmation_given"


@dataclass(frozen=True, kw_only=True)
class ConfirmationEnded(ConfirmationAsked):
    """It is over; ``state`` is one of ``ConfirmationState`` from which nothing moves."""

    type: ClassVar[str] = "payments.confirmation_ended"

    state: str
