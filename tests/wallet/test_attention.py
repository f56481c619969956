"""Below the code stands what needs attention, the most urgent first, and nothing else."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.parties.models import Person
from tests.support.confirming import buy, question
from tests.support.counter import Counter, settle_events, with_bank_account
from tests.support.world import World
from tests.wallet.cards import put
from tests.wallet.sales import sell
from wallet.actions.set_warranty import set_warranty
from wallet.attention import MOST, attention_of
from wallet.queries import latest_receipt

pytestmark = pytest.mark.django_db


@pytest.fixture
def counter(world: World) -> Counter:
    return Counter(world.till, world.till.key)


def shown(person: Person, at: datetime) -> list[tuple[str, str]]:
    return [(one.title, one.line) for one in attention_of(person, now=at)]


def in_days(now: datetime, days: int) -> str:
    return (now + timedelta(days=days)).date().isoformat()


@pytest.mark.parametrize(
    ("days", "line"),
    [(-1, None), (0, "Vandaag de laatste dag"), (1, "Nog 1 dag"), (7, "Nog 7 dagen"), (8, None)],
)
def test_a_card_is_named_in_its_last_days(
    alice: Person, bob: Person, now: datetime, days: int, line: str | None
) -> None:
    put(alice, now, name="Museum", expires_on=in_days(now, days))
    put(alice, now, name="Altijd")
    assert shown(alice, now) == ([("Museum loopt bijna af", line)] if line else [])
    assert shown(bob, now) == []


def test_cards_that_are_away_need_no_attention(alice: Person, now: datetime) -> None:
    for away in ({"archived": True}, {"removed": True}):
        card = put(alice, now, name="Museum", expires_on=in_days(now, 2))
        put(alice, now + timedelta(seconds=1), card.uuid, **away)
    assert shown(alice, now) == []


def test_a_warranty_that_ends_leads_to_its_receipt(
    alice: Person, client: Client, world: World
) -> None:
    now = clock.now()
    sell(world.till.store, now=now, person=alice)
    settle_events()
    receipt = latest_receipt(alice.pk)
    assert receipt is not None
    for line, days in ((1, 3), (None, 30)):
        set_warranty(
            person_id=alice.pk,
            receipt_id=receipt.pk,
            line=line,
            ends_on=(now + timedelta(days=days)).date(),
            note="",
            now=now,
            actor=SYSTEM,
        )
    client.force_login(alice)
    page = client.get("/wallet/").content.decode()
    assert "De garantie van Desembrood loopt bijna af" in page
    assert f'class="card attention-item" href="/wallet/receipts/{receipt.pk}/"' in page
    assert len(shown(alice, now)) == 1


def test_a_payment_to_confirm_comes_first_and_there_are_never_many(
    alice: Person, client: Client, counter: Counter
) -> None:
    now = clock.now()
    for number in range(MOST + 2):
        put(alice, now, name=f"Kaart {number}", expires_on=in_days(now, 1))
    buy(counter, with_bank_account(alice))
    found = shown(alice, now)
    assert len(found) == MOST
    assert found[0] == ("Bevestig €\N{NO-BREAK SPACE}249,00", "Bakkerij Bol")
    client.force_login(alice)
    assert f'href="/wallet/confirm/{question().uuid}/"' in client.get("/wallet/").content.decode()
    assert shown(alice, now + timedelta(hours=1))[0][0] == "Kaart 0 loopt bijna af"
