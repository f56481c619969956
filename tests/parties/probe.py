"""A small API to sign in at: it says who the till turned out to be."""

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from okplatform.kernel.api.views import ApiView
from okplatform.parties.api.authentication import (
    ApiKeyAuthentication,
    TillSessionAuthentication,
    till_of,
)


class WhoAmI(ApiView):
    authentication_classes = (ApiKeyAuthentication, TillSessionAuthentication)
    required_scope = "sales:read"

    def get(self, request: Request) -> Response:
        till = till_of(request)
        return Response(
            {
                "actor": f"{till.actor.kind}:{till.actor.id}",
                "merchant": till.merchant_name,
                "mode": till.mode,
                "store": till.store_reference,
                "terminal": till.terminal_reference,
            }
        )

    post = get


class GivesMoneyBack(WhoAmI):
    required_scope = "refunds:write"


class NamesNoScope(ApiView):
    def get(self, _request: Request) -> Response:
        return Response({"reached": True})


urlpatterns = [
    path("me/", WhoAmI.as_view()),
    path("refunds/", GivesMoneyBack.as_view()),
    path("unnamed/", NamesNoScope.as_view()),
]
