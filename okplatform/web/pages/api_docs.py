"""The API's documentation: every operation, and every refusal with what to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from inspect import getdoc
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from typing_extensions import override

from okplatform.kernel.errors import Refusal
from okplatform.web.api_docs import Operation, operations
from okplatform.web.views import PublicPage


@cache
def known_operations() -> list[Operation]:
    """Return the operations, read once per process: the code does not change under it."""
    generator: Any = SchemaGenerator
    return operations(generator().get_schema(request=None, public=True))


class ApiDocsPage(PublicPage):
    """How to sell through the API, for whoever writes the till."""

    template_name = "web/api_docs.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give every operation of the OpenAPI document."""
        return super().get_context_data(operations=known_operations(), **kwargs)


@dataclass(frozen=True, slots=True)
class KnownRefusal:
    """A refusal as the page shows it: ``cause`` is for programmers, ``sentence`` for cashiers."""

    code: str
    status: int
    cause: str
    sentence: str


def known_refusals() -> list[KnownRefusal]:
    """Return every refusal the code can give, by its code."""
    found = {refusal.code: refusal for refusal in _subclasses(Refusal) if "code" in vars(refusal)}
    return [
        KnownRefusal(code, refusal.status, getdoc(refusal) or "", str(refusal.sentence))
        for code, refusal in sorted(found.items())
    ]


def _subclasses(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    for subclass in kind.__subclasses__():
        yield subclass
        yield from _subclasses(subclass)


class ApiErrorsPage(PublicPage):
    """Each code a program may meet, its cause, and what the cashier reads."""

    template_name = "web/api_errors.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give every refusal."""
        return super().get_context_data(refusals=known_refusals(), **kwargs)
