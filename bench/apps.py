"""Wiring of the bench app."""

from django.apps import AppConfig


class BenchConfig(AppConfig):
    """Measurements."""

    name = "bench"
    label = "bench"
    default_auto_field = "django.db.models.BigAutoField"
