"""A small API that answers, refuses and breaks."""

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from okplatform.kernel.api.views import ApiView, Body
from okplatform.kernel.idempotency import StillRunning


class Line(Body):
    sku: str
    quantity: int = 1


class Order(Body):
    number: int
    lines: list[Line] = []


class Open(ApiView):
    authentication_classes = ()
    permission_classes = ()
    throttle_classes = ()


class Takes(Open):
    def post(self, request: Request) -> Response:
        order = self.body(request, Order)
        return Response({"number": order.number, "hash": self.body_hash(request).hex()})


class Waits(Open):
    def get(self, _request: Request) -> Response:
        raise StillRunning(retry_after=3)


class Breaks(Open):
    def get(self, _request: Request) -> Response:
        message = "the recipe of the house"
        raise RuntimeError(message)


urlpatterns = [
    path("takes", Takes.as_view()),
    path("takes/too", Takes.as_view()),
    path("waits", Waits.as_view()),
    path("breaks", Breaks.as_view()),
]
