"""Wiring of the wallet app."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _
from typing_extensions import override


class WalletConfig(AppConfig):
    """The person: devices, codes, consents, receipts."""

    name = "wallet"
    label = "wallet"
    default_auto_field = "django.db.models.BigAutoField"

    @override
    def ready(self) -> None:
        """Subscribe, promise, keep the texts people agree to, and offer the pages."""
        from okplatform.web import navigation
        from okplatform.web.navigation import NavItem

        for room in ("handlers", "invariants"):
            import_module(f"{self.name}.{room}")
        post_migrate.connect(_keep_wordings, sender=self)
        tabs = (
            (_("OK"), "wallet:code", "code"),
            (_("Cards"), "wallet:cards", "card"),
            (_("Receipts"), "wallet:receipts", "receipt"),
            (_("You"), "wallet:you", "person"),
        )
        for order, (label, url_name, icon) in enumerate(tabs):
            item = NavItem(label=label, url_name=url_name, icon=icon, order=order)
            navigation.register("wallet", item)
        navigation.register(
            "start", NavItem(label=_("My wallet"), url_name="wallet:code", icon="code", order=0)
        )


def _keep_wordings(**_signal: Any) -> None:
    """Bring the texts of consents into the database, wherever one migrates."""
    from wallet.actions.keep_wordings import is_there, keep_wordings

    if is_there():
        keep_wordings()
