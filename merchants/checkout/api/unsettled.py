"""What a till has begun and not settled: for when it starts, and at the end of a day."""

from typing import Literal

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from pydantic import Field
from rest_framework.request import Request

from merchants.checkout.queries import asked_of, unsettled_of
from merchants.checkout.unsettled import is_asked, render_unsettled
from merchants.contract import PLACE, Problem, said_language
from merchants.sandboxes import around
from okplatform.kernel.api.cursors import page
from okplatform.kernel.api.renderers import JsonAnswer
from okplatform.kernel.api.views import Answer, ApiView
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.api.authentication import (
    ApiKeyAuthentication,
    TillSessionAuthentication,
    till_of,
)
from okplatform.parties.queries import find_store
from okplatform.parties.scopes import Scope


class UnsettledSaleAnswer(Answer):
    """A sale without a final verdict, and what settles it.

    `wait`: the shopper is asked on the phone until `deadline`. `ask`: `GET` the sale, which brings
    it to its end. `pay_or_stop`: pay it, or `DELETE` it. `stop`: the same, and it was left open for
    a quarter of an hour or more.
    """

    uuid: str
    revision: int
    store: str | None
    terminal: str | None
    operator: str
    reference: str
    currency: str
    due: int
    opened_at: str
    deadline: str | None
    do: Literal["wait", "ask", "pay_or_stop", "stop"]
    sentence: str = Field(description="For the cashier: what to do.")


class UnsettledSalesAnswer(Answer):
    """A page of them, the newest first."""

    sales: list[UnsettledSaleAnswer]
    next_cursor: str | None


class UnsettledSalesView(ApiView):
    """The recovery list of a till."""

    authentication_classes = (ApiKeyAuthentication, TillSessionAuthentication)
    required_scope = Scope.SALES_READ

    @extend_schema(
        operation_id="list_unsettled_sales",
        summary="List sales without a final verdict",
        parameters=[
            *PLACE,
            OpenApiParameter("cursor", str, description="`next_cursor` of the page before."),
            OpenApiParameter("limit", int, description="How many, 1 to 100; 25 unless it says."),
        ],
        responses={
            200: UnsettledSalesAnswer,
            "4XX": OpenApiResponse(Problem, "Refused: branch on `code`, show `detail`."),
        },
    )
    def get(self, request: Request) -> JsonAnswer:
        """Return what a terminal, or a whole store, began and did not settle; each says what to do.

        A till asks when it starts, and settles each: so that nothing it forgot stays open.
        """
        here = around(till_of(request))
        till, now = here.till, here.now
        language = said_language(request, till.language)
        with merchant_scope(till.merchant_id):
            said = request.query_params
            place = find_store(till, said.get("store"), said.get("terminal"))
            found = page(
                request,
                unsettled_of(
                    mode=till.mode, store_id=place.store_id, terminal_id=place.terminal_id
                ).filter(pk__gt=here.after_sale),
            )
            asked = asked_of([sale.pk for sale in found.rows if is_asked(sale)])
            sales = render_unsettled(found.rows, asked, now=now, language=language)
            return JsonAnswer({"sales": sales, "next_cursor": found.next_cursor})
