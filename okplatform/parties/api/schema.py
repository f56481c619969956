"""How signing in reads in the OpenAPI document."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from typing_extensions import override

ABOUT = """\
A key of one merchant. A till vendor's own key acts for each merchant that allows it: name the
merchant in the header `OK-Merchant` (`bakkerij-bol`), and the store or till in `OK-Terminal`
(`utrecht` or `utrecht/kassa-1`). It may do what the key and the merchant's permission both say."""


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The key in the Authorization header."""

    target_class = "okplatform.parties.api.authentication.ApiKeyAuthentication"
    name = "apiKey"

    @override
    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        """Describe a bearer key, and what a till vendor's own key says besides."""
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "ok_live_… or ok_test_…",
            "description": ABOUT,
        }


class TillSessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The browser till's session is our own page's way in, and no part of the contract."""

    target_class = "okplatform.parties.api.authentication.TillSessionAuthentication"
    name: list[str] = []

    @override
    def get_security_requirement(self, auto_schema: AutoSchema) -> list[dict[str, list[Any]]]:
        """Offer no way to sign in."""
        return []

    @override
    def get_security_definition(self, auto_schema: AutoSchema) -> list[dict[str, Any]]:
        """Describe nothing."""
        return []
