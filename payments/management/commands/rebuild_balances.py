"""Add all balances up anew: ``manage.py rebuild_balances``, after restoring a dump."""

from typing import Any

from django.core.management.base import BaseCommand
from typing_extensions import override

from payments.actions.rebuild_balances import rebuild_balances


class Command(BaseCommand):
    """Rebuild the ledger's balances."""

    help = "Add up all balances anew: run it after restoring a dump into another server."

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild, and say how many."""
        self.stdout.write(f"Rebuilt the balances of {rebuild_balances()} accounts.")
