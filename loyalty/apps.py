"""Wiring of the loyalty app."""

from django.apps import AppConfig
from typing_extensions import override


class LoyaltyConfig(AppConfig):
    """What a purchase earns, what points and offers buy."""

    name = "loyalty"
    label = "loyalty"
    default_auto_field = "django.db.models.BigAutoField"

    @override
    def ready(self) -> None:
        """Show programmes in the wallet, and register what verify proves."""
        from loyalty import invariants  # noqa: F401 -- registers
        from loyalty.wallet_cards import EarnedNotes, ProgrammeCards
        from wallet import hooks

        hooks.register_home_cards(ProgrammeCards())
        hooks.register_receipt_notes(EarnedNotes())
