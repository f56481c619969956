"""The addresses of the wallet. The worker lives at the root, because its place is its reach."""

from django.urls import path

from wallet.api.cards import CardChanges, CardPhotos, CardPhotoView
from wallet.api.kept import KeptOnPhone
from wallet.api.phone import EnrolPhone, StockPhone
from wallet.api.push import PushOnPhone
from wallet.pages.about import AboutPage
from wallet.pages.card_edits import (
    AddCardPage,
    AddLinkPage,
    CardBalance,
    CardHistoryPage,
    DuplicateCard,
    EditCardPage,
    MarkCard,
    SharedCardPage,
)
from wallet.pages.card_exports import ExportCards, ExportPage
from wallet.pages.card_family import (
    ChangeShare,
    EndShare,
    FamilyPage,
    InvitationPage,
    InvitedPage,
    OpenInvitation,
)
from wallet.pages.card_imports import ImportPage, ReadImport, UploadImport
from wallet.pages.cards import CardPage, CardsPage
from wallet.pages.code import CodePage
from wallet.pages.consents import ConsentsPage, MirrorPage, WithdrawFromShop
from wallet.pages.data import YourDataPage
from wallet.pages.leaving import DeleteAccount, Download
from wallet.pages.live_cards import CoupleCard
from wallet.pages.looks import LooksPage
from wallet.pages.notifications import NotificationsPage, RemovePushPhone, TestPush
from wallet.pages.offline import OfflinePage, UnsavedPage
from wallet.pages.pin import PinPage
from wallet.pages.proofs import BackFromIssuer, GoToIssuer, ProofsPage
from wallet.pages.receipts import ReceiptFile, ReceiptPage, ReceiptsFile, ReceiptsPage, SendReceipt
from wallet.pages.records import ConsentRecord, ConsentRecords, PublishedKeys
from wallet.pages.safety import EndOtherSessions, EndSession
from wallet.pages.warranties import WarrantiesPage, WarrantyPage
from wallet.pages.worker import Manifest, ServiceWorker
from wallet.pages.you import BlockDevice, SignOut, YouPage

_DATA = "wallet/you/data"
_INVITATIONS = "wallet/cards/invitations"
_SHARE = "wallet/cards/shares/<uuid:share>"
_SHOP = "wallet/you/shops/<slug:reference>"

