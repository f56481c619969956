"""Addresses of the retailer's side: the console and the browser till."""

from django.urls import path

from merchants.analytics.console.live import LiveFigures, LivePage
from merchants.checkout.pages.till import TillChoicePage, TillPage, TillProducts
from merchants.returns.console.find import FindSalePage
from merchants.returns.console.refund import RefundPage
from merchants.webhooks.console.endpoint import EndpointPage
from merchants.webhooks.console.endpoints import EndpointsPage, NewEndpointPage

app_name = "merchants"
urlpatterns = [
    path("console/<slug:merchant>/live/", LivePage.as_view(), name="live"),
    path("console/<slug:merchant>/live/figures/", LiveFigures.as_view(), name="live-figures"),
    path("console/<slug:merchant>/refunds/", FindSalePage.as_view(), name="refund-find"),
    path("console/<slug:merchant>/refunds/<uuid:sale_uuid>/", RefundPage.as_view(), name="refund"),
    path("console/<slug:merchant>/webhooks/", EndpointsPage.as_view(), name="webhooks"),
    path("console/<slug:merchant>/webhooks/new/", NewEndpointPage.as_view(), name="webhook-new"),
    path("console/<slug:merchant>/webhooks/<uuid:uuid>/", EndpointPage.as_view(), name="webhook"),
    path("till/", TillPage.as_view(), name="till"),
    path("till/choice/", TillChoicePage.as_view(), name="till-choice"),
    path("till/products/", TillProducts.as_view(), name="till-products"),
]
