"""Addresses of the sandbox, below /api/v1/test/."""

from django.urls import path

from merchants.sandbox.api.views import ClockView, ResetView

urlpatterns = [
    path("test/clock", ClockView.as_view(), name="test-clock"),
    path("test/reset", ResetView.as_view(), name="test-reset"),
]
