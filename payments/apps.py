"""Wiring of the payments app."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _
from typing_extensions import override


class PaymentsConfig(AppConfig):
    """Value: ledger, payments, bank accounts."""

    name = "payments"
    label = "payments"
    default_auto_field = "django.db.models.BigAutoField"

    @override
    def ready(self) -> None:
        """Promise, and tell the wallet what a code pays from and what paid a sale."""
        from payments.attention import PaymentAttention
        from payments.funding import BankAccounts, PaymentQuestions
        from payments.gift_card_wallet import GiftCardNotes, GiftCardsInWallet
        from payments.own_data import PaymentData
        from payments.refund_notes import RefundNotes
        from wallet import hooks

        for room in (
            "handlers",
            "invariants.ledger",
            "invariants.reconciliation",
            "invariants.captures",
            "invariants.acquirers",
            "invariants.fees",
            "invariants.gift_cards",
            "invariants.ownership",
            "invariants.prepaid",
            "invariants.refunds",
            "invariants.doubts",
            "invariants.settlement",
            "invariants.spending",
        ):
            import_module(f"{self.name}.{room}")
        hooks.register_funding_source(BankAccounts())
        hooks.register_paid_from(BankAccounts())
        hooks.register_receipt_notes(RefundNotes())
        hooks.register_receipt_notes(GiftCardNotes())
        hooks.register_home_cards(GiftCardsInWallet())
        hooks.register_more_cards(hooks.PageLink(_("Add a gift card"), "payments:gift-card-add"))
        hooks.register_questions(PaymentQuestions())
        hooks.register_attention(PaymentAttention())
        hooks.register_more_funding(BankAccounts())
        hooks.register_own_data(PaymentData())
        post_migrate.connect(_prepare_ledger, sender=self)
        _offer_pages()


def _offer_pages() -> None:
    """Offer the retailer what there is about its money, and OK's own people its bank lines."""
    from okplatform.web import navigation
    from okplatform.web.navigation import NavItem
    from payments.console.permission import CARD_KEEPERS, MONEY

    for label, url_name, icon, order in (
        (_("Where is my money"), "payments:console-money", "bank", 30),
        (_("Payouts"), "payments:console-payouts", "list", 31),
        (_("Card payments"), "payments:console-cards", "card", 32),
        (_("Invoices"), "payments:invoices", "receipt", 70),
        (_("Bookkeeping"), "payments:bookkeeping", "book", 80),
    ):
        item = NavItem(label=label, url_name=url_name, icon=icon, order=order, roles=MONEY.roles)
        navigation.register("console", item)
    item = NavItem(
        label=_("Gift cards"),
        url_name="payments:console-gift-cards",
        icon="gift",
        order=33,
        roles=CARD_KEEPERS.roles,
    )
    navigation.register("console", item)
    for label, url_name, icon, order in (
        (_("Work queue"), "payments:office-queue", "list", 10),
        (_("Suspense"), "payments:office-suspense", "info", 20),
        (_("Decisions"), "payments:office-decisions", "check", 30),
        (_("In doubt"), "payments:office-doubts", "warning", 35),
        (_("Files"), "payments:office-files", "bank", 40),
        (_("Debts"), "payments:office-debts", "receipt", 50),
    ):
        item = NavItem(label=label, url_name=url_name, icon=icon, order=order)
        navigation.register("office", item)


def _prepare_ledger(**_signal: Any) -> None:
    """Bring the chart into the database and open the months to come, wherever one migrates."""
    from okplatform.kernel import clock
    from payments.actions.prepare_ledger import is_there, prepare_ledger

    if is_there():
        prepare_ledger(now=clock.now())
