"""What the engine answers: the price of every line, what was earned, and why."""

from typing import Any, Literal, NamedTuple

from loyalty.engine.rules import Texts


class Discount(NamedTuple):
    """What one offer took off one line, in minor units.

    Or another loyalty system did (``connector``): ``offer_id`` is that system's id here.
    """

    offer_id: int
    text: Texts
    because: Texts | None
    amount: int
    kind: Literal["offer", "connector"] = "offer"


class PointsOff(NamedTuple):
    """What points took off one line: so many, for so much in minor units."""

    rule_id: int
    text: Texts
    points: int
    amount: int
    kind: Literal["points", "reward"] = "points"

    def reason(self) -> dict[str, Any]:
        """Return it as JSON for the sale's line."""
        return {
            "kind": self.kind,
            "id": self.rule_id,
            "text": self.text._asdict(),
            "amount": self.amount,
            "points": self.points,
        }


class Spent(NamedTuple):
    """Points that are spent, and what they take off, in minor units."""

    points: int
    amount: int


class RewardHere(NamedTuple):
    """A reward that the member could have on this basket, and what it would take off."""

    id: int
    text: Texts
    cost: int
    amount: int


class QuoteLine(NamedTuple):
    """A line's split, to be stored as it is.

    ``paid`` is ``gross`` less ``discount``; ``points`` the line's share of the points that the
    basket earns. ``points_off`` is the part of ``discount`` that was paid with points.
    """

    number: int
    gross: int
    discount: int
    paid: int
    points: int
    discounts: tuple[Discount, ...]
    points_off: PointsOff | None = None

    def reasons(self) -> list[dict[str, Any]]:
        """Return the discounts as JSON for the sale's line: kind, id, text per language, amount."""
        reasons = [_reason(discount) for discount in self.discounts]
        return [*reasons, self.points_off.reason()] if self.points_off else reasons


class Funded(NamedTuple):
    """What somebody else pays of what an offer gave, in minor units."""

    by: str
    amount: int


class Given(NamedTuple):
    """What one offer gave over the whole basket, in minor units.

    ``funded`` is the part that others pay; the shop pays what is left of it.
    """

    offer_id: int
    amount: int
    funded: tuple[Funded, ...] = ()


class Earned(NamedTuple):
    """Milli-points one rule gave for the basket."""

    rule_id: int
    text: Texts
    milli: int


class NearMiss(NamedTuple):
    """What ``missing`` more, in minor units, would have brought.

    Either so many ``points`` for the whole basket, or the offer named ``text``. For a ``piece``
    that is one more of what the offer is on; what it costs is not known here, and ``missing`` 0.
    For ``stamps`` so does it: after ``points`` more of them the next piece is free. A ``tier``
    takes so much money, or so many points, more; with neither it is reached.
    """

    kind: Literal["points", "offer", "piece", "stamps", "tier"]
    missing: int
    points: int
    text: Texts | None

    def as_json(self) -> dict[str, Any]:
        """Return the near miss as it is stored."""
        return {**self._asdict(), "text": self.text._asdict() if self.text else None}


class CouponGiven(NamedTuple):
    """What the offer of a coupon gave over the whole basket, in minor units."""

    coupon_id: int
    series_id: int
    offer_id: int
    amount: int


class Spending(NamedTuple):
    """Points that a settlement takes from a member, for ``amount`` off in minor units.

    ``wish_id`` is the wish it fulfils, which it uses up; ``unused`` of a hold go back. With
    ``pooled`` the member's family lends what the member lacks.
    """

    member_id: int
    points: int
    amount: int
    wish_id: int | None = None
    unused: int = 0
    reward_id: int | None = None
    pooled: bool = False


class BonusGiven(NamedTuple):
    """A bonus that this basket brings, within what it earns."""

    kind: str
    occasion: int
    milli: int


class Stamped(NamedTuple):
    """What a basket does to one stamp card of ``size``.

    ``stamps`` come on it, each of ``rewards`` takes ``size`` off, and ``lapsed`` have ended before.
    ``lines`` are the lines' numbers with the pieces that counted and those that were free.
    """

    offer_id: int
    size: int
    stamps: int
    rewards: int
    lapsed: int
    lines: tuple[tuple[int, int, int], ...]


class Connected(NamedTuple):
    """A sale that another loyalty system was asked about: how that went, and what it gave."""

    connector_id: int
    member_id: int
    state: str
    given: int


class Settlement(NamedTuple):
    """What must be booked for a quote to come true.

    ``milli`` and ``points`` are those of the quote, for the member ``member_id``, or nobody.
    ``near_miss`` is the nearest one, for the receipt; ``coupons`` are those used up by it,
    ``per_member`` what counts for the limits per person; ``spending`` the points it takes;
    ``stamped`` what comes on stamp cards; ``bonuses`` are given once; ``connected`` is told to the
    merchant's own loyalty system. ``shares`` says that points of other shops count here too.
    """

    member_id: int | None
    milli: int
    points: int
    given: tuple[Given, ...]
    near_miss: NearMiss | None
    coupons: tuple[CouponGiven, ...] = ()
    per_member: tuple[Given, ...] = ()
    spending: Spending | None = None
    stamped: tuple[Stamped, ...] = ()
    bonuses: tuple[BonusGiven, ...] = ()
    connected: Connected | None = None
    shares: bool = False

    @property
    def has_own(self) -> bool:
        """Say whether anything is to be booked that only this shopper has."""
        return bool(self.coupons or self.per_member or self.stamped or self.bonuses)


class Quote(NamedTuple):
    """What a basket costs this member now, and why.

    ``earned`` are milli-points; ``points`` the whole ones after adding the member's carry,
    ``carry`` what stays for next time: carry before + Σ earned = 1,000 points + carry after.
    Lines are in the order of their numbers, near misses from the nearest. ``spent`` are the points
    that pay a part, ``spendable`` the most that could have. Of the ``rewards`` that could
    be had ``reward_id`` is what they bought, None where they paid as money.
    """

    version: int
    member_id: int | None
    lines: tuple[QuoteLine, ...]
    gross: int
    discount: int
    due: int
    points: int
    carry: int
    given: tuple[Given, ...]
    earned: tuple[Earned, ...]
    near_misses: tuple[NearMiss, ...]
    spent: Spent | None = None
    spendable: Spent | None = None
    rewards: tuple[RewardHere, ...] = ()
    reward_id: int | None = None
    stamped: tuple[Stamped, ...] = ()
    bonuses: tuple[BonusGiven, ...] = ()

    @property
    def milli(self) -> int:
        """Return the milli-points this basket earns, before any carry."""
        return sum(earned.milli for earned in self.earned)

    def settlement(self) -> Settlement:
        """Return what paying this quote must book."""
        # Of stamp cards and tiers the wallet tells by itself.
        nearest = next(
            (miss for miss in self.near_misses if miss.kind not in ("stamps", "tier")), None
        )
        return Settlement(
            self.member_id,
            self.milli,
            self.points,
            self.given,
            nearest,
            stamped=self.stamped,
            bonuses=self.bonuses,
        )


def _reason(discount: Discount) -> dict[str, Any]:
    reason: dict[str, Any] = {
        "kind": discount.kind,
        "id": discount.offer_id,
        "text": discount.text._asdict(),
        "amount": discount.amount,
    }
    if discount.because is not None:
        reason["because"] = discount.because._asdict()
    return reason
