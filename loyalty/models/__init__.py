"""Programmes, offers, coupons, schemes, who joined, what sales earned and used, what went back."""

from loyalty.models.assignment import Assignment
from loyalty.models.coupon import Coupon, CouponSeries, CouponUse, KeptCoupon, SeriesKind
from loyalty.models.lot import Breakage, BreakageReason, Lot, LotUse
from loyalty.models.member import Earning, Member
from loyalty.models.offer import Offer, OfferBudget, OfferKind, OfferState, OfferUse, Target
from loyalty.models.person_cap import MemberOffer, MemberOfferUse
from loyalty.models.programme import Expiry, Programme, Rulebook
from loyalty.models.reversal import OfferReversal, PointsDebt, Reversal
from loyalty.models.scheme import (
    ReplayState,
    Scheme,
    SchemeOffer,
    SchemeReplay,
    SchemeVersion,
    Source,
)

__all__ = [
    "Assignment",
    "Breakage",
    "BreakageReason",
    "Coupon",
    "CouponSeries",
    "CouponUse",
    "Earning",
    "Expiry",
    "KeptCoupon",
    "Lot",
    "LotUse",
    "Member",
    "MemberOffer",
    "MemberOfferUse",
    "Offer",
    "OfferBudget",
    "OfferKind",
    "OfferReversal",
    "OfferState",
    "OfferUse",
    "PointsDebt",
    "Programme",
    "ReplayState",
    "Reversal",
    "Rulebook",
    "Scheme",
    "SchemeOffer",
    "SchemeReplay",
    "SchemeVersion",
    "SeriesKind",
    "Source",
    "Target",
]