app_name = "wallet"
urlpatterns = [
    path("sw.js", ServiceWorker.as_view(), name="worker"),
    path("manifest.webmanifest", Manifest.as_view(), name="manifest"),
    path("wallet/", CodePage.as_view(), name="code"),
    path("wallet/offline/", OfflinePage.as_view(), name="offline"),
    path("wallet/phone/", EnrolPhone.as_view(), name="enrol"),
    path("wallet/phone/kept/", KeptOnPhone.as_view(), name="kept"),
    path("wallet/phone/push/", PushOnPhone.as_view(), name="push"),
    path("wallet/phone/stock/", StockPhone.as_view(), name="stock"),
    path("wallet/cards/", CardsPage.as_view(), name="cards"),
    path("wallet/cards/changes/", CardChanges.as_view(), name="card-changes"),
    path("wallet/cards/photos/", CardPhotos.as_view(), name="card-photos"),
    path("wallet/cards/photos/<slug:digest>/", CardPhotoView.as_view(), name="card-photo"),
    path("cards/shared/", SharedCardPage.as_view(), name="card-shared"),
    path("cards/add/", AddLinkPage.as_view(), name="card-link"),
    path("wallet/cards/add/", AddCardPage.as_view(), name="card-add"),
    path("wallet/cards/unsaved/", UnsavedPage.as_view(), name="cards-unsaved"),
    path("wallet/cards/export/", ExportPage.as_view(), name="card-export"),
    path("wallet/cards/export/<int:part>/", ExportCards.as_view(), name="card-export-part"),
    path("wallet/cards/import/", ReadImport.as_view(), name="card-import"),
    path("wallet/cards/import/uploads/", UploadImport.as_view(), name="card-import-upload"),
    path("wallet/cards/import/<uuid:card_import>/", ImportPage.as_view(), name="card-import-one"),
    path("wallet/cards/<uuid:card>/", CardPage.as_view(), name="card"),
    path("wallet/cards/<uuid:card>/edit/", EditCardPage.as_view(), name="card-edit"),
    path("wallet/cards/<uuid:card>/mark/", MarkCard.as_view(), name="card-mark"),
    path("wallet/cards/<uuid:card>/copy/", DuplicateCard.as_view(), name="card-copy"),
    path("wallet/cards/<uuid:card>/balance/", CardBalance.as_view(), name="card-balance"),
    path("wallet/cards/<uuid:card>/live/", CoupleCard.as_view(), name="card-live"),
    path("wallet/cards/<uuid:card>/history/", CardHistoryPage.as_view(), name="card-history"),
    path("wallet/cards/<uuid:card>/family/", FamilyPage.as_view(), name="card-family"),
    path("cards/invited/", InvitedPage.as_view(), name="card-invited"),
    path(f"{_INVITATIONS}/", OpenInvitation.as_view(), name="card-invitations"),
    path(f"{_INVITATIONS}/<uuid:invitation>/", InvitationPage.as_view(), name="card-invitation"),
    path(f"{_SHARE}/", ChangeShare.as_view(), name="card-share"),
    path(f"{_SHARE}/end/", EndShare.as_view(), name="card-share-end"),
    path("wallet/receipts/", ReceiptsPage.as_view(), name="receipts"),
    path("wallet/receipts/download/", ReceiptsFile.as_view(), name="receipts-file"),
    path("wallet/receipts/<int:receipt_id>/", ReceiptPage.as_view(), name="receipt"),
    path("wallet/receipts/warranties/", WarrantiesPage.as_view(), name="warranties"),
    path("wallet/receipts/<int:receipt_id>/warranty/", WarrantyPage.as_view(), name="warranty"),
    path("wallet/receipts/<int:receipt_id>/mail/", SendReceipt.as_view(), name="receipt-mail"),
    path("wallet/receipts/<int:receipt_id>/<str:form>", ReceiptFile.as_view(), name="receipt-file"),
    path("wallet/you/", YouPage.as_view(), name="you"),
    path("wallet/you/notifications/", NotificationsPage.as_view(), name="notifications"),
    path("wallet/you/notifications/test/", TestPush.as_view(), name="push-test"),
    path(
        "wallet/you/notifications/<uuid:push_phone>/remove/",
        RemovePushPhone.as_view(),
        name="push-remove",
    ),
    path("wallet/you/pin/", PinPage.as_view(), name="pin"),
    path(f"{_DATA}/", YourDataPage.as_view(), name="data"),
    path(f"{_DATA}/about/", AboutPage.as_view(), name="about"),
    path(f"{_DATA}/looks/", LooksPage.as_view(), name="looks"),
    path(f"{_DATA}/consents/", ConsentRecords.as_view(), name="all-consent-records"),
    path(f"{_DATA}/consents/<int:consent_id>/", ConsentRecord.as_view(), name="consent-record"),
    path(f"{_DATA}/proofs/", ProofsPage.as_view(), name="proofs"),
    path(f"{_DATA}/proofs/issuer/", GoToIssuer.as_view(), name="issuer"),
    path(f"{_DATA}/proofs/<str:nonce>/", BackFromIssuer.as_view(), name="attested"),
    path(f"{_DATA}/download/", Download.as_view(), name="download"),
    path(f"{_DATA}/deletion/", DeleteAccount.as_view(), name="delete"),
    path(f"{_SHOP}/", ConsentsPage.as_view(), name="consents"),
    path(f"{_SHOP}/card/", MirrorPage.as_view(), name="mirror"),
    path(f"{_SHOP}/consents/", ConsentRecords.as_view(), name="consent-records"),
    path(f"{_SHOP}/withdrawal/", WithdrawFromShop.as_view(), name="withdraw-shop"),
    path(".well-known/jwks.json", PublishedKeys.as_view(), name="jwks"),
    path("wallet/you/devices/<uuid:device>/block/", BlockDevice.as_view(), name="block-device"),
    path("wallet/you/sessions/others/end/", EndOtherSessions.as_view(), name="end-others"),
    path("wallet/you/sessions/<uuid:session>/end/", EndSession.as_view(), name="end-session"),
    path("wallet/sign-out/", SignOut.as_view(), name="sign-out"),
]
