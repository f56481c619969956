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


@dataclass(frozen=True, kw_only=True)
class CardShared(Event):
    """Somebody took up another's card; their phones fetch it, up to ``cursor``.

    Neither is None while the account is there.
    """

    type: ClassVar[str] = "wallet.card_shared"
    aggregate_type: ClassVar[str] = "card_share"

    share: str
    owner_id: int | None
    person_id: int | None
    cursor: int

    @property
    @override
    def aggregate_id(self) -> str:
        """Return whose share it is and which: its UUID is unique per person only."""
        return f"{self.person_id}:{self.share}"


@dataclass(frozen=True, kw_only=True)
class CardShareChanged(CardShared):
    """The owner lets somebody do more or less with a card."""

    type: ClassVar[str] = "wallet.card_share_changed"


@dataclass(frozen=True, kw_only=True)
class CardShareEnded(CardShared):
    """A card is no longer shared with somebody; ``by`` is "owner" or "person"."""

    type: ClassVar[str] = "wallet.card_share_ended"

    by: str


@dataclass(frozen=True, kw_only=True)
class CardInvitationMade(Event):
    """An owner invites somebody to a card; ``invited_id`` is who, where that is known."""

    type: ClassVar[str] = "wallet.card_invitation_made"
    aggregate_type: ClassVar[str] = "card_invitation"

    invitation: str
    owner_id: int
    invited_id: int | None

    @property
    @override
    def aggregate_id(self) -> str:
        """Return the invitation's UUID."""
        return self.invitation


@dataclass(frozen=True, kw_only=True)
class CardInvitationClosed(CardInvitationMade):
    """It is no longer open; ``answer`` is "accepted", "declined" or "withdrawn"."""

    type: ClassVar[str] = "wallet.card_invitation_closed"

    answer: str
