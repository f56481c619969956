"""Wiring of the web app."""

from django.apps import AppConfig
from typing_extensions import override


class WebConfig(AppConfig):
    """Page frames, navigation and live streams."""

    name = "okplatform.web"
    label = "web"
    default_auto_field = "django.db.models.BigAutoField"

    @override
    def ready(self) -> None:
        """Let everybody listen to what is said to them."""
        from okplatform.web import streams

        streams.register_channel("person", lambda person_id, key: key == str(person_id))
