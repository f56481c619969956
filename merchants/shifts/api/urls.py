"""Addresses of shifts, below /api/v1/."""

from django.urls import path

from merchants.shifts.api.views import ShiftsView, ShiftView

urlpatterns = [
    path("shifts", ShiftsView.as_view(), name="shifts"),
    path("shifts/<uuid:uuid>", ShiftView.as_view(), name="shift"),
]
