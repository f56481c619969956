"""The addresses of payments: the shopper's bank accounts, and what the shopper is asked."""

from django.urls import path

from payments.pages.accounts import BankAccountPage, BankAccountsPage, RemoveBankAccount
from payments.pages.confirm import ConfirmPage
from payments.pages.limits import LimitsPage
from payments.pages.mandates import SignMandate, WithdrawMandate

app_name = "payments"
urlpatterns = [
    path("wallet/confirm/<uuid:confirmation>/", ConfirmPage.as_view(), name="confirm"),
    path("wallet/accounts/", BankAccountsPage.as_view(), name="accounts"),
    path("wallet/accounts/limits/", LimitsPage.as_view(), name="limits"),
    path("wallet/accounts/<int:account_id>/limits/", LimitsPage.as_view(), name="account-limits"),
    path("wallet/accounts/<int:account_id>/", BankAccountPage.as_view(), name="account"),
    path("wallet/accounts/<int:account_id>/removal/", RemoveBankAccount.as_view(), name="removal"),
    path("wallet/accounts/<int:account_id>/mandate/", SignMandate.as_view(), name="mandate"),
    path(
        "wallet/accounts/<int:account_id>/withdrawal/",
        WithdrawMandate.as_view(),
        name="withdrawal",
    ),
]
