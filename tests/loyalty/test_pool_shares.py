"""What is whose when somebody leaves a family's pool: nothing is lost, and nobody is robbed."""

from hypothesis import given
from hypothesis import strategies as st

from loyalty.pools import Seat, settlement

SEATS = st.lists(st.tuples(st.integers(0, 500), st.integers(-300, 300)), min_size=2, max_size=6)


@given(SEATS)
def test_a_settlement_owes_nothing_and_robs_nobody(rows: list[tuple[int, int]]) -> None:
    lent = [one for _points, one in rows]
    lent[-1] -= sum(lent)
    before = [
        Seat(n, points, one) for n, ((points, _), one) in enumerate(zip(rows, lent, strict=True))
    ]
    after = {seat.member_id: [seat.points, seat.lent] for seat in before}
    for one in settlement(before, 0):
        assert one.points > 0
        for member, sign in ((one.giver, -1), (one.taker, 1)):
            after[member][0] += 0 if one.forgiven else sign * one.points
            after[member][1] -= sign * one.points
    assert after[0][1] == sum(one for _points, one in after.values()) == 0
    assert sum(one for one, _lent in after.values()) == sum(seat.points for seat in before)
    assert all(points >= 0 for points, _lent in after.values())
    own, *others = before
    assert after[0][0] <= own.share
    if len(before) == 2:
        assert after[0][0] == min(own.share, sum(seat.points for seat in before))
    for seat in others:
        points, still = after[seat.member_id]
        if seat.lent >= 0:
            # Who owes nothing gives nothing, and keeps what is theirs but for what is not there.
            assert points >= seat.points
            assert max(points + still, 0) <= seat.share
