"""The money API: a merchant's own ledger, entry by entry."""

from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from okplatform.kernel.api.problems import InvalidBody
from okplatform.kernel.api.renderers import JsonAnswer
from okplatform.kernel.api.views import ApiView
from okplatform.parties.api.authentication import till_of
from okplatform.parties.scopes import Scope
from payments.api import schemas
from payments.feed import START, FeedEntry, entries_after

DEFAULT, MOST = 200, 1_000
PROBLEM = {"$ref": "#/components/schemas/Problem"}
AFTER = OpenApiParameter(
    "after", str, description="`next` of the page before; leave it out to begin at the start."
)
LIMIT = OpenApiParameter(
    "limit",
    {"type": "integer", "minimum": 1, "maximum": MOST, "default": DEFAULT},
    description=f"At most so many, 1 to {MOST}.",
)


class LedgerEntriesView(ApiView):
    """The feed of entries."""

    required_scope = Scope.LEDGER_READ

    @extend_schema(
        operation_id="list_ledger_entries",
        summary="Read your ledger, entry by entry",
        parameters=[AFTER, LIMIT],
        responses={
            200: OpenApiResponse(schemas.LedgerEntries, "A page; nothing is ever skipped."),
            "4XX": OpenApiResponse(PROBLEM, "Refused: branch on `code`, show `detail`."),
        },
    )
    def get(self, request: Request) -> JsonAnswer:
        """Return the entries behind a cursor, oldest first, of the key's merchant and mode."""
        till, limit = till_of(request), _limit(request)
        after = request.query_params.get("after", "")
        found = entries_after(after, merchant_id=till.merchant_id, mode=till.mode, most=limit + 1)
        page = found[:limit]
        return JsonAnswer(
            {
                "entries": [_facts(entry) for entry in page],
                "next": page[-1].cursor if page else after or START,
                "more": len(found) > limit,
            }
        )


def _facts(entry: FeedEntry) -> dict[str, Any]:
    facts = asdict(entry)
    facts["currency"] = facts.pop("asset")
    return facts


def _limit(request: Request) -> int:
    """Read ``limit``; raises ``InvalidBody`` for what is none."""
    asked = request.query_params.get("limit", str(DEFAULT))
    if asked.isascii() and asked.isdecimal() and len(asked) <= len(str(MOST)):
        limit = int(asked)
        if 1 <= limit <= MOST:
            return limit
    sentence = _("between 1 and {most}").format(most=MOST)
    raise InvalidBody([{"field": "limit", "code": "out_of_range", "sentence": sentence}])
