"""What payments tells of the bank lines that it expects."""

from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from okplatform.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ExpectationFulfilled(Event):
    """All of it came, the last on ``booked_on`` (ISO 8601).

    ``kind`` and ``subject_id`` say for what it was expected. ``amount`` is what was expected, in
    minor units as our account sees it: positive is credited, negative debited.
    """

    type: ClassVar[str] = "payments.expectation_fulfilled"
    aggregate_type: ClassVar[str] = "expectation"

    expectation_id: int
    kind: str
    subject_id: int
    amount: int
    booked_on: str

    @property
    @override
    def aggregate_id(self) -> str:
        """Return the expectation: it is fulfilled before it is returned."""
        return str(self.expectation_id)


@dataclass(frozen=True, kw_only=True)
class ExpectationReopened(ExpectationFulfilled):
    """A person took back that it was fulfilled: the line of ``booked_on`` was another's."""

    type: ClassVar[str] = "payments.expectation_reopened"


@dataclass(frozen=True, kw_only=True)
class ExpectationReturned(ExpectationFulfilled):
    """The bank undid it, perhaps before it came; ``amount`` is still what was expected.

    ``reason`` is the bank's code (ISO 20022 ExternalReturnReason1Code), empty if it gave none.
    """

    type: ClassVar[str] = "payments.expectation_returned"

    reason: str
