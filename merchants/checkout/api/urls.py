"""Addresses of the till API, below /api/v1/."""

from django.urls import path

from merchants.checkout.api.sandbox import TestCodeView, TestConfirmationView
from merchants.checkout.api.views import PaymentView, SaleView

urlpatterns = [
    path("sales/<uuid:uuid>", SaleView.as_view(), name="sale"),
    path("sales/<uuid:uuid>/payment", PaymentView.as_view(), name="sale-payment"),
    path("test/wallet-codes", TestCodeView.as_view(), name="test-codes"),
    path(
        "test/sales/<uuid:uuid>/confirmation",
        TestConfirmationView.as_view(),
        name="test-confirmation",
    ),
]
