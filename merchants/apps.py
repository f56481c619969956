"""Wiring of the merchants app."""

from django.apps import AppConfig
from typing_extensions import override


class MerchantsConfig(AppConfig):
    """The retailer's side."""

    name = "merchants"
    label = "merchants"
    default_auto_field = "django.db.models.BigAutoField"

    @override
    def ready(self) -> None:
        """Listen to sales, and state what can be proved of the figures."""
        from merchants.analytics import handlers, invariants  # noqa: F401 -- they register
