"""What an API key may do; every API view names the one scope it needs."""

from django.db import models


class Scope(models.TextChoices):
    """The scopes of the public API. Published names never change."""

    SALES_READ = "sales:read"
    SALES_WRITE = "sales:write"
    PAYMENTS_WRITE = "payments:write"
    PRODUCTS_WRITE = "products:write"
    REFUNDS_WRITE = "refunds:write"
    LEDGER_READ = "ledger:read"
    PROOFS_READ = "proofs:read"
    TEST_CODES = "test:codes"


TILL_SCOPES = frozenset({Scope.SALES_READ, Scope.SALES_WRITE, Scope.PAYMENTS_WRITE})
"""What a till needs to sell, and what a key gets unless it asks for more by name (refunds, say)."""
