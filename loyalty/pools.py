"""What a member takes along out of a family's pool of points: who gives whom how much (pure).

What is one's own is what one brought less what one took: what one has, more what others got of it,
less what one got of others. All of a pool's ``lent`` add up to nothing.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from okplatform.kernel.money import split


class Seat(NamedTuple):
    """A member in a pool: the points they have, and what they ``lent`` (below zero: got)."""

    member_id: int
    points: int
    lent: int

    @property
    def share(self) -> int:
        """Return what is theirs; nothing where they took more than they brought."""
        return max(self.points + self.lent, 0)


class Transfer(NamedTuple):
    """So many points of one member that go to another, or are ``forgiven``: they are not there."""

    giver: int
    taker: int
    points: int
    forgiven: bool = False


def settlement(seats: Sequence[Seat], leaver: int) -> list[Transfer]:
    """Return what changes hands when one member leaves; nobody is owed anything by them afterwards.

    The leaver ends with their share, as far as those who have more than is theirs can make it up:
    who took no more than they brought gives nothing. What is then still owed is forgiven.
    """
    (own,) = (seat for seat in seats if seat.member_id == leaver)
    others = [seat for seat in seats if seat.member_id != leaver]
    if own.lent >= 0:
        spare = {seat.member_id: max(seat.points - seat.share, 0) for seat in others}
        back = _spread(min(own.lent, sum(spare.values())), spare)
        moved = [Transfer(member, leaver, points) for member, points in back.items()]
        debts = {
            seat.member_id: max(-seat.lent - back.get(seat.member_id, 0), 0) for seat in others
        }
        rest = _spread(own.lent - sum(back.values()), debts)
        return moved + [
            Transfer(member, leaver, points, forgiven=True) for member, points in rest.items()
        ]
    claims = {seat.member_id: max(seat.lent, 0) for seat in others}
    paid = _spread(min(-own.lent, own.points), claims)
    moved = [Transfer(leaver, member, points) for member, points in paid.items()]
    open_ = {member: claim - paid.get(member, 0) for member, claim in claims.items()}
    rest = _spread(-own.lent - sum(paid.values()), open_)
    return moved + [
        Transfer(leaver, member, points, forgiven=True) for member, points in rest.items()
    ]


def _spread(points: int, over: Mapping[int, int]) -> dict[int, int]:
    """Split points in proportion, never more to one than stands there; only who gets some."""
    if not points:
        return {}
    shares = split(points, list(over.values()))
    return {member: share for member, share in zip(over, shares, strict=True) if share}
