"""Addresses of the money API, below /api/v1/."""

from django.urls import path

from payments.api.views import LedgerEntriesView

urlpatterns = [
    path("ledger-entries", LedgerEntriesView.as_view(), name="ledger-entries"),
]
