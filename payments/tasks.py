"""Celery's way into the ledger's upkeep and settlement; each may run twice, or side by side."""

import structlog
from celery import shared_task
from django.conf import settings

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.clock import now
from okplatform.kernel.tenancy import operator_scope
from payments.actions.deliver_file import deliver_file, resolve_file
from payments.actions.expire_confirmations import expire_confirmations
from payments.actions.fold_balances import fold_balances
from payments.actions.gather_tenders import gather_tenders
from payments.actions.make_invoices import make_invoices
from payments.actions.match_acquirer import match_acquirer
from payments.actions.match_entries import match_entries
from payments.actions.order_payouts import order_payouts
from payments.actions.order_refunds import order_refunds
from payments.actions.plan_collections import plan_collections
from payments.actions.prepare_ledger import prepare_ledger
from payments.actions.push_to_books import plan_pushes, push, resolve_push
from payments.actions.refresh_bank_payment import refresh_bank_payment
from payments.actions.send_collections import send_collections
from payments.actions.send_letter import give_up_letters, send_letter
from payments.actions.send_proofs import send_proofs
from payments.actions.settle_doubts import settle_doubts
from payments.actions.take_file import take_file
from payments.gateways import GatewayError
from payments.gateways.bank_folder import BankFolder, folder_of
from payments.gateways.berlin_group import BerlinGroup
from payments.gateways.moneybird import Moneybird
from payments.models import (
    AcquirerAccount,
    BookkeepingLink,
    BookkeepingPush,
    HouseAccount,
    OutgoingFile,
)
from payments.queries import due_bank_payments, due_letters, statements_to_match_again
from payments.secrets import unlocked
from payments.states import FileState, PushState

log = structlog.get_logger(__name__)

LETTERS_AT_ONCE = 500
MOST_PUSHES = 100
"""Calls in one run: programs allow some dozens a minute, and no run may take long."""


@shared_task(name="payments.fold_balances", ignore_result=True, expires=5)
def fold() -> None:
    """Fold what was booked since the last time."""
    fold_balances()


@shared_task(name="payments.expire_confirmations", ignore_result=True, expires=5)
def expire() -> None:
    """End the questions to payers that nobody answered in time."""
    expire_confirmations(now=now(), actor=SYSTEM)


@shared_task(name="payments.prepare_ledger", ignore_result=True)
def prepare() -> None:
    """Open the ledger's coming months."""
    prepare_ledger(now=now())


@shared_task(name="payments.plan_collections", ignore_result=True)
def plan() -> None:
    """Announce what will be collected."""
    plan_collections(now=now(), actor=SYSTEM)


@shared_task(name="payments.send_collections", ignore_result=True)
def send() -> None:
    """Write the files of what is due to go to the bank."""
    send_collections(now=now(), actor=SYSTEM)


@shared_task(name="payments.send_proofs", ignore_result=True, expires=15)
def prove() -> None:
    """Write the files of the cents that prove bank accounts."""
    send_proofs(now=now(), actor=SYSTEM)


@shared_task(name="payments.refresh_bank_payments", ignore_result=True, expires=5)
def refresh() -> None:
    """Ask after the payments that people approve at their banks, and match what has come."""
    if not settings.OK_PIS_URL:
        return
    gateway = BerlinGroup.configured()
    for payment_id in due_bank_payments(now=now()):
        refresh_bank_payment(bank_payment_id=payment_id, gateway=gateway, now=now(), actor=SYSTEM)
    for statement_id in statements_to_match_again():
        match_entries(statement_id=statement_id, now=now(), actor=SYSTEM)


@shared_task(name="payments.order_payouts", ignore_result=True, expires=60)
def order() -> None:
    """Order what merchants' schedules ask for."""
    order_payouts(now=now(), actor=SYSTEM)


@shared_task(name="payments.gather_tenders", ignore_result=True, expires=60)
def follow() -> None:
    """Read what was paid with cards and cash since the last time, and match what can be."""
    _follow()


@shared_task(name="payments.gather_all_tenders", ignore_result=True)
def follow_all() -> None:
    """Read all of it once more: sales of the past may have been imported since."""
    _follow(from_the_beginning=True)


