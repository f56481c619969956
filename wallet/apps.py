"""Wiring of the wallet app."""

from django.apps import AppConfig


class WalletConfig(AppConfig):
    """The person: devices, codes, consents, receipts."""

    name = "wallet"
    label = "wallet"
    default_auto_field = "django.db.models.BigAutoField"
