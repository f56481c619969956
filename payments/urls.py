"""The addresses of payments: the shopper's bank accounts, the retailer's money, OK's own office."""

from django.urls import path

from payments.console.bookkeeping import BookkeepingDownload, BookkeepingPage
from payments.console.cards import (
    AcquirerConsole,
    CardDecision,
    CardsConsole,
    CardUpload,
    DecidedConsole,
    StrangeConsole,
    UnpaidConsole,
)
from payments.console.gift_card_breakage import GiftCardBreakage, GiftCardRevival
from payments.console.gift_cards import GiftCardConsole, GiftCardsConsole, GiftCardsFile
from payments.console.invoices import (
    InvoiceDownload,
    InvoiceLinePage,
    InvoicePage,
    InvoicesPage,
)
from payments.console.money import MoneyConsole, SaleRoadConsole, WaitingConsole
from payments.console.office import DecisionsPage, LinePage, QueuePage, SuspensePage
from payments.console.office_debts import DebtsPage, PauseReminders
from payments.console.office_doubts import DoubtsPage, GiveUp
from payments.console.office_files import FilesPage, ResolveFile
from payments.console.payouts import PayoutConsole, PayoutsConsole
from payments.console.terms import TermsConsole
from payments.pages.accounts import BankAccountPage, BankAccountsPage, RemoveBankAccount
from payments.pages.at_bank import AtBankPage, PayDebt, ProveAtBank
from payments.pages.confirm import ConfirmPage
from payments.pages.gift_cards import AddGiftCard, GiftCardPage
from payments.pages.limits import LimitsPage
from payments.pages.mandates import SignMandate, WithdrawMandate
from payments.pages.proofs import EnterCode, RequestCode
from payments.pages.refunds import ChooseRefundAccount, RefundsPage

_CONSOLE = "console/<slug:merchant>"
_CARDS = f"{_CONSOLE}/card-payments"
_INVOICES = f"{_CONSOLE}/invoices"
_BOOKS = f"{_CONSOLE}/bookkeeping"

