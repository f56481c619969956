"""Lists in pages: the newest first, and a cursor that says where the next page begins."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from okplatform.kernel.errors import Refusal

M = TypeVar("M", bound=Model)
USUAL = 25
MOST = 100


class CursorUnknown(Refusal):
    """We did not give out this cursor."""

    code = "cursor_unknown"
    status = 422
    sentence = _("This cursor is not one of ours. Begin the list anew, without one.")


class LimitTooLarge(Refusal):
    """More than a page holds, or no number."""

    code = "limit_out_of_range"
    status = 422
    sentence = _("The limit is a number from 1 to 100.")


@dataclass(frozen=True, slots=True)
class CursorPage(Generic[M]):
    """A page of a list; ``next_cursor`` is None on the last one."""

    rows: Sequence[M]
    next_cursor: str | None


def page(request: Request, rows: QuerySet[M]) -> CursorPage[M]:
    """Return the page that ``cursor`` and ``limit`` of the address ask for; ``rows`` by -id.

    What is added meanwhile does not move it. Raises ``CursorUnknown`` or ``LimitTooLarge``.
    """
    limit = _limit(request.query_params.get("limit"))
    cursor = request.query_params.get("cursor")
    if cursor:
        rows = rows.filter(pk__lt=_place(cursor))
    found = list(rows[: limit + 1])
    more = len(found) > limit
    return CursorPage(found[:limit], _cursor(found[limit - 1]) if more else None)


def _limit(said: str | None) -> int:
    if said is None:
        return USUAL
    if not (said.isascii() and said.isdigit() and 1 <= int(said[:4]) <= MOST and len(said) < 4):
        raise LimitTooLarge
    return int(said)


def _cursor(row: Any) -> str:
    return urlsafe_b64encode(str(row.pk).encode()).decode().rstrip("=")


def _place(cursor: str) -> int:
    try:
        return int(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")[:19])
    except ValueError as error:
        raise CursorUnknown from error
