"""Addresses of the retailer's side: the console and the browser till."""

from django.urls import path

from merchants.analytics.console.live import LiveFigures, LivePage

app_name = "merchants"
urlpatterns = [
    path("console/<slug:merchant>/live/", LivePage.as_view(), name="live"),
    path("console/<slug:merchant>/live/figures/", LiveFigures.as_view(), name="live-figures"),
]
