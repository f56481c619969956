"""Each breach is planted in the database, behind the back of the code, and found."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, connection

from okplatform.kernel import relay
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import call, savepoint, transaction
from okplatform.kernel.invariants import Proof
from okplatform.parties.models import Merchant, Person, Store
from tests.support.phone import Phone
from tests.wallet.sales import sell
from wallet import invariants
from wallet.actions.bind_code import bind
from wallet.actions.delete_account import delete_account
from wallet.actions.grant_consent import grant_consent
from wallet.actions.withdraw_consent import withdraw_consent

pytestmark = pytest.mark.django_db

SALE = UUID("00000000-0000-4000-8000-00000000000a")


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
def sold(alice: Person, phone: Phone, utrecht: Store, now: datetime) -> int:
    """Alice bought bread with her phone, and it was filed."""
    sale_id = sell(utrecht, now=now, person=alice, handle=phone.handles[0], uuid=SALE)
    relay.drain()
    return sale_id


@pytest.fixture
def looked(alice: Person, bakery: Merchant, now: datetime) -> None:
    """The bakery saw Alice's name while it might, yesterday."""
    yesterday = now - timedelta(days=1)
    consent = {"person_id": alice.pk, "merchant_id": bakery.pk, "purpose": "identity"}
    grant_consent(
        **consent,  # type: ignore[arg-type]
        text_version=1,
        language="nl",
        now=yesterday - timedelta(hours=1),
        actor=SYSTEM,
    )
    look_at(alice, bakery, yesterday)
    withdraw_consent(**consent, now=yesterday + timedelta(hours=1), actor=SYSTEM)  # type: ignore[arg-type]


def look_at(person: Person, merchant: Merchant, at: datetime) -> None:
    call(
        "INSERT INTO wallet_disclosure"
        " (person_id, merchant_id, actor_kind, actor_id, actor_name, purpose, what, at)"
        " VALUES (%s, %s, 'api_key', '1', 'Till 1', 'identity', 'name', %s)",
        [person.pk, merchant.pk, at],
    )


ALL = [
    invariants.handles_are_used_once,
    invariants.one_consent_is_in_force,
    invariants.disclosures_have_consent,
    invariants.consents_name_their_text,
    invariants.receipts_agree_with_sales,
    invariants.members_have_their_receipts,
]


@pytest.mark.usefixtures("sold", "looked")
def test_a_true_world_proves_itself_and_says_what_was_looked_at() -> None:
    assert [(proof().rows, proof().breaches) for proof in ALL] == [(1, [])] * 6


def assert_one_breach(proof: Proof) -> None:
    assert len(proof.breaches) == 1, proof


@pytest.mark.usefixtures("sold", "planting")
@pytest.mark.parametrize(
    "plant",
    [
        "UPDATE trade_sale SET person_id = %(bob)s",
        "UPDATE wallet_device SET mode = 'test'",
        "UPDATE wallet_handle SET sale_ref = '0:live:nowhere' WHERE used_at IS NOT NULL",
    ],
)
def test_a_handle_that_does_not_fit_its_sale_is_found(plant: str, bob: Person) -> None:
    call(plant, {"bob": bob.pk})
    assert_one_breach(invariants.handles_are_used_once())


@pytest.mark.usefixtures("looked", "planting")
def test_two_consents_at_the_same_time_are_found(now: datetime) -> None:
    call(
        "INSERT INTO wallet_consent (person_id, merchant_id, purpose, text_version, language,"
        " granted_at) SELECT person_id, merchant_id, purpose, 1, 'nl', %s FROM wallet_consent",
        [now - timedelta(days=1)],
    )
    assert_one_breach(invariants.one_consent_is_in_force())


@pytest.mark.usefixtures("looked", "planting")
def test_a_consent_to_a_text_that_is_not_kept_is_found() -> None:
    call("UPDATE wallet_consent SET text_version = 99")
    assert_one_breach(invariants.consents_name_their_text())


@pytest.mark.parametrize(
    "plant",
    [
        "UPDATE parties_person SET name = 'Alice' WHERE id = %s",
        "INSERT INTO wallet_declaration (person_id, kind, code, words, declared_at)"
        " VALUES (%s, 'allergy', 'milk', '', now())",
        "INSERT INTO wallet_contact_details"
        " (person_id, phone, street, postal_code, city, country, changed_at)"
        " VALUES (%s, '+31612345678', '', '', '', 'NL', now())",
        "INSERT INTO wallet_birthday (person_id, month, day, told_at) VALUES (%s, 2, 29, now())",
        "INSERT INTO wallet_presence_pin (person_id, secret_hash, tries, set_at)"
        " VALUES (%s, 'x', 0, now())",
        "UPDATE wallet_device SET name = 'Alice' WHERE person_id = %s",
        "INSERT INTO wallet_card_share (uuid, person_id, mode, name, level, with_note, seat, place,"
        " accepted_at, ended_at, ended_by, cursor, versions, groups, starred, archived, uses,"
        " times_used) VALUES (gen_random_uuid(), %s, 'live', 'Alice', 'read', false, 1, 1,"
        " now(), now(), 'person', 1, '{}', '{}', false, false, '{}', 0)",
        "INSERT INTO wallet_consent (person_id, merchant_id, purpose, text_version, language,"
        " granted_at) SELECT %s, id, 'identity', 1, 'nl', now() FROM parties_merchant LIMIT 1",
    ],
)
def test_what_is_left_of_who_left_is_found(
    plant: str, alice: Person, phone: Phone, bakery: Merchant, now: datetime
) -> None:
    assert (phone.person, bakery.reference) == (alice, "bakkerij-bol")
    delete_account(person_id=alice.pk, now=now, actor=SYSTEM)
    assert invariants.who_left_is_gone() == Proof(rows=1, breaches=[])
    call(plant, [alice.pk])
    assert_one_breach(invariants.who_left_is_gone())


