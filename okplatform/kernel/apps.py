"""Wiring of the kernel app."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """What every app stands on."""

    name = "okplatform.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"
