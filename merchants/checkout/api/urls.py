"""Addresses of the till API, below /api/v1/."""

from django.urls import path

from merchants.checkout.api.views import PaymentView, SaleView, TestCodeView

urlpatterns = [
    path("sales/<uuid:uuid>", SaleView.as_view(), name="sale"),
    path("sales/<uuid:uuid>/payment", PaymentView.as_view(), name="sale-payment"),
    path("test/wallet-codes", TestCodeView.as_view(), name="test-codes"),
]
