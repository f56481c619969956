"""The server's entry: live streams go to Django's ASGI handler, all else to its WSGI handler.

One port and one origin serve both. Django's ASGI handler costs a synchronous view five times the
work and loses its database connections, so ordinary requests run as they would under a WSGI
server: in a few threads that keep theirs. Their bodies and answers are held in memory whole; both
are small.
"""

import asyncio
import gc
import os
import sys
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http import HTTPStatus
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.handlers.wsgi import WSGIRequest
from django.http import JsonResponse
from django.utils.translation import get_language_from_request, override
from django.utils.translation import gettext as _

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "okplatform.settings.production")

streams = get_asgi_application()

# What stands now stands for good, and a request leaves few cycles: collecting garbage after every
# 700 objects, through all there is, was a twentieth of a sale.
gc.collect()
gc.freeze()
gc.set_threshold(10_000)

from okplatform.kernel.api.problems import CONTENT_TYPE, problem  # noqa: E402 -- needs the registry
from okplatform.kernel.tracing import new_trace_id, traced  # noqa: E402 -- needs the registry
from okplatform.web import following, spoiling, waiting  # noqa: E402 -- needs the registry
from okplatform.wsgi import application as requests  # noqa: E402 -- needs the registry

STREAMS_PREFIX = "/events/"
WAITING_QUERY = b"wait="
# What of the API is followed instead of asked.
FOLLOWING_SUFFIX = "/events"
# Enough to keep the interpreter busy while others wait for PostgreSQL; each holds one connection.
THREADS = 16
# A client that sends too much still gets its answer if it stops about here.
DRAINED_BYTES = 32 * 2**20
# Where people upload files; a page's form and a till's call are a thousand times smaller.
UPLOADS_SUFFIX = "/uploads/"

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]

_threads = ThreadPoolExecutor(THREADS, thread_name_prefix="request")


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request."""
    if scope["type"] != "http":
        raise ValueError(f"Only HTTP is spoken here, not {scope['type']}.")
    if scope["path"].startswith(STREAMS_PREFIX):
        await streams(scope, receive, send)
        return
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if scope["path"].endswith(UPLOADS_SUFFIX):
        limit = settings.OK_UPLOAD_MAX_BYTES
    try:
        body = await _read_body(receive, limit)
    except ConnectionResetError:
        return
    environ = _environ(scope, body)
    answer = partial(_refuse_body, limit) if body is None else _run
    loop = asyncio.get_running_loop()

    async def run(asked: dict[str, Any]) -> waiting.Answer:
        return await loop.run_in_executor(_threads, answer, asked)

    if scope["path"].endswith(FOLLOWING_SUFFIX) and scope["method"] == "GET":
        await following.follow(environ, run, receive, send)
        return
    await _answer(scope, environ, run, send)


async def _answer(scope: Scope, environ: dict[str, Any], run: waiting.Run, send: Send) -> None:
    """Send the answer to a request, late or cut where a sandbox wants it so."""
    # Only those who ask for it wait: the others' way stays as short as it was.
    if WAITING_QUERY in scope["query_string"] and scope["method"] == "GET":
        status, headers, content = await waiting.answered(environ, run)
    else:
        status, headers, content = await run(environ)
    if spoiling.MARK in environ and await spoiling.is_cut(environ[spoiling.MARK], send):
        return
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


async def _read_body(receive: Receive, limit: int) -> bytes | None:
    """Return the body; None when it has more than ``limit`` bytes."""
    chunks: list[bytes] = []
    size = 0
    more = True
    while more and size <= DRAINED_BYTES:
        message = await receive()
        if message["type"] != "http.request":
            raise ConnectionResetError
        size += len(message.get("body", b""))
        if size <= limit:
            chunks.append(message["body"])
        more = message.get("more_body", False)
    return b"".join(chunks) if size <= limit else None


def _environ(scope: Scope, body: bytes | None) -> dict[str, Any]:
    """Translate an ASGI scope to the environment of PEP 3333."""
    host, port = scope.get("server") or ("localhost", 80)
    client, _port = scope.get("client") or ("", 0)
    content = body or b""
    return {
        **_header_variables(scope),
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client,
        "CONTENT_LENGTH": str(len(content)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope["scheme"],
        "wsgi.input": BytesIO(content),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }


def _header_variables(scope: Scope) -> dict[str, str]:
    variables: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        # X_Forwarded_Proto would arrive as the variable that only the proxy may set.
        if b"_" in raw_name:
            continue
        name = raw_name.decode("latin-1").upper().replace("-", "_")
        name = name if name == "CONTENT_TYPE" else f"HTTP_{name}"
        value = raw_value.decode("latin-1")
        joint = "; " if name == "HTTP_COOKIE" else ","
        variables[name] = f"{variables[name]}{joint}{value}" if name in variables else value
    # The body is here, whole: its length is CONTENT_LENGTH, however it was sent.
    variables.pop("HTTP_CONTENT_LENGTH", None)
    variables.pop("HTTP_TRANSFER_ENCODING", None)
    return variables


def _run(environ: dict[str, Any]) -> waiting.Answer:
    """Let Django answer, in the thread of the caller."""
    started: list[Any] = []

    def start_response(*status_and_headers: Any) -> Callable[[bytes], object]:
        started.extend(status_and_headers)
        return started.append

    response = requests(environ, start_response)
    try:
        content = b"".join(response)
    finally:
        response.close()
    return response.status_code, _encoded(started[1]), content


def _refuse_body(limit: int, environ: dict[str, Any]) -> waiting.Answer:
    """Answer a body over the limit, whichever view it was meant for."""
    language = get_language_from_request(WSGIRequest(environ))
    with override(language), traced(new_trace_id()):
        document = problem(
            status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            code="body_too_large",
            detail=_("The request is too long. Nothing was done; send less at once."),
            facts={"limit_bytes": limit},
        )
    response = JsonResponse(document, status=document["status"], content_type=CONTENT_TYPE)
    return response.status_code, _encoded(list(response.items())), response.content


def _encoded(headers: list[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [
        (name.lower().encode("latin-1"), value.strip().encode("latin-1")) for name, value in headers
    ]
