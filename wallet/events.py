"""What the wallet tells the apps above it."""

from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from okplatform.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class DeviceEnrolled(Event):
    """A phone can show codes from now on."""

    type: ClassVar[str] = "wallet.device_enrolled"
    aggregate_type: ClassVar[str] = "device"

    device: str
    person_id: int

    @property
    @override
    def aggregate_id(self) -> str:
        """Return the device's UUID."""
        return self.device


@dataclass(frozen=True, kw_only=True)
class DeviceBlocked(DeviceEnrolled):
    """A phone's codes are refused from now on."""

    type: ClassVar[str] = "wallet.device_blocked"


@dataclass(frozen=True, kw_only=True)
class ConsentGranted(Event):
    """A merchant may know something about a person from now on."""

    type: ClassVar[str] = "wallet.consent_granted"
    aggregate_type: ClassVar[str] = "consent"

    person_id: int
    merchant_id: int
    purpose: str

    @property
    @override
    def aggregate_id(self) -> str:
        """Return whose consent, to whom and for what: one story, however often it changes."""
        return f"{self.person_id}:{self.merchant_id}:{self.purpose}"


@dataclass(frozen=True, kw_only=True)
class ConsentWithdrawn(ConsentGranted):
    """A merchant may no longer know it."""

    type: ClassVar[str] = "wallet.consent_withdrawn"


@dataclass(frozen=True, kw_only=True)
class CardChanged(Event):
    """A loyalty card was added, edited, removed, or its balance changed; other phones fetch it.

    ``cursor`` is the place of this change among all of the person.
    """

    type: ClassVar[str] = "wallet.card_changed"
    aggregate_type: ClassVar[str] = "card"

    card: str
    person_id: int
    cursor: int
    removed: bool

    @property
    @override
    def aggregate_id(self) -> str:
        """Return whose card it is and which: its UUID is unique per person only."""
        return f"{self.person_id}:{self.card}"


@dataclass(frozen=True, kw_only=True)
class CardsImported(Event):
    """A file of cards came in at once; other phones fetch them, up to ``cursor``."""

    type: ClassVar[str] = "wallet.cards_imported"
    aggregate_type: ClassVar[str] = "card_import"

    card_import: str
    person_id: int
    cursor: int
    cards: int

    @property
    @override
    def aggregate_id(self) -> str:
        """Return the UUID of the import."""
        return self.card_import
