"""Coupons in a sale: which of them count here and now, and why another does not."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any, NamedTuple

import orjson
from django.utils.translation import gettext_lazy as _

from loyalty.birthdays import BirthdayKnown, birthday_of
from loyalty.engine import CouponGiven, Given, Left, Stamps, Window
from okplatform.kernel.errors import Refusal


class CouponRefused(Refusal):
    """A coupon that the till sent does not count; ``field`` says which one it was."""

    is_guess = False
    """Whether it may be somebody who tries codes until one fits."""


class CouponUnknown(CouponRefused):
    """No coupon of this merchant has this code."""

    code = "coupon_unknown"
    status = 422
    sentence = _("This coupon code is not known. Check the signs and type it again.")
    is_guess = True


class CouponOfAnother(CouponRefused):
    """The code is one of another merchant."""

    code = "coupon_of_another_merchant"
    status = 422
    sentence = _("This coupon is of another shop. Leave it out and go on.")
    is_guess = True


class CouponUsed(CouponRefused):
    """No use is left: of the code, or of its offer."""

    code = "coupon_used"
    sentence = _("This coupon has been used. Leave it out and go on.")


class CouponExpired(CouponRefused):
    """The last day of its offer is over."""

    code = "coupon_expired"
    sentence = _("This coupon is no longer valid. Leave it out and go on.")


class CouponTooEarly(CouponRefused):
    """Its offer has not begun."""

    code = "coupon_too_early"
    sentence = _("This coupon is not valid yet. Leave it out and go on.")


class CouponPaused(CouponRefused):
    """The merchant has paused its offer."""

    code = "coupon_paused"
    sentence = _("This coupon does not count at the moment. Leave it out and go on.")


class Found(NamedTuple):
    """A coupon as it stands: its code in plain form, and its uses left (None: no limit)."""

    code: str
    coupon_id: int
    series_id: int
    offer_id: int
    left: int | None


NO_STAMPS: Mapping[int, Stamps] = MappingProxyType({})
NOTHING_GOT: Mapping[int, tuple[int, int]] = MappingProxyType({})


class Own(NamedTuple):
    """What only this shopper has: coupons ``shown`` to the till, and ``kept`` in the wallet.

    ``elsewhere`` are the codes that another merchant has; ``throttled_since`` when this till began
    to guess too often; ``got`` is how often, and how much, the member had of limited offers;
    ``assigned`` are the personal offers they have, ``stamps`` those on their stamp cards; ``wish``
    is the one to spend points: its id, how many (None: all), and for which reward. ``tier`` is
    theirs, and ``tier_amount`` what counts for it; ``bonuses`` wait for a purchase;
    ``birthday`` is theirs where it may bring one. ``shared`` are the points that they can spend
    here besides those of this merchant, ``pool`` points of the family's that they may spend too.
    """

    shown: Mapping[str, Found]
    kept: Sequence[Found]
    elsewhere: frozenset[str]
    throttled_since: datetime | None
    got: Mapping[int, tuple[int, int]] = NOTHING_GOT
    assigned: frozenset[int] = frozenset()
    stamps: Mapping[int, Stamps] = NO_STAMPS
    wish: tuple[int, int | None, int | None] | None = None
    tier: int | None = None
    tier_amount: int = 0
    bonuses: tuple[tuple[str, int], ...] = ()
    birthday: BirthdayKnown | None = None
    shared: int = 0
    pool: int = 0


NOTHING_OWN = Own({}, (), frozenset(), None)


def own_of(stored: str | None) -> Own:
    """Return what ``loyalty_own`` and the SQL functions beside it found."""
    if stored is None:
        return NOTHING_OWN
    found: Mapping[str, Any] = orjson.loads(stored)
    since = found["throttled"]
    tier, tier_amount = found.get("tier") or (None, 0)
    return Own(
        shown={one[0]: Found(*one) for one in found["shown"] or ()},
        kept=[Found(*one) for one in found["kept"] or ()],
        elsewhere=frozenset(found["elsewhere"] or ()),
        throttled_since=datetime.fromtimestamp(since, UTC) if since is not None else None,
        assigned=frozenset(found.get("assigned") or ()),
        wish=tuple(found["wish"]) if found.get("wish") else None,
        tier=tier,
        tier_amount=tier_amount,
        birthday=birthday_of(found.get("birthday")),
        shared=found.get("shared", 0),
        pool=found.get("pool", 0),
        bonuses=tuple((kind, occasion) for kind, occasion in found.get("bonuses") or ()),
        got={int(offer): tuple(had) for offer, had in (found.get("got") or {}).items()},
        stamps={
            int(card): Stamps(count, datetime.fromtimestamp(last, UTC))
            for card, (count, last) in (found.get("stamps") or {}).items()
        },
    )


def in_hand(
    own: Own,
    sent: Sequence[str],
    *,
    windows: Mapping[int, Window],
    left: Mapping[int, Left],
    today: date,
    strict: bool = True,
) -> Mapping[int, Found]:
    """Return the coupons that may count, one per offer: those sent before those kept.

    ``windows`` are those of the offers by code that are active. Raises ``CouponRefused`` for one
    that was sent and cannot count, unless it is not ``strict``; what is kept and cannot count is
    left where it lies.
    """
    hand: dict[int, Found] = {}
    for position, code in enumerate(sent):
        found = own.shown.get(code)
        why = (
            _missing(code, own)
            if found is None
            else _why_not(found, windows=windows, left=left, today=today)
        )
        if why is not None and strict:
            raise why(field=f"coupons.{position}")
        if found is not None and why is None:
            hand.setdefault(found.offer_id, found)
    for kept in own.kept:
        if _why_not(kept, windows=windows, left=left, today=today) is None:
            hand.setdefault(kept.offer_id, kept)
    return hand


def given_by(hand: Mapping[int, Found], given: Sequence[Given]) -> tuple[CouponGiven, ...]:
    """Return the coupons in hand whose offers gave something, with how much that was."""
    return tuple(
        CouponGiven(found.coupon_id, found.series_id, found.offer_id, one.amount)
        for one in given
        if (found := hand.get(one.offer_id)) is not None
    )


def _missing(code: str, own: Own) -> type[CouponRefused]:
    return CouponOfAnother if code in own.elsewhere else CouponUnknown


def _why_not(
    found: Found, *, windows: Mapping[int, Window], left: Mapping[int, Left], today: date
) -> type[CouponRefused] | None:
    window, rest = windows.get(found.offer_id), left.get(found.offer_id)
    if window is None:
        return CouponPaused
    if window.last_day is not None and window.last_day < today:
        return CouponExpired
    if window.first_day is not None and today < window.first_day:
        return CouponTooEarly
    if found.left == 0 or (rest is not None and not rest.covers(1)):
        return CouponUsed
    return None
