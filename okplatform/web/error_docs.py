"""Which refusals the API can answer, and those as a page: ``docs/errors.md``."""

from collections.abc import Iterable, Iterator
from inspect import getdoc, ismodule
from itertools import chain
from sys import modules
from types import ModuleType
from typing import Any

from django.urls import URLPattern, URLResolver
from django.utils import translation

from okplatform.kernel.errors import Refusal

API = "api/v1/"
OURS = ("okplatform.", "wallet.", "payments.", "loyalty.", "merchants.")
OF_EVERY_CALL = ("okplatform.kernel.api", "okplatform.parties.api")
"""What a call goes through before its view: settings name these, no view does."""

HEAD = """\
# Errors of the API, and what to do

Every refusal is a problem document (RFC 9457, `application/problem+json`). Branch on `code`,
which never changes; show `detail` to
the cashier; quote `trace_id` to us; `type` is the address of the code's explanation on the
running OK. Where the call was about a
sale, `verdict` says how that stands: `did_not_happen` is final, `still_open` means ask again or
give it up.

| do | when |
| --- | --- |
| mend the call | 400, 404, 405, 410, 415, 422: the same again gets the same answer |
| send less at once | 413 (`body_too_large`): a body is a megabyte at most |
| ask the merchant for another key | 401, 403 |
| ask how it stands, then decide | 409 |
| wait for `retry_after` seconds | 429 |
| ask how it stands, then send the same again | 500, 503, or no answer at all |

What stands below the code is its cause, and then what the cashier reads. `{…}` is filled in.

"""


def api_refusals(patterns: Iterable[URLPattern | URLResolver]) -> list[type[Refusal]]:
    """Return every refusal that the API may answer, by its code: those its views can reach.

    A module that a view imports, or that such a module imports, counts as reached. Of two
    that share a code the same one is told, whatever was loaded first.
    """
    starts = {view.__module__ for view in _views(patterns)}
    starts |= {name for name in modules if name.startswith(OF_EVERY_CALL)}
    reached = _reached(starts)
    found: dict[str, type[Refusal]] = {}
    for one in sorted(_kinds(Refusal), key=lambda kind: kind.__module__):
        if "code" in vars(one) and one.__module__ in reached:
            found.setdefault(one.code, one)
    return [one for _code, one in sorted(found.items())]


def page(refusals: Iterable[type[Refusal]]) -> str:
    """Return them as Markdown, in English."""
    with translation.override("en"):
        return HEAD + "\n".join(chain.from_iterable(map(_lines, refusals)))


def _lines(refusal: type[Refusal]) -> Iterator[str]:
    yield f"## `{refusal.code}` ({refusal.status})\n"
    yield " ".join((getdoc(refusal) or "").split()) + "\n"
    yield f"> {refusal.sentence}\n"


def _views(patterns: Iterable[URLPattern | URLResolver], prefix: str = "") -> Iterator[Any]:
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _views(pattern.url_patterns, address)
        elif address.startswith(API):
            yield pattern.callback


def _reached(names: Iterable[str]) -> set[str]:
    """Return these modules, and all of ours that they import, however far away."""
    reached: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name in reached or not name.startswith(OURS) or name not in modules:
            continue
        reached.add(name)
        waiting.extend(_imported(modules[name]))
    return reached


def _imported(module: ModuleType) -> Iterator[str]:
    for value in list(vars(module).values()):
        yield str(value.__name__ if ismodule(value) else getattr(value, "__module__", ""))


def _kinds(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    for subclass in kind.__subclasses__():
        yield subclass
        yield from _kinds(subclass)
