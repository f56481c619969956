"""Addresses of the catalogue's API, below /api/v1/."""

from django.urls import path

from okplatform.trade.api.views import ProductCostsView

urlpatterns = [path("product-costs", ProductCostsView.as_view(), name="product-costs")]
