"""A sale as a stream: each move of it is told as it happens, until its verdict."""

from typing import Literal
from uuid import UUID

import orjson
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request

from merchants.checkout.actions.look_up import look_up
from merchants.checkout.answering import answer
from merchants.checkout.api.views import PROBLEM, SaleEndpoint, until_magic
from merchants.checkout.call import channel_of
from merchants.checkout.sentences import NO_SALE
from okplatform.kernel.api.views import Answer
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.scopes import Scope
from okplatform.web.following import TYPE, told


class SaleEventAnswer(Answer):
    """One server-sent event; ``data`` is JSON: the sale, as `GET sales/{uuid}` answers it."""

    event: Literal["sale"]
    data: str


STREAM = OpenApiResponse(SaleEventAnswer, "Server-sent events, one for each change.")


class SaleEventsView(SaleEndpoint):
    """One sale, followed."""

    required_scope = Scope.SALES_READ

    @extend_schema(
        operation_id="stream_sale",
        summary="Follow a sale",
        responses={(200, TYPE.partition(";")[0]): STREAM, "4XX": PROBLEM},
    )
    def get(self, request: Request, uuid: UUID) -> HttpResponse:
        """Tell how the sale stands, and each change, until `happened` or `did_not_happen`.

        What the shopper answers is told at once, any other change within ten seconds. A line that
        begins with a colon is a heartbeat. Where the stream ends without a verdict, open it again.
        """
        call = self.call(request, uuid)
        with merchant_scope(call.key.merchant_id):
            until_magic(call)
            said = answer(call=call, outcome=look_up(call=call))
        goes_on = said["verdict"] == NO_SALE
        return told("sale", orjson.dumps(said), channel=channel_of(call.key) if goes_on else None)
