"""Programmes, offers, coupons, schemes, who joined, what sales earned and used, what went back."""

from loyalty.models.assignment import Assignment
from loyalty.models.balance import BalanceImport, ImportState, WaitingBalance
from loyalty.models.bonus import BonusKind, BonusUse, Referral, ReferralCode
from loyalty.models.circle import Circle, CircleShop, PointsDraw, ShopState
from loyalty.models.connector import LIMITS_MS, ConnectedSale, Connector
from loyalty.models.correction import Correction, CorrectionState, CorrectionTerms
from loyalty.models.coupon import Coupon, CouponSeries, CouponUse, KeptCoupon, SeriesKind
from loyalty.models.gift import GiftState, GiftTerms, PointsGift
from loyalty.models.lot import Breakage, BreakageReason, Lot, LotUse
from loyalty.models.member import Earning, Member
from loyalty.models.move import MoveKind, PointsMove
from loyalty.models.offer import Offer, OfferBudget, OfferKind, OfferState, OfferUse, Target
from loyalty.models.person_cap import MemberOffer, MemberOfferUse
from loyalty.models.pool import DrawKind, Pool, PoolAsk, PoolDraw, PoolSeat
from loyalty.models.programme import Expiry, LeastMargin, Programme, Rulebook
from loyalty.models.reversal import OfferReversal, PointsDebt, Reversal
from loyalty.models.reward import (
    WITHOUT_SALE,
    CardForPoints,
    Donation,
    Reward,
    RewardKind,
)
from loyalty.models.scheme import (
    ReplayState,
    Scheme,
    SchemeOffer,
    SchemeReplay,
    SchemeVersion,
    Source,
)
from loyalty.models.spending import Spend, SpendBack, SpendingTerms, SpendState, Wish
from loyalty.models.spending_version import SpendingVersion
from loyalty.models.stamp import MemberStamps, StampUse
from loyalty.models.supplier import OfferShare, Supplier, SupplierShare
from loyalty.models.tier import MemberTier, TierBasis, TierPeriod

__all__ = [
    "LIMITS_MS",
    "WITHOUT_SALE",
    "Assignment",
    "BalanceImport",
    "BonusKind",
    "BonusUse",
    "Breakage",
    "BreakageReason",
    "CardForPoints",
    "Circle",
    "CircleShop",
    "ConnectedSale",
    "Connector",
    "Correction",
    "CorrectionState",
    "CorrectionTerms",
    "Coupon",
    "CouponSeries",
    "CouponUse",
    "Donation",
    "DrawKind",
    "Earning",
    "Expiry",
    "GiftState",
    "GiftTerms",
    "ImportState",
    "KeptCoupon",
    "LeastMargin",
    "Lot",
    "LotUse",
    "Member",
    "MemberOffer",
    "MemberOfferUse",
    "MemberStamps",
    "MemberTier",
    "MoveKind",
    "Offer",
    "OfferBudget",
    "OfferKind",
    "OfferReversal",
    "OfferShare",
    "OfferState",
    "OfferUse",
    "PointsDebt",
    "PointsDraw",
    "PointsGift",
    "PointsMove",
    "Pool",
    "PoolAsk",
    "PoolDraw",
    "PoolSeat",
    "Programme",
    "Referral",
    "ReferralCode",
    "ReplayState",
    "Reversal",
    "Reward",
    "RewardKind",
    "Rulebook",
    "Scheme",
    "SchemeOffer",
    "SchemeReplay",
    "SchemeVersion",
    "SeriesKind",
    "ShopState",
    "Source",
    "Spend",
    "SpendBack",
    "SpendState",
    "SpendingTerms",
    "SpendingVersion",
    "StampUse",
    "Supplier",
    "SupplierShare",
    "Target",
    "TierBasis",
    "TierPeriod",
    "WaitingBalance",
    "Wish",
]
