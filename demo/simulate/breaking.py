"""A process that dies in the middle: at the n-th statement it sends, before it or after it."""

from collections.abc import Callable
from typing import Any

from django.db import connection

Execute = Callable[[str, Any, Any, Any], Any]


class Death(BaseException):
    """The end of a process: no handler of errors gets to see it, and nothing is tidied up."""


class _Death:
    """Counts statements, and dies at one of them."""

    def __init__(self, at: int, *, has_sent: bool) -> None:
        self._left, self._has_sent = at, has_sent

    def __call__(self, execute: Execute, sql: str, params: Any, many: Any, context: Any) -> Any:
        self._left -= 1
        if self._left == 0 and self._has_sent:
            execute(sql, params, many, context)
        if self._left <= 0:
            # Who has died sends nothing more, whatever it would tidy up.
            raise Death
        return execute(sql, params, many, context)


def dies(act: Callable[[], object], *, at: int, has_sent: bool) -> bool:
    """Do something and die at statement number ``at``; false if it was done before that.

    ``has_sent`` says that PostgreSQL has had that statement, and only the process did not live to
    see what it said.
    """
    with connection.execute_wrapper(_Death(at, has_sent=has_sent)):
        try:
            act()
        except Death:
            return True
    return False
