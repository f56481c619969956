"""The refund API: against the sale, from any store of the merchant, whatever is repeated."""

from http import HTTPStatus
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from merchants.contract import Problem
from merchants.returns.actions.refund_sale import RefundCall, refund_sale
from merchants.returns.answers import render, render_all
from merchants.returns.api import schemas
from merchants.returns.facts import RefundFacts
from merchants.returns.queries import find_paid, find_refund, refunds_of
from merchants.returns.refusals import SaleToRefundUnknown
from merchants.sandboxes import Around, around
from okplatform.kernel import idempotency
from okplatform.kernel.api.once import HEADER, KEY_SCHEMA
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
from okplatform.parties.tills import Till
from okplatform.trade.facts import SaleKey

PROBLEM = OpenApiResponse(Problem, "Refused: branch on `code`, show `detail`.")
REFUND = OpenApiResponse(schemas.RefundAnswer, "What was given back: follow `sentence`.")
IDEMPOTENCY_KEY = OpenApiParameter(
    HEADER,
    KEY_SCHEMA,
    OpenApiParameter.HEADER,
    description="Optional here: the refund's UUID already makes a repeat harmless.",
)


class RefundsView(ApiView):
    """What came back of one sale."""

    authentication_classes = (ApiKeyAuthentication, TillSessionAuthentication)
    required_scope = Scope.REFUNDS_WRITE
    reading_scope = Scope.SALES_READ

    @extend_schema(
        operation_id="create_refund",
        summary="Give something back",
        parameters=[IDEMPOTENCY_KEY],
        request=schemas.RefundBody,
        responses={201: REFUND, "4XX": PROBLEM},
    )
    def post(self, request: Request, uuid: UUID) -> JsonAnswer:
        """Give back lines or an amount, in whichever store; money, points and offers follow."""
        here = around(till_of(request))
        body = self.body(request, schemas.RefundBody)
        here.check_sale(uuid)
        with merchant_scope(here.till.merchant_id):
            given = self._once(request, here, uuid, body)
            return JsonAnswer(render(given), status=HTTPStatus.CREATED)

    def _once(
        self, request: Request, here: Around, uuid: UUID, body: schemas.RefundBody
    ) -> RefundFacts:
        """Decide under the Idempotency-Key, if the till sent one."""
        till = here.till
        call = RefundCall(
            key=SaleKey(till.merchant_id, till.mode, uuid),
            place=find_store(till, body.store, body.terminal),
            actor=till.actor,
            now=here.now,
            limits=till.refund_limits,
        )
        key = request.headers.get(HEADER)
        claim = key is not None and idempotency.claim(
            owner=here.owner,
            key=key,
            body_hash=self.body_hash(request),
            now=call.now,
        )
        if isinstance(claim, idempotency.Decision):
            return _given(till, body.uuid)
        try:
            return refund_sale(
                call=call, asked=body.asked(language=till.language), claim=claim or None
            )
        except Exception:
            # Whatever it was, nothing was decided: the till's next try may use the key.
            if claim:
                claim.release()
            raise

    @extend_schema(
        operation_id="list_refunds",
        summary="List what came back of a sale",
        responses={200: schemas.RefundsAnswer, "4XX": PROBLEM},
    )
    def get(self, request: Request, uuid: UUID) -> JsonAnswer:
        """Return every refund of the sale, from all stores."""
        here = around(till_of(request))
        till = here.till
        here.check_sale(uuid)
        with merchant_scope(till.merchant_id):
            sale = find_paid(SaleKey(till.merchant_id, till.mode, uuid))
            return JsonAnswer(render_all(sale, refunds_of(sale)))


def _given(till: Till, uuid: UUID) -> RefundFacts:
    given = find_refund(mode=till.mode, uuid=uuid)
    if given is None:
        raise SaleToRefundUnknown
    return given
