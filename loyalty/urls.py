"""The addresses of programmes: the shopper's and the retailer's."""

from django.urls import path

from loyalty.console.assigning import AssignConsole
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
from loyalty.console.coupons import CouponQr, CouponsConsole, CouponsFile
from loyalty.console.liability import LiabilityFile, LiabilityPage
from loyalty.console.offer import OfferConsole, OfferPause
from loyalty.console.programme import ProgrammeConsole
from loyalty.pages.coupons import CouponPage, CouponsPage
from loyalty.pages.programme import ProgrammePage
from loyalty.pages.programmes import ProgrammesPage

_CONSOLE = "console/<slug:merchant>/programme"
_BUILDER = f"{_CONSOLE}/builder"

app_name = "loyalty"
urlpatterns = [
    path("wallet/programmes/", ProgrammesPage.as_view(), name="programmes"),
    path("wallet/programmes/<slug:reference>/", ProgrammePage.as_view(), name="programme"),
    path("wallet/coupons/", CouponsPage.as_view(), name="coupons"),
    path("wallet/coupons/<slug:reference>/<slug:code>/", CouponPage.as_view(), name="coupon"),
    path(f"{_CONSOLE}/", ProgrammeConsole.as_view(), name="console-programme"),
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
