"""PostgreSQL's 64-bit transaction number as a model field."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from typing_extensions import override


class Xid8(models.Field):  # type: ignore[type-arg]  # generic for mypy only
    """A transaction number that never wraps around (``xid8``); an ``int`` in Python."""

    @override
    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """Return PostgreSQL's name for it."""
        return "xid8"

    def from_db_value(self, value: str | None, *_args: Any) -> int | None:
        """Read what the driver, which does not know the type, gives as text."""
        return None if value is None else int(value)

    @override
    def get_prep_value(self, value: Any) -> str | None:
        """Write it as text: PostgreSQL casts that, and no number."""
        return None if value is None else str(int(value))
