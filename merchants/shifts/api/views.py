"""The API of shifts: opened and closed by the till, read by whoever keeps its books."""

from datetime import datetime
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from merchants.contract import PLACE, Problem, said_language
from merchants.models import Shift
from merchants.sandboxes import around
from merchants.shifts.actions.put_shift import ShiftCall, put_shift
from merchants.shifts.answers import head, render
from merchants.shifts.api import schemas
from merchants.shifts.queries import find_shift, shifts_of, span_of, totals_of, unsettled_at
from merchants.shifts.refusals import ShiftUnknown
from okplatform.kernel.api.cursors import page
from okplatform.kernel.api.renderers import JsonAnswer
from okplatform.kernel.api.views import ApiView
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.api.authentication import (
    ApiKeyAuthentication,
    TillSessionAuthentication,
    till_of,
)
from okplatform.parties.queries import find_store
from okplatform.parties.scopes import Scope

PROBLEM = OpenApiResponse(Problem, "Refused: branch on `code`, show `detail`.")
SHIFT = OpenApiResponse(schemas.ShiftAnswer, "The shift, and what it came to.")


class ShiftEndpoint(ApiView):
    """What every address of shifts shares."""

    authentication_classes = (ApiKeyAuthentication, TillSessionAuthentication)
    required_scope = Scope.SALES_WRITE
    reading_scope = Scope.SALES_READ


def _answer(shift: Shift, now: datetime, language: str) -> dict[str, Any]:
    return render(
        shift,
        totals_of(span_of(shift, now)),
        unsettled=unsettled_at(shift),
        language=language,
    )


class ShiftView(ShiftEndpoint):
    """One shift."""

    @extend_schema(
        operation_id="put_shift",
        summary="Open or close a shift",
        request=schemas.ShiftBody,
        responses={200: SHIFT, "4XX": PROBLEM},
    )
    def put(self, request: Request, uuid: UUID) -> JsonAnswer:
        """Open a till's shift, or close it and read what it came to; late or twice, it is the same.

        A till without shifts sells as well. One that was closed and comes again is as it was
        closed.
        """
        here = around(till_of(request))
        till, now = here.till, here.now
        body = self.body(request, schemas.ShiftBody)
        with merchant_scope(till.merchant_id):
            call = ShiftCall(
                merchant_id=till.merchant_id,
                mode=till.mode,
                uuid=uuid,
                place=find_store(till, body.store, body.terminal),
                actor=till.actor,
                now=now,
            )
            shift = put_shift(call=call, asked=body.asked())
            return JsonAnswer(_answer(shift, now, body.language or till.language))

    @extend_schema(
        operation_id="get_shift",
        summary="Read what a shift came to",
        parameters=[PLACE[2]],
        responses={200: SHIFT, "4XX": PROBLEM},
    )
    def get(self, request: Request, uuid: UUID) -> JsonAnswer:
        """Return a shift with its totals: of an open one, what there is so far."""
        here = around(till_of(request))
        till, now = here.till, here.now
        language = said_language(request, till.language)
        with merchant_scope(till.merchant_id):
            shift = find_shift(till, uuid)
            if shift is None:
                raise ShiftUnknown
            return JsonAnswer(_answer(shift, now, language))


class ShiftsView(ShiftEndpoint):
    """The shifts of a till, or of a store."""

    @extend_schema(
        operation_id="list_shifts",
        summary="List shifts",
        parameters=[
            *PLACE[:2],
            OpenApiParameter("cursor", str, description="`next_cursor` of the page before."),
            OpenApiParameter("limit", int, description="How many, 1 to 100; 25 unless it says."),
        ],
        responses={200: schemas.ShiftsAnswer, "4XX": PROBLEM},
    )
    def get(self, request: Request) -> JsonAnswer:
        """Return the shifts of a terminal, or of a whole store, the one that was put last first."""
        till = till_of(request)
        with merchant_scope(till.merchant_id):
            said = request.query_params
            place = find_store(till, said.get("store"), said.get("terminal"))
            rows = shifts_of(mode=till.mode, store_id=place.store_id, terminal_id=place.terminal_id)
            found = page(request, rows.order_by("-id"))
            return JsonAnswer(
                {"shifts": [head(shift) for shift in found.rows], "next_cursor": found.next_cursor}
            )
