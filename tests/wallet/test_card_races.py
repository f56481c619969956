"""64 phones of one person at once, each on a connection of its own."""

from datetime import datetime
from uuid import uuid4

import pytest

from loyalty.models import Member
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.errors import Refusal
from okplatform.kernel.models import AuditEntry
from okplatform.kernel.tenancy import operator_scope, person_scope
from okplatform.parties.models import Person
from tests.loyalty.bakery import Bakery
from tests.support.races import AT_ONCE, all_at_once
from tests.support.world import World
from tests.wallet.cards import put, put_said, said
from tests.wallet.test_reading_files import CSV
from wallet.actions.change_balance import change_balance
from wallet.actions.claim_brand import claim_brand
from wallet.actions.couple_card import couple_card
from wallet.actions.decide_brand import confirm_brand
from wallet.actions.keep_import import keep_import
from wallet.actions.read_import import read_import
from wallet.card_keeping import ShelfFull
from wallet.invariants import card_balances_add_up, cards_are_counted
from wallet.models import BrandClaim, Card, CardChange, CardImport, CardShelf, LiveCard
from wallet.models.card import MOST_CARDS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


def test_one_card_sent_64_times_at_once_is_one_card(alice: Person, now: datetime) -> None:
    card, edit = uuid4(), said(now)

    def send(_number: int) -> str:
        put_said(alice, edit, now, card, {"name": "HEMA"})
        return "kept"

    assert all_at_once(send) == {"kept": AT_ONCE}
    with person_scope(alice.pk):
        assert Card.objects.count() == CardChange.objects.count() == 1
    assert cards_are_counted().breaches == []


def test_64_amounts_at_once_all_count(alice: Person, now: datetime) -> None:
    card = put(alice, now, name="Cadeaubon").uuid

    def spend(number: int) -> str:
        change_balance(
            person_id=alice.pk,
            card=card,
            delta=number + 1,
            note="",
            said=said(now),
            now=now,
            actor=SYSTEM,
        )
        return "kept"

    assert all_at_once(spend) == {"kept": AT_ONCE}
    with person_scope(alice.pk):
        assert Card.objects.get().balance == AT_ONCE * (AT_ONCE + 1) // 2
    assert card_balances_add_up().breaches == []


def test_of_64_cards_for_the_last_place_one_gets_it(alice: Person, now: datetime) -> None:
    put(alice, now, name="First")
    with person_scope(alice.pk):
        CardShelf.objects.update(cards=MOST_CARDS - 1)

    def add(number: int) -> str:
        try:
            put(alice, now, name=f"Card {number}")
        except ShelfFull:
            return "full"
        return "kept"

    assert all_at_once(add) == {"kept": 1, "full": AT_ONCE - 1}
    with person_scope(alice.pk):
        assert Card.objects.count() == 2


def test_the_cursors_of_64_cards_have_no_gap(alice: Person, now: datetime) -> None:
    """Whoever has heard up to a cursor can have missed nothing below it."""

    def add(number: int) -> str:
        put(alice, now, name=f"Card {number}")
        return "kept"

    all_at_once(add)
    with person_scope(alice.pk):
        cursors = Card.objects.order_by("cursor").values_list("cursor", flat=True)
        assert list(cursors) == list(range(1, AT_ONCE + 1))


def test_a_file_decided_about_64_times_at_once_comes_in_once(alice: Person, now: datetime) -> None:
    uuid = read_import(
        person_id=alice.pk,
        content=CSV.encode(),
        password="",
        file_name="",
        now=now,
        actor=SYSTEM,
    )

    def decide(_number: int) -> str:
        kept = keep_import(
            person_id=alice.pk, card_import=uuid, with_twins=True, now=now, actor=SYSTEM
        )
        return f"added {kept.added}"

    assert all_at_once(decide) == {"added 2": AT_ONCE}
    with person_scope(alice.pk):
        assert Card.objects.count() == 2
    assert AuditEntry.objects.filter(action="cards_imported").count() == 1
    assert cards_are_counted().breaches == []


def test_of_64_files_sent_at_once_one_waits(alice: Person, now: datetime) -> None:
    def send(_number: int) -> str:
        read_import(
            person_id=alice.pk,
            content=CSV.encode(),
            password="",
            file_name="",
            now=now,
            actor=SYSTEM,
        )
        return "read"

    assert all_at_once(send) == {"read": AT_ONCE}
    with person_scope(alice.pk):
        assert CardImport.objects.filter(decided_at=None).count() == 1
        assert CardImport.objects.count() == 1


def test_a_card_coupled_64_times_at_once_is_live_once(
    alice: Person, world: World, now: datetime
) -> None:
    shop = Bakery(world)
    claim = claim_brand(merchant_id=shop.merchant_id, name="Bol", actor=SYSTEM, now=now)
    confirm_brand(claim_id=claim.pk, actor=SYSTEM, now=now)
    card = put(alice, now, name="Bol").uuid

    def couple(_number: int) -> str:
        couple_card(person_id=alice.pk, card=card, terms_version=1, actor=SYSTEM, now=now)
        return "coupled"

    assert all_at_once(couple) == {"coupled": AT_ONCE}
    with operator_scope("a test looks"):
        assert Member.objects.count() == LiveCard.objects.count() == 1
        assert AuditEntry.objects.filter(action="card_coupled").count() == 1


def test_of_64_confirmations_of_one_brand_one_shop_gets_it(world: World, now: datetime) -> None:
    shops = (world.bol, world.kaashuis)
    claims = [
        claim_brand(merchant_id=shop.merchant.pk, name="Pas", actor=SYSTEM, now=now).pk
        for shop in shops
    ]

    def confirm(number: int) -> str:
        try:
            confirm_brand(claim_id=claims[number % 2], actor=SYSTEM, now=now)
        except Refusal as refusal:
            return refusal.code
        return "confirmed"

    said_to = all_at_once(confirm)
    assert said_to["confirmed"] == 1
    assert set(said_to) <= {"confirmed", "brand_taken", "brand_claim_unknown"}
    with operator_scope("a test looks"):
        assert BrandClaim.objects.filter(state="confirmed").count() == 1
