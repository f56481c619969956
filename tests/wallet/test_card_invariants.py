"""Each breach is planted in the database, behind the back of the code, and found."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from django.db import connection

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import call
from okplatform.kernel.invariants import Proof
from okplatform.parties.models import Person
from tests.wallet.cards import BONUS, put, said
from tests.wallet.family import book, share
from wallet.actions.change_balance import change_balance
from wallet.invariants import (
    card_balances_add_up,
    card_shares_hold,
    cards_are_counted,
    cards_come_from_edits,
)
from wallet.models import ShareLevel

pytestmark = pytest.mark.django_db

BREACHES = [
    (card_balances_add_up, "UPDATE wallet_card SET balance = balance + 1", "where its changes"),
    (card_balances_add_up, "DELETE FROM wallet_card_balance_change", "changes make none"),
    (cards_are_counted, "UPDATE wallet_card_shelf SET cards = 2", "counts 2 cards"),
    (cards_are_counted, "UPDATE wallet_card_shelf SET photo_bytes = 9", "9 bytes of photos"),
    (cards_are_counted, "UPDATE wallet_card_shelf SET cursor = 0", "counts 1 cards"),
    (cards_come_from_edits, "DELETE FROM wallet_card_change", "from no edit"),
    (cards_come_from_edits, "UPDATE wallet_card_change SET fields = '{}'", "from no edit"),
]


@pytest.fixture
def planting() -> Iterator[None]:
    """Switch off what PostgreSQL would refuse, so that the proof has something to find."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = DEFAULT")


@pytest.fixture
def kept(alice: Person, now: datetime) -> None:
    """Alice has a card with something on it."""
    card = put(alice, now, name="Bonuskaart", barcode=BONUS, groups={"Eten": True})
    change_balance(
        person_id=alice.pk,
        card=card.uuid,
        delta=500,
        note="",
        said=said(now),
        now=now,
        actor=SYSTEM,
    )


@pytest.mark.usefixtures("planting")
@pytest.mark.parametrize(
    ("breach", "said_of_it"),
    [
        ("UPDATE wallet_card SET removed = true", "is in force, and its card was removed"),
        ("UPDATE wallet_card_share SET cursor = 99", "a cursor that is still to come"),
        (
            "UPDATE wallet_card SET uuid = share.uuid, person_id = share.person_id"
            " FROM wallet_card_share share",
            "has the name or the cursor of a card of the same person",
        ),
        (
            "UPDATE wallet_card_share SET accepted_at = accepted_at + interval '1 hour'",
            "did not last while something was booked by it",
        ),
        (
            "UPDATE wallet_card_share SET ended_by = 'owner',"
            " ended_at = accepted_at - interval '1 hour'",
            "did not last while something was booked by it",
        ),
    ],
)
def test_a_breach_of_sharing_is_found(
    alice: Person, bob: Person, now: datetime, breach: str, said_of_it: str
) -> None:
    held = share(alice, put(alice, now, name="Cadeaukaart").uuid, bob, now, ShareLevel.USE)
    book(bob, held.uuid, 500, now)
    assert card_shares_hold() == Proof(rows=1, breaches=[])
    call(breach)
    assert any(said_of_it in each for each in card_shares_hold().breaches)


@pytest.mark.usefixtures("kept")
def test_a_card_that_is_as_it_should_be_breaks_nothing() -> None:
    for held in (card_balances_add_up, cards_are_counted, cards_come_from_edits):
        proof = held()
        assert (proof.rows, proof.breaches) == (1, [])


@pytest.mark.usefixtures("kept", "planting")
@pytest.mark.parametrize(("held", "breach", "said_of_it"), BREACHES)
def test_a_breach_is_found(held: Callable[[], Proof], breach: str, said_of_it: str) -> None:
    call(breach)
    assert said_of_it in held().breaches[0]