def _follow(*, from_the_beginning: bool = False) -> None:
    with operator_scope("tenders"):
        accounts = list(AcquirerAccount.objects.order_by("pk"))
    for account in accounts:
        back_to = account.since if from_the_beginning else None
        gather_tenders(account=account, now=now(), back_to=back_to)
    for merchant_id, mode in sorted({(one.merchant_id, one.mode) for one in accounts}):
        match_acquirer(merchant_id=merchant_id, mode=mode, now=now(), actor=SYSTEM)


@shared_task(name="payments.order_refunds", ignore_result=True, expires=60)
def order_back() -> None:
    """Order the refunds that have waited long enough."""
    order_refunds(now=now(), actor=SYSTEM)


@shared_task(name="payments.send_letters", ignore_result=True, expires=30)
def write() -> None:
    """Send the letters that are due."""
    give_up_letters(now=now())
    for letter_id in due_letters(now=now(), most=LETTERS_AT_ONCE):
        send_letter(letter_id=letter_id, now=now(), actor=SYSTEM)


@shared_task(name="payments.deliver_files", ignore_result=True, expires=60)
def deliver() -> None:
    """Hand over the files that were made, and find out about those of which we do not know."""
    for file in _with_us(FileState.SENDING, FileState.UNKNOWN):
        resolve_file(file_id=file.pk, gateway=_bank_of(file.house_account), now=now(), actor=SYSTEM)
    for file in _with_us(FileState.MADE):
        deliver_file(file_id=file.pk, gateway=_bank_of(file.house_account), now=now(), actor=SYSTEM)


@shared_task(name="payments.take_files", ignore_result=True, expires=60)
def take() -> None:
    """Take in what the banks have laid down for us."""
    for account in HouseAccount.objects.order_by("pk"):
        bank = _bank_of(account)
        try:
            for waiting in bank.incoming():
                take_file(name=waiting.name, gateway=bank, now=now(), actor=SYSTEM)
        except GatewayError:
            # Another task took the file, or the folder is away: the next run sees what is there.
            log.warning("bank_not_reached", house_account=account.pk, exc_info=True)


@shared_task(name="payments.settle_doubts", ignore_result=True, expires=300)
def settle() -> None:
    """Give up what is in doubt and, by the bank's statements, did not happen."""
    settle_doubts(now=now(), actor=SYSTEM)


@shared_task(name="payments.make_invoices", ignore_result=True, expires=600)
def invoice() -> None:
    """Invoice merchants for the months that are over."""
    make_invoices(now=now(), actor=SYSTEM)


@shared_task(name="payments.plan_pushes", ignore_result=True)
def plan_all_pushes() -> None:
    """Write down what is to go to merchants' bookkeeping programs."""
    plan_pushes(now=now())


@shared_task(name="payments.push_to_books", ignore_result=True, expires=600)
def push_all() -> None:
    """Lay down what is due in merchants' bookkeeping programs, and look up what is in doubt."""
    with operator_scope("bookkeeping"):
        links = {link.merchant_id: link for link in BookkeepingLink.objects.all()}
        doubt = (PushState.SENDING, PushState.UNKNOWN)
        for act, states in ((resolve_push, doubt), (push, (PushState.DUE,))):
            waiting = BookkeepingPush.objects.filter(
                state__in=states, next_attempt_at__lte=now(), merchant_id__in=links
            )
            for one in list(waiting.order_by("pk")[:MOST_PUSHES]):
                bookkeeper = _bookkeeper_of(links[one.merchant_id])
                act(push_id=one.pk, bookkeeper=bookkeeper, now=now(), actor=SYSTEM)


def _bookkeeper_of(link: BookkeepingLink) -> Moneybird:
    return Moneybird(
        administration=link.administration,
        financial_account=link.financial_account,
        contact=link.contact,
        tax_rate=link.tax_rate,
        token=unlocked(bytes(link.token)),
    )


def _with_us(*states: FileState) -> list[OutgoingFile]:
    """Return the files that are not with the bank for certain, in the order they were made."""
    waiting = OutgoingFile.objects.filter(state__in=states).defer("content")
    return list(waiting.select_related("house_account").order_by("pk"))


def _bank_of(account: HouseAccount) -> BankFolder:
    return folder_of(mode=account.mode, iban=account.iban)
