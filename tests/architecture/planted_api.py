"""An address whose view says nothing about its answer: the API document must refuse to be made."""

from typing import ClassVar

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class Silent(APIView):
    required_scope: ClassVar[str] = "sales:read"

    def get(self, request: Request) -> Response:
        return Response(request.path)


urlpatterns = [path("silent/", Silent.as_view())]
