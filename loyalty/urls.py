"""The addresses of programmes: the shopper's and the retailer's."""

from django.urls import path

from loyalty.console.assigning import AssignConsole
from loyalty.console.balances import BalanceFileConsole, BalancesConsole
from loyalty.console.bonuses import BonusesConsole
from loyalty.console.brands import BrandsPage, ClaimBrand, DecideBrand
from loyalty.console.builder import BuilderChange, BuilderFigures, BuilderPage
from loyalty.console.builder_replay import BuilderReplay
from loyalty.console.builder_versions import (
    BuilderPause,
    BuilderPublish,
    BuilderRollBack,
    BuilderUnschedule,
    BuilderVersions,
)
from loyalty.console.circle import CircleConsole, CircleFile
from loyalty.console.connector import ConnectorConsole
from loyalty.console.corrections import CorrectionsConsole
from loyalty.console.coupons import CouponQr, CouponsConsole, CouponsFile
from loyalty.console.handing_out import HandOutConsole
from loyalty.console.liability import LiabilityFile, LiabilityPage
from loyalty.console.margin import MarginConsole
from loyalty.console.offer import OfferConsole, OfferPause
from loyalty.console.programme import ProgrammeConsole
from loyalty.console.rewards import RewardsConsole, RewardTurn
from loyalty.console.spending import SpendingConsole
from loyalty.console.suppliers import SuppliersConsole, SuppliersFile
from loyalty.console.tiers import TiersConsole
from loyalty.pages.coupons import CouponPage, CouponsPage
from loyalty.pages.family import FamilyPage
from loyalty.pages.gifts import GiftPage, GivePage
from loyalty.pages.hand_on import HandOnPage
from loyalty.pages.programme import ProgrammePage
from loyalty.pages.programmes import ProgrammesPage
from loyalty.pages.spending import SpendPointsPage

_CONSOLE = "console/<slug:merchant>/programme"
_BUILDER = f"{_CONSOLE}/builder"

app_name = "loyalty"
urlpatterns = [
    path("wallet/programmes/", ProgrammesPage.as_view(), name="programmes"),
    path("wallet/programmes/<slug:reference>/", ProgrammePage.as_view(), name="programme"),
    path("wallet/programmes/<slug:reference>/link/", HandOnPage.as_view(), name="hand-on"),
    path(
        "wallet/programmes/<slug:reference>/points/",
        SpendPointsPage.as_view(),
        name="spend-points",
    ),
    path("wallet/coupons/", CouponsPage.as_view(), name="coupons"),
    path("wallet/coupons/<slug:reference>/<slug:code>/", CouponPage.as_view(), name="coupon"),
    path(f"{_CONSOLE}/", ProgrammeConsole.as_view(), name="console-programme"),
    path(f"{_CONSOLE}/tiers/", TiersConsole.as_view(), name="console-tiers"),
    path(f"{_CONSOLE}/bonuses/", BonusesConsole.as_view(), name="console-bonuses"),
    path(f"{_CONSOLE}/spending/", SpendingConsole.as_view(), name="console-spending"),
    path(f"{_CONSOLE}/rewards/", RewardsConsole.as_view(), name="console-rewards"),
    path(f"{_CONSOLE}/rewards/<int:reward_id>/", RewardTurn.as_view(), name="console-reward"),
    path("wallet/programmes/<slug:reference>/give/", GivePage.as_view(), name="give"),
    path("wallet/programmes/<slug:reference>/family/", FamilyPage.as_view(), name="family"),
    path("wallet/gifts/<slug:token>/", GiftPage.as_view(), name="gift"),
    path(f"{_CONSOLE}/hand-out/", HandOutConsole.as_view(), name="console-hand-out"),
    path(f"{_CONSOLE}/corrections/", CorrectionsConsole.as_view(), name="console-corrections"),
    path(f"{_CONSOLE}/margin/", MarginConsole.as_view(), name="console-margin"),
    path(f"{_CONSOLE}/connector/", ConnectorConsole.as_view(), name="console-connector"),
    path(f"{_CONSOLE}/suppliers/", SuppliersConsole.as_view(), name="console-suppliers"),
    path(f"{_CONSOLE}/suppliers/csv/", SuppliersFile.as_view(), name="console-suppliers-file"),
    path(f"{_CONSOLE}/shared/", CircleConsole.as_view(), name="console-circle"),
    path(f"{_CONSOLE}/shared/csv/", CircleFile.as_view(), name="console-circle-file"),
    path(f"{_CONSOLE}/balances/", BalancesConsole.as_view(), name="console-balances"),
    path(
        f"{_CONSOLE}/balances/<uuid:uuid>/",
        BalanceFileConsole.as_view(),
        name="console-balance-file",
    ),
    path(f"{_CONSOLE}/cards/", ClaimBrand.as_view(), name="console-brand"),
    path("office/cards/", BrandsPage.as_view(), name="office-brands"),
    path("office/cards/<int:claim_id>/", DecideBrand.as_view(), name="office-brand"),
    path(f"{_CONSOLE}/offers/new/", OfferConsole.as_view(), name="console-offer-new"),
    path(f"{_CONSOLE}/offers/<int:offer_id>/", OfferConsole.as_view(), name="console-offer"),
    path(
        f"{_CONSOLE}/offers/<int:offer_id>/codes/",
        CouponsConsole.as_view(),
        name="console-coupons",
    ),
    path(f"{_CONSOLE}/codes/<int:series_id>/qr.svg", CouponQr.as_view(), name="console-coupon-qr"),
    path(f"{_CONSOLE}/codes/<int:series_id>/", CouponsFile.as_view(), name="console-coupons-file"),
    path(
        f"{_CONSOLE}/offers/<int:offer_id>/members/",
        AssignConsole.as_view(),
        name="console-assign",
    ),
    path(f"{_BUILDER}/", BuilderPage.as_view(), name="console-builder"),
    path(f"{_BUILDER}/change/", BuilderChange.as_view(), name="console-builder-change"),
    path(f"{_BUILDER}/figures/", BuilderFigures.as_view(), name="console-builder-figures"),
    path(f"{_BUILDER}/replay/", BuilderReplay.as_view(), name="console-builder-replay"),
    path(f"{_BUILDER}/publish/", BuilderPublish.as_view(), name="console-builder-publish"),
    path(f"{_BUILDER}/pause/", BuilderPause.as_view(), name="console-builder-pause"),
    path(f"{_BUILDER}/unschedule/", BuilderUnschedule.as_view(), name="console-builder-unschedule"),
    path(f"{_BUILDER}/versions/", BuilderVersions.as_view(), name="console-builder-versions"),
    path(
        f"{_BUILDER}/versions/<slug:number>/",
        BuilderRollBack.as_view(),
        name="console-builder-back",
    ),
    path(f"{_CONSOLE}/liability/", LiabilityPage.as_view(), name="console-liability"),
    path(f"{_CONSOLE}/liability/csv/", LiabilityFile.as_view(), name="console-liability-file"),
    path(f"{_CONSOLE}/offers/<int:offer_id>/pause/", OfferPause.as_view(), name="console-pause"),
]
