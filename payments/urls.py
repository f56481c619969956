"""The addresses of payments: the shopper's bank accounts."""

from django.urls import path

from payments.pages.accounts import BankAccountPage, BankAccountsPage, RemoveBankAccount
from payments.pages.at_bank import AtBankPage, PayDebt, ProveAtBank
from payments.pages.mandates import SignMandate, WithdrawMandate
from payments.pages.proofs import EnterCode, RequestCode

app_name = "payments"
urlpatterns = [
    path("wallet/accounts/", BankAccountsPage.as_view(), name="accounts"),
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
]
