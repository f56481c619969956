"""How answers are written: a module of its own, for DRF reads its settings while its views load."""

from typing import Any

import orjson
from rest_framework.renderers import BaseRenderer
from typing_extensions import override

JSON_TYPE = "application/json"


class JsonRenderer(BaseRenderer):
    """Write JSON with orjson; datetimes as RFC 3339."""

    media_type = JSON_TYPE
    format = "json"
    charset = None

    @override
    def render(self, data: Any, *_args: Any, **_kwargs: Any) -> bytes:
        """Return the bytes of an answer."""
        return b"" if data is None else orjson.dumps(data, default=str)
