"""CHECK constraints that several tables share, so that PostgreSQL refuses what Python forgot to."""

from enum import Enum

from django.db.models import CheckConstraint, Q

REFERENCE_PATTERN = r"^[A-Za-z0-9-]{1,64}$"
CURRENCY_PATTERN = r"^[A-Z]{3}$"


def reference_check(table: str, field: str = "reference") -> CheckConstraint:
    """Hold a reference to letters, digits and hyphens: it must survive a URL and a CSV."""
    name = f"{table}_{field}_is_plain"
    return CheckConstraint(condition=Q(**{f"{field}__regex": REFERENCE_PATTERN}), name=name)


def currency_check(table: str) -> CheckConstraint:
    """Hold a currency to the shape of ISO 4217."""
    return CheckConstraint(
        condition=Q(currency__regex=CURRENCY_PATTERN), name=f"{table}_currency_is_iso"
    )


def choice_check(table: str, field: str, choices: type[Enum]) -> CheckConstraint:
    """Hold a field to its choices, which Django by itself checks in forms only."""
    values = [choice.value for choice in choices]
    return CheckConstraint(
        condition=Q(**{f"{field}__in": values}), name=f"{table}_{field}_is_known"
    )
