"""Programmes and offers, who joined, and what each sale earned and used."""

from loyalty.models.member import Earning, Member
from loyalty.models.offer import Offer, OfferBudget, OfferState, OfferUse, Target
from loyalty.models.programme import Programme, Rulebook

__all__ = [
    "Earning",
    "Member",
    "Offer",
    "OfferBudget",
    "OfferState",
    "OfferUse",
    "Programme",
    "Rulebook",
    "Target",
]
