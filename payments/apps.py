"""Wiring of the payments app."""

from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    """Value: ledger, payments, bank accounts."""

    name = "payments"
    label = "payments"
    default_auto_field = "django.db.models.BigAutoField"
