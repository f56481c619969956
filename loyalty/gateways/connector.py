"""Asks a chain's own loyalty system over HTTP: ``POST <address>/benefits``, docs/connector.md."""

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLateError
from dataclasses import asdict, dataclass
from datetime import datetime
from http import HTTPStatus

import orjson
from django.conf import settings
from typing_extensions import override

from loyalty.connector import (
    LONGEST_ANSWER,
    Connector,
    HeardState,
    NothingHeardError,
    Question,
    Said,
    read_answer,
)
from okplatform.kernel.db import durable
from okplatform.kernel.gateways.post import Answer, NotAnsweredError, post
from okplatform.kernel.standard_webhooks import headers

USER_AGENT = "OK-Connector/1"
MILLI = 1_000

# Looking a name up has no time limit of its own. A thread that hangs there keeps no till waiting;
# when all of them do, whoever asks is too late at once, and the breaker rests the others.
_ASKERS = ThreadPoolExecutor(max_workers=8, thread_name_prefix="connector")


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpConnector(Connector):
    """A system at an address of its merchant; ``limit_ms`` is for everything."""

    url: str
    secret: str
    limit_ms: int
    now: datetime

    @durable
    @override
    def ask(self, question: Question) -> Said:
        """Send the question, signed as webhooks are, and read the answer."""
        seconds = self.limit_ms / MILLI
        asking = _ASKERS.submit(self._post, question, seconds)
        try:
            answer = asking.result(timeout=seconds)
        except TooLateError as error:
            asking.cancel()
            raise NothingHeardError(HeardState.UNREACHABLE, "timeout") from error
        except NotAnsweredError as error:
            raise NothingHeardError(HeardState.UNREACHABLE, error.code) from error
        if answer.status != HTTPStatus.OK:
            raise NothingHeardError(HeardState.UNREACHABLE, f"status_{answer.status}")
        return read_answer(answer.body, question)

    def _post(self, question: Question, seconds: float) -> Answer:
        body = orjson.dumps(asdict(question)).decode()
        signed = headers(
            message=f"ask_{question.sale}_{question.revision}",
            body=body,
            signed_by=[self.secret],
            now=self.now,
        )
        answer: Answer = post(
            f"{self.url.rstrip('/')}/benefits",
            headers={**signed, "Content-Type": "application/json"},
            body=body.encode(),
            agent=USER_AGENT,
            loopback=bool(settings.OK_WEBHOOK_LOOPBACK),
            seconds=seconds,
            longest=LONGEST_ANSWER,
        )
        return answer
