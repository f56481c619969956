"""Pieces of a basket put into sets: integers, never piece by piece, for lines can be long."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence

Run = tuple[int, int, int]
"""Pieces of one line at one price: the price in minor units, the line, how many pieces."""


def runs_of(line: int, value: int, pieces: int) -> Iterable[Run]:
    """Return the pieces of a line that cost ``value`` together; the first are a cent dearer."""
    if pieces == 1:
        return ((value, line, 1),)
    price, dearer = divmod(value, pieces)
    rest = (price, line, pieces - dearer)
    return ((price + 1, line, dearer), rest) if dearer else (rest,)


def value_of(runs: Iterable[Run], count: int) -> int:
    """Return what the first ``count`` pieces cost."""
    value = 0
    for price, _line, pieces in runs:
        if count <= pieces:
            return value + price * count
        value += price * pieces
        count -= pieces
    return value


def add_per_line(runs: Iterable[Run], count: int, per_line: dict[int, int]) -> None:
    """Add what the first ``count`` pieces cost to the lines they are of."""
    for price, line, pieces in runs:
        if not count:
            return
        took = min(count, pieces)
        per_line[line] = per_line.get(line, 0) + price * took
        count -= took


Picked = tuple[Sequence[Run], int]
"""Pieces in the order in which they are taken, and how many are."""


def sets_that_save(parts: Sequence[tuple[Sequence[Run], int]], most: int, price: int) -> int:
    """Return how many sets at ``price`` save something, at most ``most``.

    ``parts`` have their pieces, the dearest first, and how many of them a set takes; so no set
    saves more than the one before it.
    """
    if most == 1:
        return int(sum(value_of(runs, count) for runs, count in parts) > price)

    def saves_nothing(number: int) -> bool:
        return sum(_of_set(runs, count, number) for runs, count in parts) <= price

    if not saves_nothing(most - 1):
        return most
    return bisect_left(range(most - 1), 1, key=saves_nothing)


def _of_set(runs: Sequence[Run], count: int, number: int) -> int:
    """Return what the pieces cost that set ``number``, from zero, takes."""
    before, value = count * number, 0
    for price, _line, pieces in runs:
        if before >= pieces:
            before -= pieces
            continue
        took = min(pieces - before, count)
        value += price * took
        count -= took
        if not count:
            return value
        before = 0
    return value
