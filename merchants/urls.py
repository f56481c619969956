"""Addresses of the retailer's side: the console, the browser till, and where shoppers pay."""

from django.urls import path

from merchants.analytics.console.live import LiveFigures, LivePage
from merchants.certification.console.certificates import CertificatePage, CertificatesPage
from merchants.checkout.console.links import (
    CloseLinkConsole,
    LinkQr,
    LinksConsole,
    NewLinkConsole,
    OneLinkConsole,
)
from merchants.checkout.console.offline import OfflineFile, OfflinePage
from merchants.checkout.pages.pay import DeclinePayment, PaymentStanding, PayPage
from merchants.checkout.pages.pay_at_bank import PayAtBank
from merchants.checkout.pages.pay_card import PayCard
from merchants.checkout.pages.pay_link import PayLinkPage
from merchants.checkout.pages.till import (
    TillChoicePage,
    TillPage,
    TillProducts,
    TrainingTillPage,
)
from merchants.keys.console.keys import KeyPage, KeysPage, NewKeyPage
from merchants.keys.console.vendors import VendorsPage
from merchants.members.console.card import CustomerCard
from merchants.members.console.find import FindCustomer
from merchants.returns.console.find import FindSalePage
from merchants.returns.console.refund import RefundPage
from merchants.sandbox.console.page import SandboxPage
from merchants.shifts.console.day import DayFile, DayPage
from merchants.training.console.page import TrainingConsole
from merchants.training.pages.runs import TrainingRuns, TrainingVerdict
from merchants.webhooks.console.endpoint import EndpointPage
from merchants.webhooks.console.endpoints import EndpointsPage, NewEndpointPage

app_name = "merchants"
CERTIFICATES = "console/<slug:merchant>/certificates/"
DARK = "console/<slug:merchant>/offline-tills/"
KEYS = "console/<slug:merchant>/keys/"
LINKS = "console/<slug:merchant>/links/"
urlpatterns = [
    path("console/<slug:merchant>/live/", LivePage.as_view(), name="live"),
    path("console/<slug:merchant>/live/figures/", LiveFigures.as_view(), name="live-figures"),
    path(LINKS, LinksConsole.as_view(), name="links"),
    path(f"{LINKS}new/", NewLinkConsole.as_view(), name="link-new"),
    path(f"{LINKS}<uuid:uuid>/", OneLinkConsole.as_view(), name="link"),
    path(f"{LINKS}<uuid:uuid>/closure/", CloseLinkConsole.as_view(), name="link-closure"),
    path(f"{LINKS}<uuid:uuid>/qr.svg", LinkQr.as_view(), {"form": "svg"}, name="link-svg"),
    path(f"{LINKS}<uuid:uuid>/qr.png", LinkQr.as_view(), {"form": "png"}, name="link-png"),
    path("pay/link/<str:token>/", PayLinkPage.as_view(), name="pay-link"),
    path("pay/<str:token>/", PayPage.as_view(), name="pay"),
    path("pay/<str:token>/refusal/", DeclinePayment.as_view(), name="pay-refusal"),
    path("pay/<str:token>/at-bank/", PayAtBank.as_view(), name="pay-at-bank"),
    path("pay/<str:token>/gift-card/", PayCard.as_view(), name="pay-card"),
    path("pay/<str:token>/state/", PaymentStanding.as_view(), name="pay-state"),
    path("console/<slug:merchant>/refunds/", FindSalePage.as_view(), name="refund-find"),
    path("console/<slug:merchant>/refunds/<uuid:sale_uuid>/", RefundPage.as_view(), name="refund"),
    path("console/<slug:merchant>/customers/", FindCustomer.as_view(), name="customers"),
    path("console/<slug:merchant>/customers/card/", CustomerCard.as_view(), name="customer"),
    path("console/<slug:merchant>/day/", DayPage.as_view(), name="day"),
    path("console/<slug:merchant>/day/file/", DayFile.as_view(), name="day-file"),
    path(DARK, OfflinePage.as_view(), name="offline-tills"),
    path(f"{DARK}file/", OfflineFile.as_view(), name="offline-tills-file"),
    path("console/<slug:merchant>/webhooks/", EndpointsPage.as_view(), name="webhooks"),
    path("console/<slug:merchant>/webhooks/new/", NewEndpointPage.as_view(), name="webhook-new"),
    path("console/<slug:merchant>/webhooks/<uuid:uuid>/", EndpointPage.as_view(), name="webhook"),
    path("console/<slug:merchant>/sandbox/", SandboxPage.as_view(), name="sandbox"),
    path("console/<slug:merchant>/training/", TrainingConsole.as_view(), name="training"),
    path(CERTIFICATES, CertificatesPage.as_view(), name="certificates"),
    path(f"{CERTIFICATES}<uuid:uuid>/", CertificatePage.as_view(), name="certificate"),
    path(KEYS, KeysPage.as_view(), name="keys"),
    path(f"{KEYS}new/", NewKeyPage.as_view(), name="key-new"),
    path(f"{KEYS}vendors/", VendorsPage.as_view(), name="vendors"),
    path(f"{KEYS}<int:api_key>/", KeyPage.as_view(), name="key"),
    path("till/", TillPage.as_view(), name="till"),
    path("till/choice/", TillChoicePage.as_view(), name="till-choice"),
    path("till/training/", TrainingTillPage.as_view(), name="till-training"),
    path("till/training/runs/", TrainingRuns.as_view(), name="training-runs"),
    path("till/training/runs/<uuid:uuid>/", TrainingVerdict.as_view(), name="training-verdict"),
    path("till/products/", TillProducts.as_view(), name="till-products"),
]
