"""The addresses of payments: the shopper's bank accounts."""

from django.urls import path

from payments.pages.accounts import BankAccountPage, BankAccountsPage, RemoveBankAccount
from payments.pages.mandates import SignMandate, WithdrawMandate
from payments.pages.refunds import ChooseRefundAccount, RefundsPage

app_name = "payments"
urlpatterns = [
    path("wallet/refunds/", RefundsPage.as_view(), name="refunds"),
    path(
        "wallet/refunds/<int:refund_id>/account/",
        ChooseRefundAccount.as_view(),
        name="refund-account",
    ),
    path("wallet/accounts/", BankAccountsPage.as_view(), name="accounts"),
    path("wallet/accounts/<int:account_id>/", BankAccountPage.as_view(), name="account"),
    path("wallet/accounts/<int:account_id>/removal/", RemoveBankAccount.as_view(), name="removal"),
    path("wallet/accounts/<int:account_id>/mandate/", SignMandate.as_view(), name="mandate"),
    path(
        "wallet/accounts/<int:account_id>/withdrawal/",
        WithdrawMandate.as_view(),
        name="withdrawal",
    ),
]
