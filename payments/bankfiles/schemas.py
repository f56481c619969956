"""The XML schemas of what we send to a bank (pure): sepaxml brings them, xmlschema checks."""

from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xmlschema import XMLSchema

PAIN_001 = "pain.001.001.09"
PAIN_008 = "pain.008.001.08"


class SchemaBreach(ValueError):  # noqa: N818 -- a document's, not a program's
    """A document is not what its schema says; the message names the element and the reason."""


@cache
def _schema(name: str) -> "XMLSchema":
    # Most processes never send a file, and loading this is a fifth of their start.
    from xmlschema import XMLSchema  # noqa: PLC0415

    with as_file(files("sepaxml") / "schemas" / f"{name}.xsd") as path:
        return XMLSchema(path, defuse="always")


def validate(document: bytes, schema: str) -> None:
    """Raise ``SchemaBreach`` unless the document is valid; ``schema`` is PAIN_001 or PAIN_008."""
    for error in _schema(schema).iter_errors(document):
        raise SchemaBreach(f"{error.path or 'the document'}: {error.reason}") from error
