"""Letters to shoppers: before we collect, when it comes back, and until it is paid."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from pytest_django import Settings

from okplatform.kernel import clock, relay
from okplatform.kernel.audit import SYSTEM
from okplatform.parties.models import Person
from payments.actions.close_mandate import close_mandate
from payments.actions.retry_collection import retry_collection
from payments.actions.send_letter import (
    GIVEN_UP_AFTER,
    TRY_AGAIN,
    give_up_letters,
    send_letter,
)
from payments.models import BankAccount, Collection, HouseAccount, Letter
from payments.queries import due_letters
from tests.payments.books import sell
from tests.payments.settling import bank_books, bank_returns, collect, our_account, plan
from tests.support.world import NOW, World

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours() -> HouseAccount:
    return our_account()


@pytest.fixture
def announced(world: World, account: BankAccount, ours: HouseAccount) -> Collection:
    """€ 18.40 that will be collected."""
    sell(world.till, account, 1_840)
    plan()
    relay.drain(now=clock.now())
    return Collection.objects.get()


def post_office(days: float = 0) -> list[EmailMessage]:
    """Send what is due so many days from now; return the letters that went."""
    before = len(mail.outbox)
    now = clock.now() + timedelta(days=days)
    for letter_id in due_letters(now=now, most=100):
        send_letter(letter_id=letter_id, now=now, actor=SYSTEM)
    return mail.outbox[before:]


def owed(account: BankAccount, world: World, reason: str) -> Collection:
    """Return a collection that came back, whose notice has gone."""
    sell(world.till, account, 1_840)
    collection = collect()
    relay.drain(now=clock.now())
    post_office()
    bank_returns(collection, reason, same_day=True)
    relay.drain(now=clock.now())
    return collection


def test_a_collection_is_told_before_it_comes(announced: Collection, alice: Person) -> None:
    (letter,) = post_office()
    assert letter.to == [alice.email]
    assert letter.subject == "We schrijven € 18,40 af op 19 november"
    for said in ("18,40", "•• 4300", "19 november 2026", announced.mandate.reference, "NL79ZZZ"):
        assert said in letter.body
    assert "/wallet/accounts/" in letter.body


def test_a_letter_is_in_its_readers_language(announced: Collection, alice: Person) -> None:
    Person.objects.filter(pk=alice.pk).update(language="en")
    (letter,) = post_office()
    assert letter.subject == "We collect €18.40 on 19 November"
    assert "You can have it back from your bank within 8 weeks." in letter.body


def test_a_letter_goes_once_whatever_happens_twice(announced: Collection) -> None:
    assert len(post_office()) == 1
    assert post_office() == []
    letter = Letter.objects.get()
    assert send_letter(letter_id=letter.pk, now=clock.now(), actor=SYSTEM) is None
    assert len(mail.outbox) == 1


def test_what_is_not_collected_any_more_is_not_announced(
    announced: Collection, alice: Person, account: BankAccount
) -> None:
    close_mandate(person_id=alice.pk, bank_account_id=account.pk, now=NOW, actor=SYSTEM)
    assert post_office() == []
    assert Letter.objects.get().state == "dropped"


def test_a_mail_server_that_is_away_is_tried_again(
    announced: Collection, settings: Settings
) -> None:
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert post_office() == []
    letter = Letter.objects.get()
    assert (letter.state, letter.failures) == ("waiting", 1)
    assert due_letters(now=clock.now(), most=9) == []
    settings.EMAIL_BACKEND = working
    assert len(post_office(days=TRY_AGAIN / timedelta(days=1))) == 1


def test_a_letter_whose_sender_died_is_never_sent_again(announced: Collection) -> None:
    Letter.objects.update(state="sending", claimed_at=NOW)
    assert give_up_letters(now=NOW) == 0
    assert give_up_letters(now=NOW + GIVEN_UP_AFTER) == 1
    assert post_office(days=99) == []
    assert Letter.objects.get().state == "unknown"


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        ("MD06", "Uw bank zegt"),
        ("AC04", "Teken voor een andere rekening"),
        ("AG01", "U kunt het bij uw bank betalen:"),
    ],
)
def test_what_came_back_is_asked_for_and_reminded_of_three_times(
    world: World, account: BankAccount, ours: HouseAccount, reason: str, sentence: str
) -> None:
    owed(account, world, reason)
    (asked,) = post_office()
    assert asked.subject == "We konden € 18,40 niet afschrijven"
    assert sentence in asked.body
    counted = []
    for days in range(1, 60):
        counted += [(days, letter.subject) for letter in post_office(days)]
    assert [days for days, _subject in counted] == [7, 14, 28]
    assert "Laatste herinnering" in counted[-1][1]


def test_a_retry_is_announced_in_one_letter_that_says_so(
    world: World, account: BankAccount, ours: HouseAccount
) -> None:
    owed(account, world, "AM04")
    (letter,) = post_office()
    assert "nog één keer" in letter.body
    assert post_office(days=60) == []


def test_reminders_stop_when_it_is_collected_again(
    world: World, account: BankAccount, ours: HouseAccount
) -> None:
    collection = owed(account, world, "MD06")
    assert len(post_office()) == 1
    assert len(post_office(days=7)) == 1
    retry_collection(collection_id=collection.pk, now=NOW, actor=SYSTEM)
    relay.drain(now=clock.now())
    (told,) = post_office(days=8)
    assert "We schrijven" in told.subject
    assert post_office(days=60) == []


def test_what_settled_needs_no_letter(announced: Collection) -> None:
    collect()
    bank_books(Collection.objects.get())
    assert post_office() == []
