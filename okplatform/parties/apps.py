"""Wiring of the parties app."""

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """Who takes part."""

    name = "okplatform.parties"
    label = "parties"
    default_auto_field = "django.db.models.BigAutoField"
