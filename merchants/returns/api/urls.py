"""Addresses of the refund API, below /api/v1/."""

from django.urls import path

from merchants.returns.api.views import RefundsView

urlpatterns = [path("sales/<uuid:uuid>/refunds", RefundsView.as_view(), name="sale-refunds")]
