"""Wiring of the merchants app."""

from django.apps import AppConfig


class MerchantsConfig(AppConfig):
    """The retailer's side."""

    name = "merchants"
    label = "merchants"
    default_auto_field = "django.db.models.BigAutoField"
