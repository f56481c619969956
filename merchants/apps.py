"""Wiring of the merchants app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

ROOMS = (
    "analytics.handlers",
    "analytics.invariants",
    "checkout.handlers",
    "checkout.invariants",
    "checkout.tasks",
    "webhooks.handlers",
    "webhooks.invariants",
    "webhooks.tasks",
)


class MerchantsConfig(AppConfig):
    """The retailer's side."""

    name = "merchants"
    label = "merchants"
    default_auto_field = "django.db.models.BigAutoField"

    @override
    def ready(self) -> None:
        """Listen to events, offer the pages, and say who may listen to a merchant's stream."""
        from merchants.analytics.queries import may_watch
        from merchants.checkout.console.permission import LINK_MAKERS
        from merchants.checkout.queries import is_page
        from merchants.returns.console.permission import REFUNDERS
        from merchants.webhooks.console.notices import endpoints_in_trouble
        from merchants.webhooks.console.permission import INTEGRATORS
        from okplatform.parties.models import Role
        from okplatform.web import navigation, notices, streams
        from okplatform.web.navigation import NavItem

        for room in ROOMS:
            import_module(f"{self.name}.{room}")
        streams.register_channel("merchant", may_watch)
        streams.register_secret_channel("pay", is_page)
        notices.register(endpoints_in_trouble)
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
        webhooks = NavItem(
            label=_("Webhooks"),
            url_name="merchants:webhooks",
            icon="share",
            order=90,
            roles=INTEGRATORS.roles,
        )
        navigation.register("console", give_back)
        navigation.register("console", webhooks)
        for frame in ("console", "start"):
            navigation.register(frame, live)
            navigation.register(frame, till)
        navigation.register("console", links)
