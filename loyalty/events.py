"""What loyalty tells the apps above it."""

from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import override

from okplatform.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class RulesChanged(Event):
    """A merchant's programme or an offer changed; ``version`` is the rulebook's new one."""

    type: ClassVar[str] = "loyalty.rules_changed"
    aggregate_type: ClassVar[str] = "rulebook"

    merchant_id: int
    version: int

    @property
    @override
    def aggregate_id(self) -> str:
        """Return the merchant: it has one rulebook."""
        return str(self.merchant_id)


@dataclass(frozen=True, kw_only=True)
class MemberJoined(Event):
    """A person joined a programme, on terms of the version ``terms_version``."""

    type: ClassVar[str] = "loyalty.member_joined"
    aggregate_type: ClassVar[str] = "member"

    member_id: int
    programme_id: int
    merchant_id: int
    person_id: int
    terms_version: int

    @property
    @override
    def aggregate_id(self) -> str:
        """Return the member's id."""
        return str(self.member_id)


@dataclass(frozen=True, kw_only=True)
class MemberSaleEvent(Event):
    """Something happened to a member's sale that a chain's own loyalty system is told of.

    One member's are handled in order.
    """

    aggregate_type: ClassVar[str] = "member"

    member_id: int
    merchant_id: int
    sale_id: int

    @property
    @override
    def aggregate_id(self) -> str:
        """Return the member's id."""
        return str(self.member_id)


@dataclass(frozen=True, kw_only=True)
class MemberSaleClosed(MemberSaleEvent):
    """It was paid."""

    type: ClassVar[str] = "loyalty.member_sale_closed"


@dataclass(frozen=True, kw_only=True)
class MemberSaleRefunded(MemberSaleEvent):
    """``amount`` came back of it, in minor units, as the refund ``refund``; times as ISO 8601."""

    type: ClassVar[str] = "loyalty.member_sale_refunded"

    refund: str
    amount: int
    refunded_at: str


@dataclass(frozen=True, kw_only=True)
class SchemeEvent(Event):
    """Something happened to a merchant's scheme; ``version`` says to which of its versions."""

    aggregate_type: ClassVar[str] = "scheme"

    merchant_id: int
    version: int

    @property
    @override
    def aggregate_id(self) -> str:
        """Return the merchant: it has one scheme."""
        return str(self.merchant_id)


@dataclass(frozen=True, kw_only=True)
class SchemePublished(SchemeEvent):
    """A version was published; ``starts_at`` (ISO 8601) may lie ahead."""

    type: ClassVar[str] = "loyalty.scheme_published"

    starts_at: str


@dataclass(frozen=True, kw_only=True)
class SchemeStarted(SchemeEvent):
    """A version came into force."""

    type: ClassVar[str] = "loyalty.scheme_started"


@dataclass(frozen=True, kw_only=True)
class SchemeUnscheduled(SchemeEvent):
    """A version that waited for its time will not begin."""

    type: ClassVar[str] = "loyalty.scheme_unscheduled"


@dataclass(frozen=True, kw_only=True)
class SchemePaused(SchemeEvent):
    """Sales earn no points for now, and the scheme's offers are given no more."""

    type: ClassVar[str] = "loyalty.scheme_paused"


@dataclass(frozen=True, kw_only=True)
class SchemeResumed(SchemeEvent):
    """The scheme counts again."""

    type: ClassVar[str] = "loyalty.scheme_resumed"


@dataclass(frozen=True, kw_only=True)
class PointsMoved(Event):
    """A member's points became more, or fewer (below zero), without a sale; ``kind`` says why."""

    type: ClassVar[str] = "loyalty.points_moved"
    aggregate_type: ClassVar[str] = "member"

    move_id: int
    member_id: int
    merchant_id: int
    person_id: int
    kind: str
    points: int

    @property
    @override
    def aggregate_id(self) -> str:
        """Return the member's id."""
        return str(self.member_id)
