"""Addresses of the till API and of webshops, below /api/v1/."""

from django.urls import path

from merchants.checkout.api.following import SaleEventsView
from merchants.checkout.api.gift_cards import GiftCardBalanceView, GiftCardLoadView
from merchants.checkout.api.offline import (
    OfflineAllowanceView,
    OfflineKeyView,
    OfflineSaleView,
)
from merchants.checkout.api.online import (
    CancellationView,
    CapturesView,
    LinkClosureView,
    LinksView,
    LinkView,
    OnlinePaymentsView,
    OnlinePaymentView,
)
from merchants.checkout.api.sandbox import TestCodeView, TestConfirmationView
from merchants.checkout.api.unsettled import UnsettledSalesView
from merchants.checkout.api.views import PaymentView, SaleView

urlpatterns = [
    path("sales/<uuid:uuid>", SaleView.as_view(), name="sale"),
    path("sales/<uuid:uuid>/events", SaleEventsView.as_view(), name="sale-events"),
    path("sales/<uuid:uuid>/payment", PaymentView.as_view(), name="sale-payment"),
    path("unsettled-sales", UnsettledSalesView.as_view(), name="unsettled-sales"),
    path("offline-allowance", OfflineAllowanceView.as_view(), name="offline-allowance"),
    path("offline-key", OfflineKeyView.as_view(), name="offline-key"),
    path("offline-sales/<uuid:uuid>", OfflineSaleView.as_view(), name="offline-sale"),
    path("payments", OnlinePaymentsView.as_view(), name="payments"),
    path("payments/<uuid:uuid>", OnlinePaymentView.as_view(), name="payment"),
    path("payments/<uuid:uuid>/captures", CapturesView.as_view(), name="captures"),
    path("payments/<uuid:uuid>/cancellation", CancellationView.as_view(), name="cancellation"),
    path("payment-links", LinksView.as_view(), name="payment-links"),
    path("payment-links/<uuid:uuid>", LinkView.as_view(), name="payment-link"),
    path("payment-links/<uuid:uuid>/closure", LinkClosureView.as_view(), name="link-closure"),
    path("gift-card-loads/<uuid:uuid>", GiftCardLoadView.as_view(), name="gift-card-load"),
    path("gift-card-balances", GiftCardBalanceView.as_view(), name="gift-card-balance"),
    path("test/wallet-codes", TestCodeView.as_view(), name="test-codes"),
    path(
        "test/sales/<uuid:uuid>/confirmation",
        TestConfirmationView.as_view(),
        name="test-confirmation",
    ),
]
