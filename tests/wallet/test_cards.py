import hashlib
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, InternalError
from django.test import Client

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import call, savepoint, transaction
from okplatform.kernel.models import AuditEntry, Event
from okplatform.kernel.tenancy import person_scope
from okplatform.parties.models import Person
from tests.wallet.cards import BONUS, put, put_said, said
from wallet.actions.change_balance import BalanceChangeOutOfRange, change_balance
from wallet.actions.mark_used import UsesOutOfRange, mark_used
from wallet.actions.remove_card import remove_card
from wallet.card_fields import (
    CardFieldUnknown,
    CardTextControls,
    CardTextTooLong,
    CardUnnamed,
    PayloadCheckDigit,
    PayloadUnfit,
)
from wallet.card_keeping import CardUnknown, GroupsFull, PhotoUnknown, SaidOtherwise, ShelfFull
from wallet.cards import Wanted, cards_of, edits_of
from wallet.invariants import card_balances_add_up, cards_are_counted, cards_come_from_edits
from wallet.models import Card, CardBalanceChange, CardChange, CardShelf
from wallet.models.card import MOST_CARDS

pytestmark = pytest.mark.django_db

PNG = b"\x89PNG\r\n\x1a\n" + b"a picture of a card"


@pytest.fixture
def signed_in(alice: Person) -> Client:
    client = Client()
    client.force_login(alice)
    return client


@pytest.fixture
def card(alice: Person, now: datetime) -> UUID:
    """Alice's Bonuskaart."""
    return put(alice, now - timedelta(days=1), name="Bonuskaart", barcode=BONUS).uuid


def seen(person: Person, card: UUID) -> Card:
    with person_scope(person.pk):
        found: Card = Card.objects.get(uuid=card)
    return found


def balance(person: Person, card: UUID, delta: int, at: datetime, uuid: UUID | None = None) -> Card:
    return change_balance(
        person_id=person.pk,
        card=card,
        delta=delta,
        note="",
        said=said(at, uuid=uuid),
        now=at,
        actor=SYSTEM,
    )


def prove() -> None:
    for held in (card_balances_add_up, cards_are_counted, cards_come_from_edits):
        proof = held()
        assert proof.breaches == []
        assert proof.rows


def test_adding_twice_is_harmless(alice: Person, now: datetime) -> None:
    card, edit = uuid4(), said(now)
    for _again in range(2):
        put_said(alice, edit, now, card, {"name": "HEMA"})
    with person_scope(alice.pk):
        assert Card.objects.count() == CardChange.objects.count() == 1
        assert CardShelf.objects.get().cards == 1
    assert AuditEntry.objects.filter(action="card_edited").count() == 1
    prove()


def test_two_phones_edit_one_card_offline_and_nothing_is_lost(
    alice: Person, card: UUID, now: datetime
) -> None:
    earlier, later = now - timedelta(minutes=9), now - timedelta(minutes=5)
    put_said(alice, said(later, "tablet"), now, card, {"name": "Bonus", "note": "Sleutelbos"})
    put_said(alice, said(earlier, "phone"), now, card, {"name": "AH", "starred": True})
    kept = seen(alice, card)
    assert (kept.name, kept.note, kept.starred) == ("Bonus", "Sleutelbos", True)
    names = [(edit.value, edit.in_force) for edit in edits_of(kept) if edit.register == "name"]
    assert names == [("Bonus", True), ("AH", False), ("Bonuskaart", False)]
    prove()


def test_a_clock_that_runs_ahead_does_not_win_for_ever(
    alice: Person, card: UUID, now: datetime
) -> None:
    put_said(alice, said(now + timedelta(days=365)), now, card, {"name": "From the future"})
    put(alice, now + timedelta(seconds=1), card, name="Now")
    assert seen(alice, card).name == "Now"


