"""What the engine answers: the price of every line, what was earned, and why."""

from typing import Any, Literal, NamedTuple

from loyalty.engine.rules import Texts


class Discount(NamedTuple):
    """What one offer took off one line, in minor units."""

    offer_id: int
    text: Texts
    because: Texts | None
    amount: int


class QuoteLine(NamedTuple):
    """A line's split, to be stored as it is.

    ``paid`` is ``gross`` less ``discount``; ``points`` the line's share of the basket's points.
    """

    number: int
    gross: int
    discount: int
    paid: int
    points: int
    discounts: tuple[Discount, ...]

    def reasons(self) -> list[dict[str, Any]]:
        """Return the discounts as JSON for the sale's line: kind, id, text per language, amount."""
        return [_reason(discount) for discount in self.discounts]


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
    """

    kind: Literal["points", "offer", "piece"]
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


class Settlement(NamedTuple):
    """What must be booked for a quote to come true.

    ``milli`` and ``points`` are those of the quote, for the member ``member_id``, or nobody.
    ``near_miss`` is the nearest one, for the receipt; ``coupons`` are those used up by it,
    ``per_member`` what counts for the limits per person.
    """

    member_id: int | None
    milli: int
    points: int
    given: tuple[Given, ...]
    near_miss: NearMiss | None
    coupons: tuple[CouponGiven, ...] = ()
    per_member: tuple[Given, ...] = ()


class Quote(NamedTuple):
    """What a basket costs this member now, and why.

    ``earned`` are milli-points; ``points`` the whole ones after adding the member's carry,
    ``carry`` what stays for next time: carry before + Σ earned = 1,000 points + carry after.
    Lines are in the order of their numbers, near misses from the nearest.
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

    @property
    def milli(self) -> int:
        """Return the milli-points this basket earns, before any carry."""
        return sum(earned.milli for earned in self.earned)

    def settlement(self) -> Settlement:
        """Return what paying this quote must book."""
        nearest = self.near_misses[0] if self.near_misses else None
        return Settlement(self.member_id, self.milli, self.points, self.given, nearest)


def _reason(discount: Discount) -> dict[str, Any]:
    reason: dict[str, Any] = {
        "kind": "offer",
        "id": discount.offer_id,
        "text": discount.text._asdict(),
        "amount": discount.amount,
    }
    if discount.because is not None:
        reason["because"] = discount.because._asdict()
    return reason