@pytest.mark.usefixtures("looked")
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE wallet_consent SET purpose = 'contact'",
        "UPDATE wallet_consent SET withdrawn_at = NULL",
        "UPDATE wallet_consent_wording SET \"full\" = 'Alles mag.'",
        "DELETE FROM wallet_consent_wording",
    ],
)
def test_a_consent_and_its_text_stay_as_they_were(change: str) -> None:
    with transaction(), pytest.raises(IntegrityError), savepoint():
        call(change)


@pytest.mark.usefixtures("looked")
def test_a_look_after_the_withdrawal_is_found(
    alice: Person, bakery: Merchant, now: datetime
) -> None:
    look_at(alice, bakery, now)
    assert_one_breach(invariants.disclosures_have_consent())


@pytest.mark.usefixtures("looked")
def test_a_look_by_a_shop_without_consent_is_found(
    alice: Person, bookshop: Merchant, now: datetime
) -> None:
    look_at(alice, bookshop, now - timedelta(days=1))
    assert_one_breach(invariants.disclosures_have_consent())


@pytest.mark.usefixtures("sold", "planting")
def test_a_receipt_of_somebody_else_is_found(bob: Person) -> None:
    call("UPDATE wallet_receipt SET person_id = %s", [bob.pk])
    assert_one_breach(invariants.receipts_agree_with_sales())


@pytest.mark.usefixtures("sold", "planting")
def test_a_lost_receipt_is_found() -> None:
    call("DELETE FROM wallet_receipt")
    assert_one_breach(invariants.members_have_their_receipts())


def test_a_receipt_whose_event_still_waits_is_no_breach(
    alice: Person, utrecht: Store, now: datetime
) -> None:
    sell(utrecht, now=now, person=alice)
    assert invariants.members_have_their_receipts().breaches == []
    relay.drain()
    assert invariants.members_have_their_receipts().breaches == []


# What PostgreSQL itself refuses, whatever the code above it does.


@pytest.mark.usefixtures("sold", "looked")
@pytest.mark.parametrize(
    "wrong",
    [
        "UPDATE wallet_handle SET sale_ref = '1:live:x' WHERE used_at IS NOT NULL",
        "UPDATE wallet_handle SET sale_ref = NULL, used_at = NULL WHERE used_at IS NOT NULL",
        "UPDATE wallet_handle SET used_at = now() WHERE used_at IS NULL",
        "UPDATE wallet_handle SET number = -number - 1",
        "UPDATE wallet_device SET mode = 'test'",
        "UPDATE wallet_receipt SET mode = 'test'",
        "UPDATE wallet_receipt SET merchant_id = merchant_id + 1",
        "UPDATE wallet_consent SET withdrawn_at = granted_at - interval '1 second'",
        "UPDATE wallet_consent SET purpose = 'everything'",
        "INSERT INTO wallet_receipt (person_id, merchant_id, sale_id, mode, filed_at)"
        " SELECT person_id, merchant_id, sale_id, mode, filed_at FROM wallet_receipt",
    ],
)
def test_postgresql_refuses(wrong: str) -> None:
    with transaction(), pytest.raises(IntegrityError), savepoint():
        call(wrong)


def test_a_second_consent_in_force_is_refused_by_postgresql(
    alice: Person, bakery: Merchant, now: datetime
) -> None:
    again = (
        "INSERT INTO wallet_consent (person_id, merchant_id, purpose, text_version, language,"
        " granted_at) VALUES (%s, %s, 'identity', 1, 'nl', %s)"
    )
    call(again, [alice.pk, bakery.pk, now])
    with transaction(), pytest.raises(IntegrityError), savepoint():
        call(again, [alice.pk, bakery.pk, now])


def test_a_sale_that_is_given_up_may_have_used_a_handle(
    phone: Phone, utrecht: Store, now: datetime
) -> None:
    # A scan without a sale behind it cannot happen: the bind is part of the sale's transaction.
    with transaction():
        bind(handle=phone.handles[0], sale_ref=f"{utrecht.merchant_id}:live:{SALE}", now=now)
    assert_one_breach(invariants.handles_are_used_once())


def test_a_sale_scanned_by_two_belongs_to_one_of_them(
    phone: Phone, alice: Person, bob: Person, utrecht: Store, now: datetime
) -> None:
    ref = f"{utrecht.merchant_id}:live:{SALE}"
    with transaction():
        bind(handle=phone.handles[0], sale_ref=ref, now=now)
    other = Phone.of(bob, now=now)
    sell(utrecht, now=now, person=bob, handle=other.handles[0], uuid=SALE)
    assert invariants.handles_are_used_once().breaches == []