def test_an_edit_that_comes_after_the_removal_does_not_bring_the_card_back(
    alice: Person, card: UUID, now: datetime
) -> None:
    remove_card(person_id=alice.pk, card=card, said=said(now), now=now, actor=SYSTEM)
    later = now + timedelta(minutes=1)
    put(alice, later, card, note="Still here?")
    assert seen(alice, card).removed
    assert not cards_of(alice.pk, Wanted()).exists()
    put(alice, later, card, removed=False)
    assert [each.note for each in cards_of(alice.pk, Wanted())] == ["Still here?"]
    prove()


def test_balance_changes_of_two_phones_add_up_once_each(
    alice: Person, card: UUID, now: datetime
) -> None:
    first, second = uuid4(), uuid4()
    for uuid, delta in ((first, 5000), (second, -1250), (first, 5000)):
        balance(alice, card, delta, now, uuid)
    assert seen(alice, card).balance == 3750
    prove()


def test_the_same_name_for_something_else_is_refused(
    alice: Person, card: UUID, now: datetime
) -> None:
    """A page that came back from the browser's memory must not lose what is said on it."""
    edit = said(now)
    balance(alice, card, 500, now, edit.uuid)
    put_said(alice, edit, now, card, {"note": "One"})
    with pytest.raises(SaidOtherwise):
        balance(alice, card, 700, now, edit.uuid)
    with pytest.raises(SaidOtherwise):
        put_said(alice, edit, now, card, {"note": "Two"})
    kept = seen(alice, card)
    assert (kept.balance, kept.note) == (500, "One")


@pytest.mark.parametrize("delta", [0, 10**12 + 1, -(10**12) - 1])
def test_a_balance_change_of_nothing_or_too_much_is_refused(
    alice: Person, card: UUID, now: datetime, delta: int
) -> None:
    with pytest.raises(BalanceChangeOutOfRange):
        balance(alice, card, delta, now)
    assert seen(alice, card).balance is None


def test_uses_are_counted_per_phone(alice: Person, card: UUID, now: datetime) -> None:
    for device, count in (("phone", 3), ("tablet", 1), ("phone", 3), ("phone", 2)):
        mark_used(person_id=alice.pk, card=card, device=device, count=count, at=now, now=now)
    kept = seen(alice, card)
    assert (kept.times_used, kept.last_used_at) == (4, now)
    with pytest.raises(UsesOutOfRange):
        mark_used(person_id=alice.pk, card=card, device="phone", count=0, at=now, now=now)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({}, CardFieldUnknown),
        ({"owner": "bob"}, CardFieldUnknown),
        ({"name": "  "}, CardUnnamed),
        ({"name": "a" * 81}, CardTextTooLong),
        ({"name": "a\x1bb"}, CardTextControls),
        ({"number": "1\n2"}, CardTextControls),
        ({"note": "a\x00b"}, CardTextControls),
        ({"colour": "red"}, CardFieldUnknown),
        ({"expires_on": "tomorrow"}, CardFieldUnknown),
        ({"starred": "yes"}, CardFieldUnknown),
        ({"groups": {"": True}}, CardTextControls),
        ({"groups": {"a": 1}}, CardFieldUnknown),
        ({"front": "0" * 63}, CardFieldUnknown),
        ({"front": "0" * 64}, PhotoUnknown),
        ({"barcode": {"symbology": "ean_13", "payload": "2620012345670"}}, PayloadCheckDigit),
        ({"barcode": {"symbology": "runes", "payload": "1"}}, CardFieldUnknown),
        ({"barcode": {"symbology": "qr_code", "payload": "a\x00"}}, PayloadUnfit),
        ({"groups": {f"g{nth}": True for nth in range(20)}, "name": "b"}, None),
    ],
)
def test_bad_fields_are_refused_and_the_card_stays(
    alice: Person, card: UUID, now: datetime, fields: dict[str, Any], refusal: Any
) -> None:
    if refusal is None:
        put(alice, now, card, **fields)
        refusal, fields = GroupsFull, {"groups": {"one more": True}}
    before = seen(alice, card)
    with pytest.raises(refusal) as refused:
        put_said(alice, said(now), now, card, fields)
    assert refused.value.detail
    assert "{" not in refused.value.detail
    after = seen(alice, card)
    assert (after.name, after.versions) == (before.name, before.versions)


