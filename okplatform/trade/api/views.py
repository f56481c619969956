"""The catalogue's API: what products cost the merchant."""

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request

from okplatform.kernel import clock
from okplatform.kernel.api.renderers import JsonAnswer
from okplatform.kernel.api.views import ApiView
from okplatform.kernel.modes import Mode
from okplatform.parties.api.authentication import till_of
from okplatform.parties.scopes import Scope
from okplatform.trade.actions.put_costs import put_costs
from okplatform.trade.actions.refusals import LiveKeyNeeded, ProductTwice
from okplatform.trade.api import schemas

PROBLEM = {"$ref": "#/components/schemas/Problem"}


class ProductCostsView(ApiView):
    """What products cost. A repeat changes nothing."""

    required_scope = Scope.PRODUCTS_WRITE

    @extend_schema(
        operation_id="put_product_costs",
        summary="Say what products cost you",
        request=schemas.CostsBody,
        responses={
            200: OpenApiResponse(schemas.CostsAnswer, "All of them are written."),
            "4XX": OpenApiResponse(PROBLEM, "Refused: branch on `code`, show `detail`."),
        },
    )
    def put(self, request: Request) -> JsonAnswer:
        """Write all of them or none; offers go by them where you have a least margin."""
        till = till_of(request)
        if till.mode != Mode.LIVE:
            raise LiveKeyNeeded
        body = self.body(request, schemas.CostsBody)
        costs = {one.sku: one.cost for one in body.costs}
        if len(costs) < len(body.costs):
            raise ProductTwice
        written = put_costs(
            merchant_id=till.merchant_id, costs=costs, actor=till.actor, now=clock.now()
        )
        return JsonAnswer({"products": written})
