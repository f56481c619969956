"""A merchant never sees another merchant's rows: a query without a scope raises.

django-scopes is the tripwire for reads; composite foreign keys in PostgreSQL are the barrier for
writes. This module is the only one that may touch django-scopes, so that every wider read has a
name that can be searched for.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models
from django_scopes import ScopedManager, get_scope, scope
from django_scopes.exceptions import ScopeError
from typing_extensions import override

M_co = TypeVar("M_co", bound=models.Model, covariant=True)


class _PersonNarrowed(models.Manager[Any]):
    """Narrow to the scope's person, so that a person-wide read shows that person's rows only."""

    @override
    def get_queryset(self) -> models.QuerySet[Any]:
        """Return the rows the scope allows; raises in a person's scope if the model has none."""
        queryset = super().get_queryset()
        person_id = get_scope().get("person")
        if person_id is None:
            return queryset
        fields: frozenset[str] = frozenset(
            field.attname
            for field in self.model._meta.concrete_fields  # noqa: SLF001 -- Django's public API
        )
        if "person_id" not in fields:
            message = f"{self.model.__name__} has no person; a person's scope cannot read it."
            raise ScopeError(message)
        return queryset.filter(person_id=person_id)


if TYPE_CHECKING:
    _Tripwire = models.Manager
else:
    _Tripwire = type(ScopedManager(_manager_class=_PersonNarrowed, merchant="merchant_id"))


class MerchantManager(_Tripwire[M_co]):
    """``objects`` of what belongs to a merchant: raises ``ScopeError`` without a scope below."""


@contextmanager
def merchant_scope(merchant_id: int) -> Iterator[None]:
    """See the rows of one merchant."""
    with scope(merchant=merchant_id, person=None):
        yield


@contextmanager
def person_scope(person_id: int) -> Iterator[None]:
    """See one person's own rows, at every merchant."""
    with scope(merchant=None, person=person_id):
        yield


@contextmanager
def operator_scope(reason: str) -> Iterator[None]:
    """See everything; ``reason`` says why (relay, verify, import), for whoever searches."""
    if not reason:
        message = "An operator's scope names its reason."
        raise ScopeError(message)
    with scope(merchant=None, person=None):
        yield