def test_an_edit_of_a_card_that_is_not_there_is_refused(alice: Person, now: datetime) -> None:
    with pytest.raises(CardUnknown):
        put(alice, now, note="Whose?")
    with person_scope(alice.pk):
        assert not Card.objects.exists()


def test_one_more_than_fits_is_refused_until_one_is_removed(
    alice: Person, card: UUID, now: datetime
) -> None:
    with person_scope(alice.pk):
        CardShelf.objects.update(cards=MOST_CARDS)
    with pytest.raises(ShelfFull):
        put(alice, now, name="One more")
    remove_card(person_id=alice.pk, card=card, said=said(now), now=now, actor=SYSTEM)
    put(alice, now, name="One more")


def test_nobody_sees_or_disturbs_the_cards_of_another(
    alice: Person, bob: Person, card: UUID, now: datetime
) -> None:
    with pytest.raises(CardUnknown):
        put(bob, now, card, note="Mine now")
    put(bob, now, card, name="Bob's own")
    assert seen(alice, card).name == "Bonuskaart"
    assert seen(bob, card).name == "Bob's own"
    assert [each.name for each in cards_of(bob.pk, Wanted())] == ["Bob's own"]


def test_postgresql_holds_what_python_forgets(
    alice: Person, bob: Person, card: UUID, now: datetime
) -> None:
    kept = seen(alice, card)
    wrong = [
        {"symbology": "", "payload": "1"},
        {"colour": "#XYZXYZ"},
        {"name": ""},
        {"name": "a\nb"},
        {"front": "0" * 64},
        {"unit": "€"},
    ]
    for change in wrong:
        with transaction(), pytest.raises(IntegrityError), savepoint():
            update_now(kept, change)
    foreign = {"person": bob, "card": kept, "uuid": uuid4(), "device": "x", "recorded_at": now}
    with transaction(), pytest.raises(IntegrityError), savepoint():
        create_now(CardBalanceChange(**foreign, changed_at=now, delta=1))


def update_now(card: Card, change: dict[str, Any]) -> None:
    """Change a row behind the back of the code, and check what PostgreSQL would at commit."""
    with person_scope(card.person_id):
        Card.objects.filter(pk=card.pk).update(**change)
    call("SET CONSTRAINTS ALL IMMEDIATE")


def create_now(row: CardBalanceChange) -> None:
    row.save()
    call("SET CONSTRAINTS ALL IMMEDIATE")


def test_what_was_said_is_never_changed(alice: Person, card: UUID) -> None:
    with (
        transaction(),
        pytest.raises((IntegrityError, InternalError)),
        savepoint(),
        person_scope(alice.pk),
    ):
        CardChange.objects.filter(card__uuid=card).update(fields={})


def test_neither_audit_nor_events_hold_what_stands_on_a_card(alice: Person, card: UUID) -> None:
    said_of_it = [*AuditEntry.objects.values_list("data"), *Event.objects.values_list("payload")]
    assert "Bonuskaart" not in str(said_of_it)
    assert BONUS["payload"] not in str(said_of_it)
    assert Event.objects.get(type="wallet.card_changed").payload["card"] == str(card)


def send(client: Client, *changes: dict[str, Any]) -> Any:
    body = {"device": "phone-1", "changes": list(changes)}
    return client.post("/wallet/cards/changes/", body, content_type="application/json")


def change(card: UUID, kind: str, **more: Any) -> dict[str, Any]:
    at = "2026-11-20T10:00:00Z"
    return {"kind": kind, "uuid": str(uuid4()), "card": str(card), "at": at, **more}


