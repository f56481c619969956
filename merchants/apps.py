"""Wiring of the merchants app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from typing_extensions import override


class MerchantsConfig(AppConfig):
    """The retailer's side."""

    name = "merchants"
    label = "merchants"
    default_auto_field = "django.db.models.BigAutoField"

    @override
    def ready(self) -> None:
        """Listen to sales, offer the pages, and say who may listen to a merchant's stream."""
        from merchants.analytics.queries import may_watch
        from merchants.checkout.console.permission import LINK_MAKERS
        from merchants.checkout.queries import is_page
        from merchants.returns.console.permission import REFUNDERS
        from okplatform.parties.models import Role
        from okplatform.web import navigation, streams
        from okplatform.web.navigation import NavItem

        for room in ("analytics.handlers", "analytics.invariants"):
            import_module(f"{self.name}.{room}")
        # Celery looks for tasks in apps, not in their subjects.
        for room in ("handlers", "invariants", "tasks"):
            import_module(f"{self.name}.checkout.{room}")
        streams.register_channel("merchant", may_watch)
        streams.register_secret_channel("pay", is_page)
        live = NavItem(
            label=_("Live"),
            url_name="merchants:live",
            icon="live",
            order=10,
            roles=frozenset({Role.OWNER, Role.MANAGER, Role.FINANCE, Role.MARKETER}),
        )
        till = NavItem(
            label=_("Till"),
            url_name="merchants:till",
            icon="basket",
            order=20,
            roles=frozenset({Role.OWNER, Role.MANAGER, Role.CASHIER}),
        )
        links = NavItem(
            label=_("Payment links"),
            url_name="merchants:links",
            icon="share",
            order=30,
            roles=LINK_MAKERS.roles,
        )
        give_back = NavItem(
            label=_("Give back"),
            url_name="merchants:refund-find",
            icon="receipt",
            order=30,
            roles=REFUNDERS.roles,
        )
        navigation.register("console", give_back)
        for frame in ("console", "start"):
            navigation.register(frame, live)
            navigation.register(frame, till)
        navigation.register("console", links)
