"""Programmes, offers, coupons, who joined, what each sale earned and used, what came back."""

from loyalty.models.assignment import Assignment
from loyalty.models.coupon import Coupon, CouponSeries, CouponUse, KeptCoupon, SeriesKind
from loyalty.models.member import Earning, Member
from loyalty.models.offer import Offer, OfferBudget, OfferKind, OfferState, OfferUse, Target
from loyalty.models.person_cap import MemberOffer, MemberOfferUse
from loyalty.models.programme import Programme, Rulebook
from loyalty.models.reversal import OfferReversal, PointsDebt, Reversal

__all__ = [
    "Assignment",
    "Coupon",
    "CouponSeries",
    "CouponUse",
    "Earning",
    "KeptCoupon",
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
    "Reversal",
    "Rulebook",
    "SeriesKind",
    "Target",
]
