"""How signing in reads in the OpenAPI document."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from typing_extensions import override


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The key in the Authorization header."""

    target_class = "okplatform.parties.api.authentication.ApiKeyAuthentication"
    name = "apiKey"

    @override
    def get_security_definition(self, _auto_schema: AutoSchema) -> dict[str, Any]:
        """Describe a bearer key."""
        return {"type": "http", "scheme": "bearer", "bearerFormat": "ok_live_… or ok_test_…"}
