"""One POST to a server that somebody else named: a public one, once, and over in ten seconds.

``requests-hardened`` looks the name up, refuses private addresses and connects to the very address
it judged, so a name that changes in between leads nowhere. Four things it leaves open are closed
here: addresses it does not know to be special (``addresses.is_public``); proxies and passwords
that the environment names (``trust_env``); the body of a redirection, which ``requests`` reads
whole and unpacked although nobody follows it; and a server that sends one byte every few seconds
for ever, against which a time-out per byte does nothing (``_Deadline``).
"""

import socket
from collections.abc import Mapping
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from threading import Timer
from types import TracebackType
from typing import Any, Self

import structlog
from requests_hardened import Config, HTTPSession
from requests_hardened.ip_filter_adapter import IPFilterAdapter
from typing_extensions import override

from okplatform.kernel.addresses import is_loopback, is_public
from okplatform.kernel.db import durable

log = structlog.get_logger(__name__)

SECONDS = 10.0
"""For all of it, but for looking the name up, which the resolver bounds."""
CONNECT_SECONDS = 5.0
LONGEST_ANSWER = 4096
"""Where nobody reads it; it is taken so that the server may finish its sentence."""

CODES: Mapping[str, str] = {
    "_AddressRefusedError": "address_refused",
    "InvalidIPAddress": "address_refused",
    "InvalidURL": "not_found",
    "gaierror": "not_found",
    "ConnectTimeout": "timeout",
    "ReadTimeout": "timeout",
    "SSLError": "tls",
    "ConnectionError": "connection",
}
"""By the name of what ``requests`` or the resolver raises."""


class NotAnsweredError(Exception):
    """No whole answer came; ``code`` says why, and whether the server acted is not known."""

    def __init__(self, code: str) -> None:
        """Keep why."""
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, and ``retry_after`` as the server wrote it, or empty.

    ``body`` is None where it broke off or was longer than the caller reads.
    """

    status: int
    retry_after: str
    body: bytes | None = None


@durable
def post(
    url: str,
    *,
    headers: Mapping[str, str],
    body: bytes,
    agent: str,
    loopback: bool,
    seconds: float = SECONDS,
    longest: int = LONGEST_ANSWER,
) -> Answer:
    """Send a body and return the answer, whatever it is; no redirection is followed.

    Of the answer at most ``longest`` bytes are read.

    ``headers`` say what kind of body it is, ``agent`` who calls; with ``loopback`` this machine
    may be called too. Raises ``NotAnsweredError``: ``address_refused``, ``not_found``,
    ``timeout``, ``tls`` or ``connection``.
    """
    sent = {**headers, "Accept-Encoding": "identity", "Connection": "close"}
    with _Deadline(seconds) as deadline, _Session(agent, loopback=loopback) as session:
        try:
            answer = session.post(
                url,
                data=body,
                headers=sent,
                stream=True,
                timeout=(min(CONNECT_SECONDS, seconds), seconds),
            )
        # Whatever goes wrong out there, no answer came; nothing of ours runs in here.
        except Exception as error:
            raise NotAnsweredError(_why(error, late=deadline.is_over)) from error
        if deadline.is_over:
            # Cut in the middle of its headers, it may look like a short answer.
            raise NotAnsweredError("timeout")
        # Its status is the answer; a body that breaks off does not change that.
        found: bytes | None = None
        with suppress(Exception):
            found = answer.raw.read(longest + 1, decode_content=False)
        if found is not None and len(found) > longest:
            found = None
        return Answer(answer.status_code, answer.headers.get("Retry-After", ""), found)


def _why(error: Exception, *, late: bool) -> str:
    if late:
        return "timeout"
    # The library says "connection error" for a name that is not known; its cause says more.
    for found in (error.__cause__, error):
        if found is not None and type(found).__name__ in CODES:
            return CODES[type(found).__name__]
    log.warning("post_failed_strangely", exc_info=error)
    return "connection"


class _Deadline:
    """Cuts every line opened under it when its time is over, whatever the other side still says."""

    def __init__(self, seconds: float) -> None:
        self._lines: list[socket.socket] = []
        self._timer = Timer(seconds, self._cut)
        self._timer.daemon = True
        self.is_over = False

    def __enter__(self) -> Self:
        self._outer = _running.set(self)
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        self._timer.join()
        _running.reset(self._outer)
        for line in self._lines:
            line.close()

    def watch(self, line: socket.socket) -> None:
        """Cut this line too; a twin of it is kept, because TLS takes the line itself over."""
        self._lines.append(line.dup())
        if self.is_over:
            self._cut()

    def _cut(self) -> None:
        self.is_over = True
        for line in list(self._lines):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


_running: ContextVar[_Deadline] = ContextVar("post_deadline")


def _watched(kind: Any) -> Any:
    """Return this kind of connection, with its line under the deadline that is running."""

    class Watched(kind):  # type: ignore[misc]  # whichever the library opens lines with
        def _new_conn(self) -> socket.socket:
            line: socket.socket = super()._new_conn()
            _running.get().watch(line)
            return line

    return Watched


class _AddressRefusedError(OSError):
    """The name stands for an address that is nobody's on the internet."""


class _Adapter(IPFilterAdapter):  # type: ignore[misc]  # the library has no types
    """Connects to the address that it judged, and watches the line."""

    def __init__(self, *, secure: bool, loopback: bool) -> None:
        self._loopback = loopback
        super().__init__(is_https_proto=secure, allow_loopback=loopback)

    @override
    def build_connection_pool_key_attributes(
        self, request: Any, verify: bool | str, cert: Any = None
    ) -> Any:
        """Put the judged address in the place of the name; raises where it is not public."""
        host, pool = super().build_connection_pool_key_attributes(request, verify, cert)
        address = host["host"].strip("[]")
        if not (is_public(address) or (self._loopback and is_loopback(address))):
            raise _AddressRefusedError(address)
        return host, pool

    @override
    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
        """Return where lines are opened from; the session's own, for one request."""
        pool = super().get_connection_with_tls_context(*args, **kwargs)
        pool.ConnectionCls = _watched(pool.ConnectionCls)
        return pool


class _Session(HTTPSession):  # type: ignore[misc]  # the library has no types
    """For one request: no memory, no environment, no redirection."""

    def __init__(self, agent: str, *, loopback: bool) -> None:
        super().__init__(
            Config(
                ip_filter_enable=False,  # our own adapters do, below
                ip_filter_allow_loopback_ips=False,
                never_redirect=True,
                default_timeout=(CONNECT_SECONDS, SECONDS),
                user_agent_override=agent,
            )
        )
        self.trust_env = False
        self.mount("https://", _Adapter(secure=True, loopback=loopback))
        self.mount("http://", _Adapter(secure=False, loopback=loopback))

    @override
    def get_redirect_target(self, resp: Any) -> str | None:
        """Return that there is none: looking would read the whole body."""
        return None
