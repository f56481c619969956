"""Turn what PostgreSQL refuses by name into a refusal with a sentence."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import IntegrityError

from okplatform.kernel.errors import Refusal


@contextmanager
def refusing(refusals: Mapping[str, type[Refusal]]) -> Iterator[None]:
    """Raise the refusal that belongs to the constraint a write broke; any other error passes.

    It stands around the transaction, so that nothing of it is left. The constraint decides, not a
    look beforehand: two who take the same name at once cannot both be told that it is free.
    """
    try:
        yield
    except IntegrityError as error:
        diagnostics = getattr(error.__cause__, "diag", None)
        refusal = refusals.get(getattr(diagnostics, "constraint_name", None) or "")
        if refusal is None:
            raise
        raise refusal from error
