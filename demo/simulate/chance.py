"""Everything that is left to chance, drawn from one seed."""

import random
from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar
from uuid import UUID

T = TypeVar("T")

UUID_BITS = 128


class Chance:
    """The one source of chance of a simulation: the same seed draws the same again."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 -- no secret: it has to repeat

    def between(self, least: int, most: int) -> int:
        """Draw a whole number, both ends included."""
        return self._random.randint(least, most)

    def one_in(self, number: int) -> bool:
        """Say yes once in so many times."""
        return self.between(1, number) == 1

    def pick(self, choices: Sequence[T]) -> T:
        """Draw one of these."""
        return self._random.choice(choices)

    def weighted(self, weights: Mapping[T, int]) -> T:
        """Draw one of the keys, each as often as its weight says."""
        return self._random.choices(list(weights), list(weights.values()))[0]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """Return them all in any order."""
        return self._random.sample(items, len(items))

    def uuid(self) -> UUID:
        """Draw the name of a sale."""
        return UUID(int=self._random.getrandbits(UUID_BITS), version=4)

    def deck(self, cards: Sequence[T]) -> "Deck[T]":
        """Make a deck of these cards."""
        return Deck(self, cards)


class Deck(Generic[T]):
    """Cards that are all dealt once before any comes again, so that none stays out."""

    def __init__(self, chance: Chance, cards: Sequence[T]) -> None:
        self._chance, self._cards = chance, cards
        self._left: list[T] = []

    def deal(self) -> T:
        """Deal one; an empty deck is shuffled anew."""
        if not self._left:
            self._left = self._chance.shuffled(self._cards)
        return self._left.pop()
