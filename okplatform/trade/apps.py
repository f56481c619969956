"""Wiring of the trade app."""

from django.apps import AppConfig


class TradeConfig(AppConfig):
    """What was sold."""

    name = "okplatform.trade"
    label = "trade"
    default_auto_field = "django.db.models.BigAutoField"
