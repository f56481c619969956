"""Wiring of the web app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Page shells, navigation and live streams."""

    name = "okplatform.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"
