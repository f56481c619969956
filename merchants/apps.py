"""Wiring of the merchants app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

ROOMS = (
    "analytics.handlers",
    "analytics.invariants",
    "certification.invariants",
    "checkout.handlers",
    "checkout.invariants",
    "checkout.offline_invariants",
    "checkout.tasks",
    "shifts.invariants",
    "training.invariants",
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
        from merchants.checkout.console.permission import LINK_MAKERS, RISK_TAKERS
        from merchants.checkout.own_data import CheckoutData
        from merchants.checkout.queries import is_page
        from merchants.keys.console.permission import KEY_MAKERS
        from merchants.members.console.permission import HELPERS
        from merchants.returns.console.permission import REFUNDERS
        from merchants.shifts.console.permission import CLOSERS
        from merchants.training.console.permission import TRAINERS
        from merchants.webhooks.console.notices import endpoints_in_trouble
        from merchants.webhooks.console.permission import INTEGRATORS
        from okplatform.parties.models import Role
        from okplatform.web import navigation, notices, streams
        from okplatform.web.navigation import NavItem
        from wallet import hooks

        for room in ROOMS:
            import_module(f"{self.name}.{room}")
        hooks.register_own_data(CheckoutData())
        streams.register_channel("merchant", may_watch)
        streams.register_secret_channel("pay", is_page)
        notices.register(endpoints_in_trouble)
        watchers = frozenset({Role.OWNER, Role.MANAGER, Role.FINANCE, Role.MARKETER})
        sellers = frozenset({Role.OWNER, Role.MANAGER, Role.CASHIER})
        for page, label, icon, order, roles in (
            ("live", _("Live"), "live", 10, watchers),
            ("till", _("Till"), "basket", 20, sellers),
            ("day", _("Day totals"), "list", 25, CLOSERS.roles),
            ("links", _("Payment links"), "share", 30, LINK_MAKERS.roles),
            ("refund-find", _("Give back"), "receipt", 40, REFUNDERS.roles),
            ("customers", _("Customers"), "people", 45, HELPERS.roles),
            ("training", _("Training"), "star", 80, TRAINERS.roles),
            ("offline-tills", _("Without a network"), "offline", 85, RISK_TAKERS.roles),
            ("keys", _("Keys"), "key", 85, KEY_MAKERS.roles),
            ("webhooks", _("Webhooks"), "globe", 90, INTEGRATORS.roles),
        ):
            item = NavItem(
                label=label, url_name=f"merchants:{page}", icon=icon, order=order, roles=roles
            )
            navigation.register("console", item)
            if page in ("live", "till"):
                navigation.register("start", item)
