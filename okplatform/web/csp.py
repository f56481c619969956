"""The Content-Security-Policy header: django-csp's policy, plus the import map's hash."""

from functools import cache

from csp.middleware import CSPMiddleware, PolicyParts
from csp.utils import build_policy
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from typing_extensions import override

from okplatform.web.importmap import import_map

HEADER = "Content-Security-Policy"
_OVERRIDES = ("_csp_config", "_csp_update", "_csp_replace", "_csp_exempt")


class ContentSecurityPolicy(CSPMiddleware):
    """Adds the policy to every response.

    Building it takes longer than the rest of the middleware together, so the common one is built
    once; a view that changes its own policy (django-csp's decorators) gets it built for that
    response.
    """

    @override
    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Set the header unless the view has set, changed or lifted it."""
        if any(hasattr(response, name) for name in _OVERRIDES):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, _common_policy())
        return response

    @override
    def get_policy_parts(
        self,
        request: HttpRequest,
        response: HttpResponseBase,
        report_only: bool = False,
    ) -> PolicyParts:
        """Add the import map to whatever the view asks for."""
        parts = super().get_policy_parts(request, response, report_only)
        update = dict(parts.update or {})
        update["script-src"] = [*update.get("script-src", ()), import_map().csp_source]
        parts.update = update
        return parts


@cache
def _common_policy() -> str:
    """Return the policy of every page that asks for nothing special."""
    return build_policy(update={"script-src": [import_map().csp_source]})
