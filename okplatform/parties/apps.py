"""Wiring of the parties app."""

from importlib import import_module

from django.apps import AppConfig
from typing_extensions import override


class PartiesConfig(AppConfig):
    """Who takes part."""

    name = "okplatform.parties"
    label = "parties"
    default_auto_field = "django.db.models.BigAutoField"

    @override
    def ready(self) -> None:
        """Register the proofs."""
        import_module(f"{self.name}.invariants")
