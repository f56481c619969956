"""OK's own people leave a shopper who owes in peace until a day, in the office."""

from datetime import date, timedelta

import pytest
from django.test import Client

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.models import AuditEntry
from payments.actions.pause_reminders import NoReminderWaits, pause_reminders
from payments.actions.send_letter import send_letter
from payments.calendar import ZONE
from payments.models import BankAccount, Collection, Letter
from payments.queries import left_in
from tests.payments.settling import our_account
from tests.payments.test_letters import owed, post_office
from tests.payments.test_office_pages import text
from tests.support.world import World

pytestmark = pytest.mark.django_db

DEBTS = "/office/debts/"


@pytest.fixture
def debt(world: World, account: BankAccount) -> Collection:
    """€ 18.40 that Alice's bank took back, which she has been told."""
    our_account()
    collection = owed(account, world, "MD06")
    assert len(post_office()) == 1
    return collection


@pytest.fixture
def hers(client: Client, world: World) -> Client:
    """Anna's browser; she works at OK."""
    client.force_login(world.anna)
    client.cookies["django_language"] = "en"
    return client


def in_days(days: int) -> date:
    return clock.now().astimezone(ZONE).date() + timedelta(days=days)


def pause(browser: Client, debt: Collection, days: int, reason: str = "she is in hospital") -> str:
    asked = {"until": in_days(days).isoformat(), "reason": reason}
    return text(browser.post(f"{DEBTS}{debt.pk}/pause/", asked, follow=True))


def reminded(most: int = 80) -> list[int]:
    """Return after how many days a letter went."""
    return [days for days in range(1, most) if post_office(days)]


def test_a_pause_puts_off_every_reminder_by_as_much(hers: Client, debt: Collection) -> None:
    page = text(hers.get(DEBTS))
    for said in ("€18.40", "•• 4300", "(MD06)", "Next reminder on"):
        assert said in page
    assert "Paused, and written down." in pause(hers, debt, 20)
    assert reminded() == [20, 27, 41]
    kept = AuditEntry.objects.get(action="reminders_paused")
    assert (kept.object_type, kept.object_id) == ("collection", str(debt.pk))
    assert kept.data == {"until": in_days(20).isoformat(), "reason": "she is in hospital"}
    assert left_in(debt.pk) == 1_840


def test_an_earlier_day_ends_a_pause(hers: Client, debt: Collection) -> None:
    pause(hers, debt, 60)
    pause(hers, debt, 2, reason="she is home again")
    assert reminded() == [2, 9, 23]


def test_a_reminder_that_went_does_not_go_again(hers: Client, debt: Collection) -> None:
    assert len(post_office(days=7)) == 1
    pause(hers, debt, 30)
    assert reminded() == [30, 44]


@pytest.mark.parametrize("days", [-1, 0, 183])
def test_a_day_out_of_reach_changes_nothing(hers: Client, debt: Collection, days: int) -> None:
    assert "at most half a year ahead" in pause(hers, debt, days)
    assert reminded() == [7, 14, 28]
    assert not AuditEntry.objects.filter(action="reminders_paused").exists()


def test_a_pause_without_a_reason_changes_nothing(hers: Client, debt: Collection) -> None:
    assert "Say until which day, and why." in pause(hers, debt, 20, reason=" ")
    assert reminded() == [7, 14, 28]


def test_what_had_its_last_reminder_cannot_be_paused(hers: Client, debt: Collection) -> None:
    reminded()
    assert "No reminder follows." in text(hers.get(DEBTS))
    assert "No reminder waits for this debt any more." in pause(hers, debt, 20)
    with pytest.raises(NoReminderWaits):
        pause_reminders(
            collection_id=0, until=in_days(20), reason="", now=clock.now(), actor=SYSTEM
        )


def test_a_letter_that_was_put_off_while_it_was_picked_up_stays(
    hers: Client, debt: Collection
) -> None:
    """Who sends letters looks first and claims later: in between somebody may pause them."""
    picked = Letter.objects.get(kind="reminder", number=1)
    pause(hers, debt, 20)
    now = clock.now() + timedelta(days=8)
    assert send_letter(letter_id=picked.pk, now=now, actor=SYSTEM) is None
    assert reminded() == [20, 27, 41]


def test_nobody_else_sees_or_pauses_debts(client: Client, world: World, debt: Collection) -> None:
    assert client.get(DEBTS).status_code == 302
    for person in (world.alice, world.olga, world.charlie):
        client.force_login(person)
        assert client.get(DEBTS).status_code == 404
        answer = client.post(f"{DEBTS}{debt.pk}/pause/", {"until": in_days(20), "reason": "mine"})
        assert answer.status_code == 404
    assert reminded() == [7, 14, 28]
