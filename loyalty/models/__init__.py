"""Programmes and offers, who joined, what each sale earned and used, what was taken back."""

from loyalty.models.lot import Breakage, BreakageReason, Lot, LotUse
from loyalty.models.member import Earning, Member
from loyalty.models.offer import Offer, OfferBudget, OfferKind, OfferState, OfferUse, Target
from loyalty.models.programme import Expiry, Programme, Rulebook
from loyalty.models.reversal import OfferReversal, PointsDebt, Reversal

__all__ = [
    "Breakage",
    "BreakageReason",
    "Earning",
    "Expiry",
    "Lot",
    "LotUse",
    "Member",
    "Offer",
    "OfferBudget",
    "OfferKind",
    "OfferReversal",
    "OfferState",
    "OfferUse",
    "PointsDebt",
    "Programme",
    "Reversal",
    "Rulebook",
    "Target",
]
