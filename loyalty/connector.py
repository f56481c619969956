"""A chain's own loyalty system, as OK sees it: what it is asked, what it may answer (pure).

``Connector`` is the Protocol; ``loyalty.gateways.connector`` speaks it over HTTP, as
docs/connector.md says. Amounts are integers in minor units, VAT included.
"""

import hashlib
import hmac
from base64 import b32encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, NamedTuple, Protocol

import orjson

from loyalty.engine import Connected, Outside, QuoteLine, Texts

LONGEST_ANSWER: Final = 16_384
"""Bytes; a balance, a sentence and some benefits are far less."""
MOST_BENEFITS: Final = 50
LONGEST_TEXT: Final = 80
LONGEST_SENTENCE: Final = 140
LONGEST_UNIT: Final = 24
MOST_BALANCE: Final = 2**53
"""Beyond it numbers are no longer exact for every reader of JSON."""

FAILURES_BEFORE_REST: Final = 5
"""In a row; then nothing is asked for a while."""


class HeardState(StrEnum):
    """How asking went; with anything but ``ANSWERED`` the sale goes on without benefits."""

    ANSWERED = "answered"
    UNREACHABLE = "unreachable"
    WRONG = "wrong"
    RESTING = "resting"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineOfBasket:
    """A line that the other system is asked about; ``quantity`` in pieces, gram or millilitre."""

    number: int
    sku: str
    name: str
    category: str
    quantity: int
    unit: str
    gross: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What one member's basket is worth there; ``member`` is what that system knows them by.

    ``sale`` and ``revision`` name the basket: the same two are the same question.
    """

    member: str
    mode: str
    sale: str
    revision: int
    store: str
    currency: str
    lines: Sequence[LineOfBasket]


class Said(NamedTuple):
    """What the other system answered: the balance in its own unit, and what it gives here."""

    balance: int | None
    unit: str
    sentence: str
    benefits: tuple[tuple[int | None, int, Texts], ...]


class NothingHeardError(Exception):
    """No answer that counts; ``state`` says which kind, ``code`` why."""

    def __init__(self, state: HeardState, code: str) -> None:
        """Keep both."""
        super().__init__(code)
        self.state = state
        self.code = code


class Connector(Protocol):
    """Another loyalty system that can be asked."""

    def ask(self, question: Question) -> Said:
        """Return its answer within its time limit; raises ``NothingHeardError``."""
        ...


class Heard(NamedTuple):
    """What came of asking about one basket, to price it by and to keep until it is paid."""

    connector_id: int
    member_id: int
    name: str
    state: str
    balance: int | None = None
    unit: str = ""
    sentence: str = ""
    benefits: tuple[Outside, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return it as it is stored."""
        benefits = [[one.line, one.amount, one.text._asdict()] for one in self.benefits]
        return {**self._asdict(), "benefits": benefits}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Heard":
        """Read it back."""
        found = cls(**{**stored, "benefits": ()})
        return found.giving(
            (line, amount, Texts(**text)) for line, amount, text in stored["benefits"]
        )

    def giving(self, benefits: Any) -> "Heard":
        """Return it with these benefits, each a line or None, an amount and a text."""
        return self._replace(
            benefits=tuple(Outside(self.connector_id, self.name, *one) for one in benefits)
        )

    def connected(self, lines: Sequence[QuoteLine]) -> Connected:
        """Return what is to be kept of it with a sale of these lines."""
        given = sum(
            discount.amount
            for line in lines
            for discount in line.discounts
            if discount.kind == "connector"
        )
        return Connected(self.connector_id, self.member_id, self.state, given)


def pseudonym(salt: bytes, member_id: int) -> str:
    """Return what another system knows a member by.

    26 letters and digits of HMAC-SHA256 (130 bits): the same each time, and of another merchant
    something else, as its salt is.
    """
    digest = hmac.digest(salt, str(member_id).encode(), hashlib.sha256)
    return b32encode(digest).decode()[:26].lower()


def read_answer(body: bytes | None, question: Question) -> Said:
    """Return what an answer says; raises ``NothingHeardError`` where any of it cannot be right.

    An answer counts whole or not at all: half of what somebody meant would be a wrong price.
    """
    if body is None:
        raise _wrong("too_long")
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise _wrong("no_json") from error
    if not isinstance(said, dict):
        raise _wrong("no_object")
    balance = said.get("balance")
    return Said(
        None if balance is None else _whole(balance, 0, MOST_BALANCE, "balance"),
        _text(said.get("unit", ""), LONGEST_UNIT, "unit"),
        _text(said.get("sentence", ""), LONGEST_SENTENCE, "sentence"),
        _benefits(said.get("benefits", []), question),
    )


def _benefits(said: Any, question: Question) -> tuple[tuple[int | None, int, Texts], ...]:
    """Return the benefits; all those of a line together are at most what it costs."""
    if not isinstance(said, list) or len(said) > MOST_BENEFITS:
        raise _wrong("benefits")
    left = {line.number: line.gross for line in question.lines}
    whole = sum(left.values())
    benefits = []
    for one in said:
        if not isinstance(one, dict):
            raise _wrong("benefits")
        line = one.get("line")
        if line is not None:
            line = _whole(line, 0, MOST_BALANCE, "line")
            if line not in left:
                raise _wrong("line")
        amount = _whole(one.get("amount"), 1, whole if line is None else left[line], "amount")
        whole -= amount
        if line is not None:
            left[line] -= amount
        benefits.append((line, amount, _texts(one.get("text"))))
    if whole < 0:
        raise _wrong("amount")
    return tuple(benefits)


def _texts(said: Any) -> Texts:
    """Return a benefit's name: one text, or one for each language."""
    if isinstance(said, dict):
        nl, en = said.get("nl"), said.get("en")
    else:
        nl = en = said
    texts = Texts(_text(nl, LONGEST_TEXT, "text"), _text(en, LONGEST_TEXT, "text"))
    if not (texts.nl and texts.en):
        raise _wrong("text")
    return texts


def _text(said: Any, longest: int, code: str) -> str:
    if not isinstance(said, str) or len(said) > longest or not said.isprintable():
        raise _wrong(code)
    return said.strip()


def _whole(said: Any, least: int, most: int, code: str) -> int:
    # To Python True is a 1.
    if type(said) is not int or not least <= said <= most:
        raise _wrong(code)
    return said


def _wrong(code: str) -> NothingHeardError:
    return NothingHeardError(HeardState.WRONG, code)
