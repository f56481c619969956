"""The addresses of the wallet. The worker lives at the root, because its place is its reach."""

from django.urls import path

from wallet.api.cards import CardChanges, CardPhotos, CardPhotoView
from wallet.api.phone import EnrolPhone, StockPhone
from wallet.pages.card_edits import (
    AddCardPage,
    AddLinkPage,
    CardBalance,
    CardHistoryPage,
    DuplicateCard,
    EditCardPage,
    MarkCard,
)
from wallet.pages.cards import CardPage, CardsPage
from wallet.pages.code import CodePage, OfflinePage
from wallet.pages.consents import ConsentsPage
from wallet.pages.pin import PinPage
from wallet.pages.receipts import ReceiptPage, ReceiptsPage
from wallet.pages.worker import Manifest, ServiceWorker
from wallet.pages.you import BlockDevice, SignOut, YouPage

app_name = "wallet"
urlpatterns = [
    path("sw.js", ServiceWorker.as_view(), name="worker"),
    path("manifest.webmanifest", Manifest.as_view(), name="manifest"),
    path("wallet/", CodePage.as_view(), name="code"),
    path("wallet/offline/", OfflinePage.as_view(), name="offline"),
    path("wallet/phone/", EnrolPhone.as_view(), name="enrol"),
    path("wallet/phone/stock/", StockPhone.as_view(), name="stock"),
    path("wallet/cards/", CardsPage.as_view(), name="cards"),
    path("wallet/cards/changes/", CardChanges.as_view(), name="card-changes"),
    path("wallet/cards/photos/", CardPhotos.as_view(), name="card-photos"),
    path("wallet/cards/photos/<slug:digest>/", CardPhotoView.as_view(), name="card-photo"),
    path("cards/add/", AddLinkPage.as_view(), name="card-link"),
    path("wallet/cards/add/", AddCardPage.as_view(), name="card-add"),
    path("wallet/cards/<uuid:card>/", CardPage.as_view(), name="card"),
    path("wallet/cards/<uuid:card>/edit/", EditCardPage.as_view(), name="card-edit"),
    path("wallet/cards/<uuid:card>/mark/", MarkCard.as_view(), name="card-mark"),
    path("wallet/cards/<uuid:card>/copy/", DuplicateCard.as_view(), name="card-copy"),
    path("wallet/cards/<uuid:card>/balance/", CardBalance.as_view(), name="card-balance"),
    path("wallet/cards/<uuid:card>/history/", CardHistoryPage.as_view(), name="card-history"),
    path("wallet/receipts/", ReceiptsPage.as_view(), name="receipts"),
    path("wallet/receipts/<int:receipt_id>/", ReceiptPage.as_view(), name="receipt"),
    path("wallet/you/", YouPage.as_view(), name="you"),
    path("wallet/you/pin/", PinPage.as_view(), name="pin"),
    path("wallet/you/shops/<slug:reference>/", ConsentsPage.as_view(), name="consents"),
    path("wallet/you/devices/<uuid:device>/block/", BlockDevice.as_view(), name="block-device"),
    path("wallet/sign-out/", SignOut.as_view(), name="sign-out"),
]
