"""The states of an online payment, and every move there is, in one table (pure).

A move that is not in the table raises; PostgreSQL holds the same table in a trigger
(``merchants/migrations/sql/online.sql``), so that no other road leads around it.
"""

from enum import StrEnum


class PaymentState(StrEnum):
    """Where an online payment stands.

    ``authorising`` is a lease: one shopper's confirmation is being looked at. ``authorised`` is set
    aside; ``captured`` is the end of every payment of which something was taken.
    """

    CREATED = "created"
    PRESENTED = "presented"
    AUTHORISING = "authorising"
    AUTHORISED = "authorised"
    PARTIALLY_CAPTURED = "partially_captured"
    CAPTURED = "captured"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


MOVES: tuple[tuple[PaymentState, PaymentState], ...] = (
    (PaymentState.CREATED, PaymentState.PRESENTED),
    (PaymentState.CREATED, PaymentState.CANCELLED),
    (PaymentState.CREATED, PaymentState.EXPIRED),
    (PaymentState.PRESENTED, PaymentState.AUTHORISING),
    (PaymentState.PRESENTED, PaymentState.DECLINED),
    (PaymentState.PRESENTED, PaymentState.CANCELLED),
    (PaymentState.PRESENTED, PaymentState.EXPIRED),
    # Refused for now (another price, a wrong PIN), or whoever held the lease never came back.
    (PaymentState.AUTHORISING, PaymentState.PRESENTED),
    (PaymentState.AUTHORISING, PaymentState.AUTHORISED),
    (PaymentState.AUTHORISING, PaymentState.CAPTURED),
    (PaymentState.AUTHORISING, PaymentState.CANCELLED),
    (PaymentState.AUTHORISED, PaymentState.PARTIALLY_CAPTURED),
    (PaymentState.AUTHORISED, PaymentState.CAPTURED),
    (PaymentState.AUTHORISED, PaymentState.CANCELLED),
    (PaymentState.AUTHORISED, PaymentState.EXPIRED),
    # The last part was captured, or the rest released.
    (PaymentState.PARTIALLY_CAPTURED, PaymentState.CAPTURED),
)
OPEN = (PaymentState.CREATED, PaymentState.PRESENTED, PaymentState.AUTHORISING)
"""Nobody has confirmed yet; ends at ``expires_at``."""
HELD = (PaymentState.AUTHORISED, PaymentState.PARTIALLY_CAPTURED)
"""Something is set aside and not captured; ends at ``capture_until``."""
PAID = (*HELD, PaymentState.CAPTURED)
"""A shopper has confirmed: for the shopper it is done."""


class MoveNotAllowedError(ValueError):
    """A programming mistake: no such move is in the table."""


def require(source: PaymentState, target: PaymentState) -> None:
    """Raise ``MoveNotAllowedError`` unless the table has this move."""
    if (source, target) not in MOVES:
        message = f"no move from {source} to {target}"
        raise MoveNotAllowedError(message)


def sources(target: PaymentState) -> list[str]:
    """Return the states that may move to this one, for the WHERE of a conditional update."""
    found = [source.value for source, other in MOVES if other is target]
    if not found:
        message = f"nothing moves to {target}"
        raise MoveNotAllowedError(message)
    return found
