"""Wiring of the demo app."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The demo world and its data."""

    name = "demo"
    label = "demo"
    default_auto_field = "django.db.models.BigAutoField"
