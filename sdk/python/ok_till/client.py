"""One call of OK's API, and the only two ways in which it fails: refused, or no answer."""

from http import HTTPStatus
from typing import Any

import httpx

from ok_till.models import Problem

ANSWER_WITHIN_SECONDS = 8.0
_NOT_NOW = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)
_REFUSALS = range(400, 500)
_STILL_RUNNING = "idempotency_still_running"


class RefusedError(Exception):
    """OK said no: branch on ``code``, and show ``sentence`` to the cashier."""

    def __init__(self, problem: Problem) -> None:
        """Keep the problem document (RFC 9457)."""
        super().__init__(f"{problem['code']}: {problem['detail']}")
        self.problem = problem

    @property
    def code(self) -> str:
        """Return the stable name of what is wrong."""
        return self.problem["code"]

    @property
    def sentence(self) -> str:
        """Return what the cashier should do, in the cashier's language."""
        return self.problem["detail"]

    @property
    def verdict(self) -> str | None:
        """Return how the sale stands, where OK could say; None is no verdict."""
        return self.problem.get("verdict")


class NoAnswerError(Exception):
    """Nothing came, or nothing that OK says: it may or may not have arrived.

    ``retry_after`` is how many seconds OK asked to wait, if it did.
    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        """Say what came instead."""
        super().__init__(message)
        self.retry_after = retry_after


class Client:
    """The line to OK, with a key; ``base_url`` is where OK is, without the path."""

    def __init__(
        self,
        base_url: str,
        key: str,
        *,
        language: str = "nl",
        answer_within: float = ANSWER_WITHIN_SECONDS,
    ) -> None:
        """Open nothing yet. ``language`` is that of sentences about calls that name none."""
        self._line = httpx.Client(
            base_url=base_url,
            headers={"Authorization": f"Bearer {key}", "Accept-Language": language},
            timeout=answer_within,
            follow_redirects=False,  # whoever redirects a payment is not OK
        )
        self._answer_within = answer_within

    def close(self) -> None:
        """Hang up."""
        self._line.close()

    def call(self, method: str, path: str, body: Any = None, *, wait: int = 0) -> Any:
        """Return what OK answers, as its document describes it (``ok_till.models``).

        ``wait`` lets OK hold the answer for so many seconds. Raises ``RefusedError`` for a problem
        document, ``NoAnswerError`` for everything else that is not an answer.
        """
        try:
            response = self._line.request(
                method,
                path,
                json=body,
                params={"wait": wait} if wait else None,
                timeout=self._answer_within + wait,
            )
            said = response.json()
        except (httpx.HTTPError, httpx.StreamError, ValueError) as error:
            raise NoAnswerError(str(error) or type(error).__name__) from error
        if response.is_success:
            return said
        if _is_verdictless(response.status_code, said):
            raise NoAnswerError(
                f"status {response.status_code}", retry_after=_retry_after(response)
            )
        raise RefusedError(said)


def _is_verdictless(status: int, said: Any) -> bool:
    """Say whether it is no word of OK's about the call: ask again, as after silence.

    A login page of the shop's network has a status too, but no ``code``.
    """
    return (
        status in _NOT_NOW
        or status not in _REFUSALS
        or not isinstance(said, dict)
        or "code" not in said
        or said["code"] == _STILL_RUNNING
    )


def _retry_after(response: httpx.Response) -> float | None:
    said = response.headers.get("Retry-After", "")
    return float(said) if said.isdigit() else None
