"""Wiring of the trade app."""

from importlib import import_module

from django.apps import AppConfig
from typing_extensions import override


class TradeConfig(AppConfig):
    """What was sold."""

    name = "okplatform.trade"
    label = "trade"
    default_auto_field = "django.db.models.BigAutoField"

    @override
    def ready(self) -> None:
        """Register the proofs."""
        import_module(f"{self.name}.invariants")
