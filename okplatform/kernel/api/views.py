"""What every API view is: a permission, a body that fits, one action, an answer."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any, ClassVar, TypeVar

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, ValidationError
from rest_framework import exceptions
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.views import APIView
from typing_extensions import override

from okplatform.kernel.api.problems import InvalidBody
from okplatform.kernel.api.renderers import JSON_TYPE, JsonRenderer


class Body(BaseModel):
    """Base of request bodies: strict types, and a field we do not know is refused by name."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Answer(BaseModel):
    """Base of answers, so that the OpenAPI document knows them."""

    model_config = ConfigDict(extra="forbid")


B = TypeVar("B", bound=Body)
WRITTEN_NUL = rb"\u0000"


class OnlyJson(BaseContentNegotiation):
    """Answer JSON whatever is asked for: a till with a strange Accept header gets its verdict."""

    @override
    def select_parser(self, _request: Request, parsers: Any) -> Any:
        """Bodies are read by ``ApiView.body``."""
        return parsers[0]

    @override
    def select_renderer(
        self, _request: Request, renderers: Any, _format_suffix: str | None = None
    ) -> Any:
        """Return the only renderer."""
        return renderers[0], renderers[0].media_type


class ApiView(APIView):
    """Base of the API's views.

    ``required_scope`` names what the key must hold; a view that names none is refused to everybody.
    ``reading_scope``, where it is set, is enough for GET.
    """

    required_scope: ClassVar[str]
    reading_scope: ClassVar[str | None] = None
    renderer_classes = (JsonRenderer,)
    parser_classes = (JSONParser,)
    content_negotiation_class = OnlyJson

    def body(self, request: Request, model: type[B]) -> B:
        """Read the body as ``model``; raises ``InvalidBody`` (422), or DRF's 400 or 415."""
        kind = (request.content_type or "").partition(";")[0].strip()
        if kind != JSON_TYPE:
            raise exceptions.UnsupportedMediaType(kind)
        try:
            read = model.model_validate_json(request.body)
        except ValidationError as error:
            faults = error.errors(include_url=False, include_context=False, include_input=False)
        else:
            # As JSON a NUL can only be written so; a look at the bytes costs a till nothing.
            if WRITTEN_NUL in request.body and (fields := list(_with_nul(read.model_dump(), ()))):
                raise InvalidBody([_nul(field) for field in fields])
            return read
        if any(fault["type"] == "json_invalid" for fault in faults):
            raise exceptions.ParseError
        raise InvalidBody([_fault(fault) for fault in faults])

    @staticmethod
    def body_hash(request: Request) -> bytes:
        """Return SHA-256 of the address, method and body, for an Idempotency-Key."""
        said = f"{request.method} {request.path}\n".encode() + request.body
        return hashlib.sha256(said).digest()


def _with_nul(value: Any, place: tuple[str, ...]) -> Iterator[str]:
    """Yield the fields that hold a NUL, which PostgreSQL's text cannot."""
    if isinstance(value, str):
        if "\0" in value:
            yield ".".join(place)
        return
    inner: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        inner = value.items()
    elif isinstance(value, list):
        inner = enumerate(value)
    for name, one in inner:
        yield from _with_nul(one, (*place, str(name)))


def _nul(field: str) -> dict[str, str]:
    return {"field": field, "code": "nul_character", "sentence": _("leave out the NUL character")}


def _fault(fault: Any) -> dict[str, str]:
    field = ".".join(str(part) for part in fault["loc"]) or "body"
    if fault["type"] == "extra_forbidden":
        return {
            "field": field,
            "code": "unknown_field",
            "sentence": _("this field is not known here"),
        }
    return {"field": field, "code": fault["type"], "sentence": fault["msg"]}
