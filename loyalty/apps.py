"""Wiring of the loyalty app."""

from django.apps import AppConfig


class LoyaltyConfig(AppConfig):
    """What a purchase earns, what points and offers buy."""

    name = "loyalty"
    label = "loyalty"
    default_auto_field = "django.db.models.BigAutoField"
