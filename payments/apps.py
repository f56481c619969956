"""Wiring of the payments app."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from typing_extensions import override


class PaymentsConfig(AppConfig):
    """Value: ledger, payments, bank accounts."""

    name = "payments"
    label = "payments"
    default_auto_field = "django.db.models.BigAutoField"

    @override
    def ready(self) -> None:
        """Promise, and tell the wallet what a code pays from and what paid a sale."""
        from payments.funding import BankAccounts
        from wallet import hooks

        for room in (
            "handlers",
            "invariants",
            "ownership_invariants",
            "settlement_invariants",
        ):
            import_module(f"{self.name}.{room}")
        hooks.register_funding_source(BankAccounts())
        hooks.register_paid_from(BankAccounts())
        hooks.register_more_funding(BankAccounts())
        post_migrate.connect(_prepare_ledger, sender=self)


def _prepare_ledger(**_signal: Any) -> None:
    """Bring the chart into the database and open the months to come, wherever one migrates."""
    from okplatform.kernel import clock
    from payments.actions.prepare_ledger import is_there, prepare_ledger

    if is_there():
        prepare_ledger(now=clock.now())