def test_a_phone_sends_what_happened_and_hears_what_changed(
    signed_in: Client, alice: Person
) -> None:
    card = uuid4()
    fields = {"name": "HEMA", "groups": {"Winkels": True}, "barcode": BONUS}
    answer = send(
        signed_in,
        change(card, "edit", fields=fields),
        change(card, "balance", delta=500, note="Cadeau"),
        change(card, "use", count=2),
        change(card, "edit", fields={"name": "\x07"}),
    ).json()
    assert [result["kept"] for result in answer["results"]] == [True, True, True, False]
    assert answer["results"][3]["code"] == "card_text_controls"
    heard = signed_in.get("/wallet/cards/changes/?since=0").json()
    assert (heard["cursor"], heard["more"]) == (3, False)
    (one,) = heard["cards"]
    assert one["barcode"] == BONUS | {"encoding": "iso-8859-1"}
    assert (one["balance"], one["times_used"], one["groups"]) == (500, 2, ["Winkels"])
    nothing = signed_in.get(f"/wallet/cards/changes/?since={heard['cursor']}").json()
    assert nothing["cards"] == []


def test_a_phone_hears_of_a_removal_and_no_more_than_that(
    signed_in: Client, alice: Person, card: UUID
) -> None:
    send(signed_in, change(card, "edit", fields={"removed": True}, at="2026-11-21T12:00:00Z"))
    send(signed_in, change(card, "edit", fields={"removed": True}) | {"at": "2026-11-22T00:00:00Z"})
    (one,) = signed_in.get("/wallet/cards/changes/").json()["cards"]
    assert set(one) == {"uuid", "cursor", "removed", "can_return"}


def test_many_cards_come_in_pages(
    signed_in: Client, alice: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wallet.api.cards.PER_PAGE", 2)
    for nth in range(3):
        put(alice, now, name=f"Card {nth}")
    first = signed_in.get("/wallet/cards/changes/").json()
    assert (len(first["cards"]), first["more"]) == (2, True)
    rest = signed_in.get(f"/wallet/cards/changes/?since={first['cursor']}").json()
    assert [card["name"] for card in rest["cards"]] == ["Card 2"]
    assert not rest["more"]


@pytest.mark.parametrize("body", [{}, {"device": "a b", "changes": []}, {"device": "a"}])
def test_a_body_that_does_not_fit_is_refused(signed_in: Client, body: dict[str, Any]) -> None:
    answer = signed_in.post("/wallet/cards/changes/", body, content_type="application/json")
    assert answer.status_code == 422


def test_whoever_is_not_signed_in_gets_nothing(client: Client) -> None:
    assert client.get("/wallet/cards/changes/").status_code in {401, 403}
    assert client.get(f"/wallet/cards/photos/{'0' * 64}/").status_code in {401, 403}


def test_a_photo_is_kept_once_and_shown_to_its_owner_only(
    signed_in: Client, alice: Person, bob: Person, card: UUID, now: datetime
) -> None:
    digest = hashlib.sha256(PNG).hexdigest()
    for _again in range(2):
        sent = signed_in.post("/wallet/cards/photos/", PNG, content_type="image/png")
        assert sent.json()["digest"] == digest
    put(alice, now, card, front=digest)
    shown = signed_in.get(f"/wallet/cards/photos/{digest}/")
    assert (shown.content, shown["Content-Type"]) == (PNG, "image/png")
    assert shown["X-Content-Type-Options"] == "nosniff"
    other = Client()
    other.force_login(bob)
    assert other.get(f"/wallet/cards/photos/{digest}/").status_code == 404
    with pytest.raises(PhotoUnknown):
        put(bob, now, name="Copy", front=digest)
    prove()


@pytest.mark.parametrize(
    ("content", "status"), [(b"<svg onload=alert(1)>", 422), (b"", 422), (PNG + b"0" * 10**6, 413)]
)
def test_what_is_no_photo_is_refused(signed_in: Client, content: bytes, status: int) -> None:
    sent = signed_in.post("/wallet/cards/photos/", content, content_type="image/png")
    assert sent.status_code == status
    assert sent.json()["detail"]
