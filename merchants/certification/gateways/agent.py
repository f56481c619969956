"""The agent at the till: a small HTTP protocol by which the robot plays cashier and power cut.

``GET /state`` says whose software it is, ``POST /sell`` sells a basket, ``POST /power-off`` stops
the till where it is, and ``POST /power-on`` starts it again. All of it: docs/certification.md.
"""

import json
from collections.abc import Sequence
from http.client import HTTPConnection, HTTPException
from typing import Any, TypeVar
from urllib.parse import urlsplit

from pydantic import BaseModel, Field, ValidationError

STATE_WITHIN_SECONDS = 30

T = TypeVar("T", bound=BaseModel)


class State(BaseModel):
    """Whose software it is, and how patient: in seconds."""

    software: str = Field(min_length=1, max_length=64)
    version: str = Field(min_length=1, max_length=64)
    answer_within: float = Field(gt=0, le=120)
    gives_up_after: float = Field(gt=0, le=600)


class Told(BaseModel):
    """What the till did: whether the goods left, what paid for them, what the cashier read."""

    goods: bool
    paid_by: str | None = Field(default=None, max_length=16)
    message: str = Field(default="", max_length=500)


class Ended(BaseModel):
    """An earlier sale that the till ended after its restart."""

    paid: bool
    message: str = Field(default="", max_length=500)


class Off(BaseModel):
    """The till has stopped; there is nothing to say."""


class Restarted(BaseModel):
    """What the till told the cashier when it was back."""

    ended: Sequence[Ended] = ()


class AgentSilentError(Exception):
    """The agent did not answer, or said something that is not of its protocol."""


class Agent:
    """The robot's end of it; ``address`` is where the agent listens."""

    def __init__(self, address: str) -> None:
        """Call nobody yet."""
        self._place = urlsplit(address)

    def state(self) -> State:
        """Ask who it is; raises ``AgentSilentError``, as all of these do."""
        return self._ask(State, "GET", "/state", None, seconds=STATE_WITHIN_SECONDS)

    def sell(self, basket: dict[str, Any], *, seconds: float) -> Told:
        """Let the till sell a basket, and wait so long for its end."""
        return self._ask(Told, "POST", "/sell", basket, seconds=seconds)

    def power_off(self, *, seconds: float) -> None:
        """Cut the till's power, in the middle of whatever it does."""
        self._ask(Off, "POST", "/power-off", {}, seconds=seconds)

    def power_on(self, *, seconds: float) -> Restarted:
        """Start the till, and wait so long until it could sell again."""
        return self._ask(Restarted, "POST", "/power-on", {}, seconds=seconds)

    def _ask(self, kind: type[T], method: str, path: str, body: Any, *, seconds: float) -> T:
        line = HTTPConnection(self._place.hostname or "", self._place.port, timeout=seconds)
        headers = {"Content-Type": "application/json"}
        try:
            line.request(method, path, json.dumps(body) if body is not None else None, headers)
            response = line.getresponse()
            said = response.read()
        except (OSError, HTTPException) as error:
            message = f"{method} {path}: {str(error) or type(error).__name__}"
            raise AgentSilentError(message) from error
        finally:
            line.close()
        try:
            return kind.model_validate_json(said)
        except ValidationError as error:
            message = f"{method} {path} answered {response.status}: {error.errors()[0]['msg']}"
            raise AgentSilentError(message) from error
