"""The OpenAPI document made readable: pure, from the document to what the page shows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

METHODS = ("put", "post", "get", "delete", "patch")
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a body: its dotted name, what it holds, and whether it must be there."""

    name: str
    kind: str
    required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Operation:
    """One call of the API."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    headers: list[Field]
    body: list[Field]
    answer_status: str
    answer: list[Field]


def operations(document: Document) -> list[Operation]:
    """Return every operation of the document, by path and then by method."""
    return [
        _operation(document, path, method, described[method])
        for path, described in sorted(document["paths"].items())
        for method in METHODS
        if method in described
    ]


def _operation(document: Document, path: str, method: str, described: Document) -> Operation:
    answers = described["responses"]
    status = min(answers)
    return Operation(
        id=described["operationId"],
        method=method.upper(),
        path=path,
        summary=described.get("summary", ""),
        description=described.get("description", ""),
        headers=[
            Field(given["name"], "string", given.get("required", False), given["description"])
            for given in described.get("parameters", ())
            if given["in"] == "header"
        ],
        body=_fields_of(document, described.get("requestBody")),
        answer_status=status,
        answer=_fields_of(document, answers[status]),
    )


def _fields_of(document: Document, described: Document | None) -> list[Field]:
    content: Document = (described or {}).get("content", {})
    first: Document = next(iter(content.values()), {})
    schema = first.get("schema")
    return list(_fields(document, schema, "")) if schema else []


def _fields(document: Document, schema: Document, prefix: str) -> Iterator[Field]:
    """Yield the fields of an object, those of objects inside it after it, with dotted names."""
    resolved = _resolve(document, schema)
    required = set(resolved.get("required", ()))
    for name, described in resolved.get("properties", {}).items():
        inner, many = _inner(document, described)
        full = f"{prefix}{name}{'[]' if many else ''}"
        text = described.get("description") or inner.get("description", "")
        yield Field(full, _kind(document, described), name in required, text)
        if "properties" in inner:
            yield from _fields(document, inner, f"{full}.")


def _resolve(document: Document, schema: Document) -> Document:
    reference: str | None = schema.get("$ref")
    if reference is None:
        return schema
    found: Any = document
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return dict(found)


def _inner(document: Document, schema: Document) -> tuple[Document, bool]:
    """Return the object a field holds, looking through lists and "or null"; and whether many."""
    resolved = _resolve(document, _without_null(schema))
    if resolved.get("type") == "array":
        return _resolve(document, _without_null(resolved["items"])), True
    return resolved, False


def _without_null(schema: Document) -> Document:
    options = [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]
    return options[0] if options else schema


def _kind(document: Document, schema: Document) -> str:
    """Say in words what a field holds."""
    plain = _resolve(document, _without_null(schema))
    if "enum" in plain:
        return " | ".join(str(value) for value in plain["enum"])
    kind = str(plain.get("type", "object"))
    if kind == "array":
        kind = f"list of {_kind(document, plain['items'])}"
    limits = [
        f"{sign} {plain[limit]}"
        for limit, sign in (("minimum", "≥"), ("maximum", "≤"), ("maxLength", "length ≤"))
        if limit in plain
    ]
    null = ["or null"] if _without_null(schema) is not schema else []
    return ", ".join([kind, *limits, *null])
