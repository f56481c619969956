"""Every address names who may pass."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, include, path
from django.views import View
from rest_framework.views import APIView

from tests.architecture.gates.doors import unnamed_doors
from tests.architecture.gates.tree import listed


def test_every_view_names_its_permission() -> None:
    assert listed(unnamed_doors(get_resolver().url_patterns)) == ""


def test_a_view_that_names_no_permission_is_caught() -> None:
    class Open(View):
        pass

    class Closed(View):
        required_permission = "wallet"

    class OpenApi(APIView):
        required_scope: Any = None

    class ClosedApi(APIView):
        required_scope = "sales:read"

    def function(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    patterns: list[URLPattern | URLResolver] = [
        path("closed/", Closed.as_view()),
        path("api/", include([path("open/", OpenApi.as_view()), path("x/", ClosedApi.as_view())])),
        path("open/", Open.as_view()),
        path("function/", function),
    ]
    assert [line.split(" ")[0] for line in unnamed_doors(patterns)] == [
        "/api/open/",
        "/open/",
        "/function/",
    ]
