"""What a signed-in till may do: its view names the scope, its key holds it."""

from typing import Any

import structlog
from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from typing_extensions import override

from okplatform.kernel.errors import Refusal
from okplatform.parties.api.authentication import till_of

log = structlog.get_logger(__name__)


class ScopeMissing(Refusal):
    """The key does not hold the scope this address needs; ``scope`` names it."""

    code = "scope_missing"
    status = 403
    sentence = _("This API key may not do that. Ask the merchant for a key with “{scope}”.")


class HoldsScope(BasePermission):
    """Let in whose key holds the view's ``required_scope``; a view that names none, nobody."""

    @override
    def has_permission(self, request: Request, view: Any) -> bool:
        """Raise 401 without a till and ``ScopeMissing`` without the scope."""
        till = till_of(request)
        scope: str | None = getattr(view, "required_scope", None)
        if scope is not None and request.method in SAFE_METHODS:
            scope = getattr(view, "reading_scope", None) or scope
        if scope is None:
            log.error("view_without_scope", view=type(view).__qualname__)
            return False
        if scope not in till.scopes:
            raise ScopeMissing(scope=str(scope))
        return True
