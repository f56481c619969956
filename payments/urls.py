"""The addresses of payments: the shopper's bank accounts, the retailer's invoices and books."""

from django.urls import path

from payments.console.bookkeeping import BookkeepingDownload, BookkeepingPage
from payments.console.invoices import (
    InvoiceDownload,
    InvoiceLinePage,
    InvoicePage,
    InvoicesPage,
)
from payments.pages.accounts import BankAccountPage, BankAccountsPage, RemoveBankAccount
from payments.pages.mandates import SignMandate, WithdrawMandate

_INVOICES = "console/<slug:merchant>/invoices"
_BOOKS = "console/<slug:merchant>/bookkeeping"

app_name = "payments"
urlpatterns = [
    path("wallet/accounts/", BankAccountsPage.as_view(), name="accounts"),
    path("wallet/accounts/<int:account_id>/", BankAccountPage.as_view(), name="account"),
    path("wallet/accounts/<int:account_id>/removal/", RemoveBankAccount.as_view(), name="removal"),
    path("wallet/accounts/<int:account_id>/mandate/", SignMandate.as_view(), name="mandate"),
    path(
        "wallet/accounts/<int:account_id>/withdrawal/",
        WithdrawMandate.as_view(),
        name="withdrawal",
    ),
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
