"""Addresses of proofs, below /api/v1/."""

from django.urls import path

from merchants.members.api.views import ProofChecksView

urlpatterns = [path("proof-checks", ProofChecksView.as_view(), name="proof-checks")]
