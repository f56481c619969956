"""A receipt once more, to the mailbox of its own person and nobody else's."""

from datetime import datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from pytest_django import Settings

from okplatform.kernel import clock, relay
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.models import AuditEntry
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person, Store
from tests.support.races import AT_ONCE, all_at_once
from tests.wallet.papers import filed, text_of
from tests.wallet.sales import sell
from wallet import tasks
from wallet.actions.ask_receipt import ask_receipt
from wallet.actions.send_receipt import GIVEN_UP_AFTER, TRY_AGAIN, give_up_receipts, send_receipt
from wallet.models import Receipt, ReceiptLetter
from wallet.models.receipt_letter import MOST_A_DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def receipt(alice: Person, utrecht: Store) -> Receipt:
    """Alice bought bread."""
    sale_id = sell(utrecht, now=clock.now(), person=alice)
    relay.drain()
    return filed(sale_id)


def letters() -> list[ReceiptLetter]:
    with operator_scope("the test looks"):
        return list(ReceiptLetter.objects.order_by("id"))


def tap(browser: Client, receipt: Receipt) -> str:
    """Ask on the page of the receipt, and return what it then says."""
    answer = browser.post(f"/wallet/receipts/{receipt.pk}/mail/", follow=True)
    assert answer.status_code == 200
    return answer.content.decode().replace("\xa0", " ")


def test_one_tap_and_the_receipt_comes_by_mail_once(
    client: Client, alice: Person, receipt: Receipt
) -> None:
    client.force_login(alice)
    assert "onderweg naar alice@example.nl" in tap(client, receipt)
    tap(client, receipt)
    assert mail.outbox == []
    tasks.send_receipts()
    tasks.send_receipts()
    (letter,) = mail.outbox
    assert letter.to == ["alice@example.nl"]
    assert letter.subject.replace("\xa0", " ") == "Uw bon van Bakkerij Bol, € 4,20"
    assert f"/wallet/receipts/{receipt.pk}/" in str(letter.body)
    ((name, content, media_type),) = letter.attachments
    assert (name[-4:], media_type) == (".pdf", "application/pdf")
    assert str(receipt.sale.uuid) in text_of(content)
    assert [one.state for one in letters()] == ["sent"]
    said = AuditEntry.objects.filter(object_type="receipt").values_list("action", flat=True)
    assert sorted(said) == ["receipt_asked_for", "receipt_sent"]


def test_it_is_asked_again_once_the_last_one_went(
    client: Client, alice: Person, receipt: Receipt
) -> None:
    client.force_login(alice)
    for _time in range(2):
        tap(client, receipt)
        tasks.send_receipts()
    assert len(mail.outbox) == 2


def test_nobody_has_the_receipt_of_another_sent(
    client: Client, bob: Person, receipt: Receipt
) -> None:
    client.force_login(bob)
    assert client.post(f"/wallet/receipts/{receipt.pk}/mail/").status_code == 404
    assert client.get(f"/wallet/receipts/{receipt.pk}/mail/").status_code == 405
    assert letters() == []


def test_an_address_that_nobody_proved_gets_nothing(
    client: Client, alice: Person, receipt: Receipt
) -> None:
    EmailAddress.objects.filter(user=alice).update(verified=False)
    client.force_login(alice)
    assert "Bevestig eerst uw e-mailadres" in tap(client, receipt)
    assert letters() == []


def test_the_day_has_an_end_and_the_page_says_so(
    client: Client, alice: Person, receipt: Receipt
) -> None:
    client.force_login(alice)
    for _time in range(MOST_A_DAY):
        tap(client, receipt)
        tasks.send_receipts()
    assert f"vandaag {MOST_A_DAY} bonnen" in tap(client, receipt)
    assert len(letters()) == len(mail.outbox) == MOST_A_DAY
    tomorrow = clock.now() + timedelta(days=1)
    ask_receipt(person_id=alice.pk, receipt_id=receipt.pk, now=tomorrow, actor=SYSTEM)
    assert letters()[-1].number == 1


def asked(alice: Person, receipt: Receipt, now: datetime) -> int:
    ask_receipt(person_id=alice.pk, receipt_id=receipt.pk, now=now, actor=SYSTEM)
    return letters()[-1].pk


def test_a_mail_server_that_is_away_is_tried_again(
    alice: Person, receipt: Receipt, settings: Settings, now: datetime
) -> None:
    letter_id = asked(alice, receipt, now)
    backend = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert send_receipt(letter_id=letter_id, now=now, actor=SYSTEM) == "waiting"
    settings.EMAIL_BACKEND = backend
    assert send_receipt(letter_id=letter_id, now=now, actor=SYSTEM) is None
    later = now + TRY_AGAIN
    assert send_receipt(letter_id=letter_id, now=later, actor=SYSTEM) == "sent"
    assert len(mail.outbox) == 1


def test_what_may_have_gone_never_goes_again(
    alice: Person, receipt: Receipt, now: datetime
) -> None:
    letter_id = asked(alice, receipt, now)
    with operator_scope("a sender dies"):
        ReceiptLetter.objects.update(state="sending", claimed_at=now)
    assert give_up_receipts(now=now) == 0
    later = now + GIVEN_UP_AFTER
    assert give_up_receipts(now=later) == 1
    assert send_receipt(letter_id=letter_id, now=later, actor=SYSTEM) is None
    assert mail.outbox == []


def test_who_left_meanwhile_gets_nothing(alice: Person, receipt: Receipt, now: datetime) -> None:
    letter_id = asked(alice, receipt, now)
    Person.objects.filter(pk=alice.pk).update(is_active=False)
    assert send_receipt(letter_id=letter_id, now=now, actor=SYSTEM) == "dropped"
    assert mail.outbox == []


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_64_taps_at_once_are_one_letter(alice: Person, receipt: Receipt, now: datetime) -> None:
    def ask(_number: int) -> str:
        ask_receipt(person_id=alice.pk, receipt_id=receipt.pk, now=now, actor=SYSTEM)
        return "asked"

    assert all_at_once(ask) == {"asked": AT_ONCE}
    assert len(letters()) == 1
