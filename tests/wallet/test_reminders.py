"""What people are told without asking: once, in time, and not in their quiet hours."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from okplatform.kernel import clock, relay
from okplatform.kernel.audit import SYSTEM
from okplatform.parties.models import Person, Store
from tests.support.confirming import buy, question
from tests.support.counter import Counter, settle_events, with_bank_account
from tests.support.push_service import PushPhone, PushService
from tests.support.races import all_at_once
from tests.support.world import World
from tests.wallet.cards import put
from tests.wallet.papers import filed
from tests.wallet.pushes import deliveries, notices, send_due, tell, wake, wish
from tests.wallet.sales import sell
from wallet.actions.forget_pushes import forget_pushes
from wallet.actions.remind import Pages, remind
from wallet.actions.set_warranty import set_warranty

pytestmark = pytest.mark.django_db

PAGES = Pages(card=lambda uuid: f"/cards/{uuid}/", warranty=lambda number: f"/w/{number}/")
MORNING = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
"""Ten o'clock in Amsterdam, a Saturday."""


@pytest.fixture
def phone(push_service: PushService, alice: Person) -> PushPhone:
    """Alice's phone, with notifications on as they are at first."""
    return push_service.phone(alice)


def card(person: Person, on: str, **other: Any) -> Any:
    added = MORNING - timedelta(days=100)
    return put(person, added, name="Bonuskaart", expires_on=on, **other)


def run(now: datetime) -> int:
    return remind(pages=PAGES, now=now)


def test_a_card_is_spoken_of_once_a_week_before_it_ends(phone: PushPhone, alice: Person) -> None:
    one = card(alice, "2026-11-28")
    card(alice, "2026-11-29")
    assert run(MORNING - timedelta(hours=1, minutes=1)) == 0
    assert run(MORNING) == 1
    assert run(MORNING) == 0
    assert send_due(MORNING) == ["sent"]
    (shown,) = phone.shown
    assert shown["url"] == f"/cards/{one.uuid}/"
    assert run(MORNING + timedelta(days=1)) == 1
    assert [notice.about[-10:] for notice in notices()] == ["2026-11-28", "2026-11-29"]


def test_also_when_what_was_said_is_forgotten_it_is_not_said_again(
    phone: PushPhone, alice: Person
) -> None:
    card(alice, "2026-11-28")
    said = 0
    for days in range(30):
        now = MORNING + timedelta(days=days)
        said += run(now)
        forget_pushes(now=now)
    assert said == 1
    assert notices() == []


def test_the_day_is_that_of_the_persons_own_clock_and_so_are_the_days_before(
    phone: PushPhone, alice: Person
) -> None:
    wish(alice, timezone="Pacific/Auckland", days_before=1)
    card(alice, "2026-11-23")
    # In Auckland it is the 22nd, ten in the morning, when it is still the 21st here.
    assert run(datetime(2026, 11, 21, 19, 0, tzinfo=UTC)) == 0
    assert run(datetime(2026, 11, 21, 20, 0, tzinfo=UTC)) == 1
    (notice,) = notices()
    assert notice.ends_at == datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


def test_cards_that_nobody_uses_any_more_and_cards_of_yesterday_are_left_alone(
    phone: PushPhone, alice: Person, bob: Person
) -> None:
    card(alice, "2026-11-20")
    card(alice, "2026-11-22", archived=True)
    card(alice, "2026-11-22", removed=True)
    card(bob, "2026-11-22")
    assert run(MORNING) == 0


def test_whoever_turned_it_off_hears_nothing(phone: PushPhone, alice: Person) -> None:
    wish(alice, kinds=["warranty"])
    card(alice, "2026-11-22")
    assert run(MORNING) == 0


def test_a_warranty_is_spoken_of_by_the_name_of_what_it_is_of(
    phone: PushPhone, alice: Person, utrecht: Store
) -> None:
    receipt = filed_at(sell(utrecht, now=MORNING - timedelta(days=100), person=alice))
    who: dict[str, Any] = {"person_id": alice.pk, "receipt_id": receipt.pk, "note": ""}
    for line, day in ((1, 25), (None, 26)):
        set_warranty(line=line, ends_on=date(2026, 11, day), now=MORNING, actor=SYSTEM, **who)
    wish(alice, shows_details=True)
    assert run(MORNING) == 2
    send_due(MORNING)
    assert [shown["title"] for shown in phone.shown] == ["Desembrood", "Bakkerij Bol"]
    assert phone.shown[0]["body"] == "Garantie tot en met 25 november."
    assert run(MORNING) == 0


def filed_at(sale_id: int) -> Any:
    relay.drain()
    return filed(sale_id)


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_64_reminders_at_once_are_one(phone: PushPhone, alice: Person) -> None:
    card(alice, "2026-11-22")
    assert all_at_once(lambda _number: str(run(MORNING)))["1"] == 1
    assert len(deliveries()) == 1


def test_what_comes_in_quiet_hours_waits_until_they_end(phone: PushPhone, alice: Person) -> None:
    night = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    tell(alice, night)
    tell(alice, night, kind="security")
    assert sorted(map(str, send_due(night))) == ["sent", "waiting"]
    assert [one.headers["urgency"] for one in phone.received] == ["high"]
    seven = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
    assert send_due(seven - timedelta(seconds=1)) == []
    assert send_due(seven) == ["sent"]
    assert [one.attempts for one in deliveries()] == [1, 1]


def test_quiet_hours_that_were_moved_meanwhile_count(phone: PushPhone, alice: Person) -> None:
    night = datetime(2026, 11, 21, 23, 30, tzinfo=UTC)
    tell(alice, night)
    send_due(night)
    seven = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
    wish(alice, quiet_until="09:00")
    assert send_due(seven) == ["waiting"]
    assert send_due(seven + timedelta(hours=2)) == ["sent"]
    assert len(phone.received) == 1


def test_a_receipt_is_told_to_who_asked_for_it(
    phone: PushPhone, alice: Person, utrecht: Store
) -> None:
    wake(alice)
    sell(utrecht, now=clock.now(), person=alice)
    relay.drain()
    assert notices() == []
    wish(alice, kinds=["receipt"], shows_details=True)
    receipt = filed_at(sell(utrecht, now=clock.now(), person=alice))
    assert send_due(clock.now()) == ["sent"]
    (shown,) = phone.shown
    assert shown["title"] == "Bakkerij Bol"
    assert shown["body"].replace("\xa0", " ") == "Uw bon van € 4,20 staat in uw wallet."
    assert shown["url"] == f"/wallet/receipts/{receipt.pk}/"


def test_a_payment_that_waits_is_asked_at_once_and_for_as_long_as_it_waits(
    phone: PushPhone, alice: Person, world: World, client: Client
) -> None:
    payer = with_bank_account(alice)
    buy(Counter(world.till, world.till.key), payer)
    settle_events()
    asked = question()
    # Also at night, and told what it is about only where somebody wants to see that.
    send_due(asked.asked_at + timedelta(seconds=2))
    shown = [one for one in phone.shown if one["title"] == "Er wacht een betaling op u"]
    assert [one["url"] for one in shown] == [f"/wallet/confirm/{asked.uuid}/"]
    assert "249" not in str(shown)
    (message,) = [one for one in phone.received if int(one.headers["ttl"]) < 61]
    assert message.headers["urgency"] == "high"
    client.force_login(alice)
    assert client.get(shown[0]["url"]).status_code == 200