app_name = "payments"
urlpatterns = [
    path("wallet/refunds/", RefundsPage.as_view(), name="refunds"),
    path(
        "wallet/refunds/<int:refund_id>/account/",
        ChooseRefundAccount.as_view(),
        name="refund-account",
    ),
    path("wallet/gift-cards/", AddGiftCard.as_view(), name="gift-card-add"),
    path("wallet/gift-cards/<int:card_id>/", GiftCardPage.as_view(), name="gift-card"),
    path("wallet/confirm/<uuid:confirmation>/", ConfirmPage.as_view(), name="confirm"),
    path("wallet/accounts/", BankAccountsPage.as_view(), name="accounts"),
    path("wallet/accounts/limits/", LimitsPage.as_view(), name="limits"),
    path("wallet/accounts/<int:account_id>/limits/", LimitsPage.as_view(), name="account-limits"),
    path("wallet/accounts/<int:account_id>/", BankAccountPage.as_view(), name="account"),
    path("wallet/accounts/<int:account_id>/removal/", RemoveBankAccount.as_view(), name="removal"),
    path("wallet/accounts/<int:account_id>/code/", RequestCode.as_view(), name="code"),
    path("wallet/accounts/<int:account_id>/proof/", EnterCode.as_view(), name="proof"),
    path(
        "wallet/accounts/<int:account_id>/proof-at-bank/",
        ProveAtBank.as_view(),
        name="prove-at-bank",
    ),
    path("wallet/debts/<int:collection_id>/payment/", PayDebt.as_view(), name="pay-debt"),
    path("wallet/at-bank/<uuid:request_id>/", AtBankPage.as_view(), name="at-bank"),
    path("wallet/accounts/<int:account_id>/mandate/", SignMandate.as_view(), name="mandate"),
    path(
        "wallet/accounts/<int:account_id>/withdrawal/",
        WithdrawMandate.as_view(),
        name="withdrawal",
    ),
    path(f"{_CONSOLE}/money/", MoneyConsole.as_view(), name="console-money"),
    path(f"{_CONSOLE}/money/waiting/", WaitingConsole.as_view(), name="console-waiting"),
    path(
        f"{_CONSOLE}/money/sales/<uuid:uuid>/", SaleRoadConsole.as_view(), name="console-sale-road"
    ),
    path(f"{_CONSOLE}/gift-cards/", GiftCardsConsole.as_view(), name="console-gift-cards"),
    path(f"{_CONSOLE}/gift-cards/months.csv", GiftCardsFile.as_view(), name="gift-cards-file"),
    path(
        f"{_CONSOLE}/gift-cards/expired/",
        GiftCardBreakage.as_view(),
        name="console-gift-card-breakage",
    ),
    path(
        f"{_CONSOLE}/gift-cards/<int:card_id>/revival/",
        GiftCardRevival.as_view(),
        name="console-gift-card-revival",
    ),
    path(
        f"{_CONSOLE}/gift-cards/<int:card_id>/",
        GiftCardConsole.as_view(),
        name="console-gift-card",
    ),
    path(f"{_CONSOLE}/payouts/", PayoutsConsole.as_view(), name="console-payouts"),
    path(f"{_CONSOLE}/payouts/terms/", TermsConsole.as_view(), name="console-terms"),
    path(f"{_CONSOLE}/payouts/<int:payout_id>/", PayoutConsole.as_view(), name="console-payout"),
    path(f"{_CARDS}/", CardsConsole.as_view(), name="console-cards"),
    path(f"{_CARDS}/unpaid/", UnpaidConsole.as_view(), name="console-unpaid"),
    path(f"{_CARDS}/strange/", StrangeConsole.as_view(), name="console-strange"),
    path(f"{_CARDS}/decided/", DecidedConsole.as_view(), name="console-decided"),
    path(
        f"{_CARDS}/<str:kind>/<int:card_id>-<int:number>/decision/",
        CardDecision.as_view(),
        name="console-card-decision",
    ),
    path(f"{_CARDS}/acquirers/new/", AcquirerConsole.as_view(), name="console-acquirer-new"),
    path(
        f"{_CARDS}/acquirers/<int:account_id>/", AcquirerConsole.as_view(), name="console-acquirer"
    ),
    path(
        f"{_CARDS}/acquirers/<int:account_id>/uploads/",
        CardUpload.as_view(),
        name="console-card-upload",
    ),
    path("office/queue/", QueuePage.as_view(), name="office-queue"),
    path("office/lines/<int:entry_id>/", LinePage.as_view(), name="office-line"),
    path("office/suspense/", SuspensePage.as_view(), name="office-suspense"),
    path("office/decisions/", DecisionsPage.as_view(), name="office-decisions"),
    path("office/doubts/", DoubtsPage.as_view(), name="office-doubts"),
    path(
        "office/doubts/<str:kind>/<int:transfer_id>/",
        GiveUp.as_view(),
        name="office-give-up",
    ),
    path("office/files/", FilesPage.as_view(), name="office-files"),
    path("office/files/<int:file_id>/resolution/", ResolveFile.as_view(), name="office-resolve"),
    path("office/debts/", DebtsPage.as_view(), name="office-debts"),
    path("office/debts/<int:collection_id>/pause/", PauseReminders.as_view(), name="office-pause"),
    path(f"{_INVOICES}/", InvoicesPage.as_view(), name="invoices"),
    path(f"{_INVOICES}/<slug:number>/", InvoicePage.as_view(), name="invoice"),
    path(f"{_INVOICES}/<slug:number>/<slug:form>/", InvoiceDownload.as_view(), name="invoice-file"),
    path(
        f"{_INVOICES}/<slug:number>/lines/<int:line_number>/",
        InvoiceLinePage.as_view(),
        name="invoice-line",
    ),
    path(f"{_BOOKS}/", BookkeepingPage.as_view(), name="bookkeeping"),
    path(f"{_BOOKS}/file/", BookkeepingDownload.as_view(), name="bookkeeping-file"),
]
