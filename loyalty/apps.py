"""Wiring of the loyalty app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

ROOMS_THAT_REGISTER = (
    "bonus_invariants",
    "circle_invariants",
    "connector_invariants",
    "coupon_invariants",
    "handlers",
    "invariants",
    "liability_invariants",
    "move_invariants",
    "pool_invariants",
    "spending_invariants",
    "stamp_invariants",
    "tier_invariants",
)


class LoyaltyConfig(AppConfig):
    """What a purchase earns, what points and offers buy."""

    name = "loyalty"
    label = "loyalty"
    default_auto_field = "django.db.models.BigAutoField"

    @override
    def ready(self) -> None:
        """Show programmes in the wallet and the console, and register what verify proves."""
        from loyalty.attention import PointsAttention
        from loyalty.console.notices import asked_to_share
        from loyalty.own_data import LoyaltyData
        from loyalty.wallet_cards import (
            EarnedNotes,
            PointsOfSales,
            ProgrammeCards,
            ProgrammeMemberships,
        )
        from okplatform.web import notices
        from wallet import hooks

        for room in ROOMS_THAT_REGISTER:
            import_module(f"loyalty.{room}")
        hooks.register_home_cards(ProgrammeCards())
        hooks.register_memberships(ProgrammeMemberships())
        hooks.register_receipt_notes(EarnedNotes())
        hooks.register_points_knower(PointsOfSales())
        hooks.register_attention(PointsAttention())
        hooks.register_own_data(LoyaltyData())
        hooks.register_more_cards(hooks.PageLink(_("Find programmes"), "loyalty:programmes"))
        hooks.register_more_cards(hooks.PageLink(_("Coupons"), "loyalty:coupons"))
        notices.register(asked_to_share)
        _register_pages()


def _register_pages() -> None:
    """Offer the pages of this app in their frames."""
    from loyalty.console.permission import RULE_MAKERS
    from okplatform.parties.models import Role
    from okplatform.web import navigation
    from okplatform.web.navigation import NavItem

    programme = NavItem(
        label=_("Programme"),
        url_name="loyalty:console-programme",
        icon="points",
        order=50,
        roles=RULE_MAKERS.roles,
    )
    navigation.register("console", programme)
    liability = NavItem(
        label=_("Points owed"),
        url_name="loyalty:console-liability",
        icon="book",
        order=55,
        # Whoever makes the rules finds it on their page; the menu is long enough.
        roles=frozenset({Role.FINANCE}),
    )
    navigation.register("console", liability)
    brands = NavItem(
        label=_("Cards of shops"), url_name="loyalty:office-brands", icon="card", order=60
    )
    navigation.register("office", brands)
