"""A sale while it is open, and the ways to give it up."""

from typing import Any

import pytest

from okplatform.kernel import db
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.models import AuditEntry, Event
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.models import Person
from okplatform.trade.actions.cancel_sale import Cancelled, cancel
from okplatform.trade.actions.close_sale import close_sale, record_closed
from okplatform.trade.actions.draft_sale import save_draft
from okplatform.trade.actions.open_sale import HeldSale, lock, open_or_lock, take_sale_id
from okplatform.trade.actions.refusals import SaleExists, SaleNotOpen
from okplatform.trade.facts import SaleKey
from okplatform.trade.models import Sale
from tests.support.world import NOW, Place, World
from tests.trade.baskets import closing, key_at


def hold(key: SaleKey, place: Place) -> HeldSale:
    with db.transaction():
        return open_or_lock(
            key=key,
            store_id=place.store.pk,
            terminal_id=place.terminal.pk,
            currency="EUR",
            language="nl",
            now=NOW,
        )


def draft(sale_id: int, place: Place, **other: Any) -> None:
    facts: dict[str, Any] = {
        "revision": 1,
        "basket_hash": b"\x02" * 32,
        "draft": {"request": {"lines": 2}},
        "store_id": place.store.pk,
        "terminal_id": place.terminal.pk,
        "person_id": None,
        "gross": 650,
        "discount": 40,
        "points_earned": 6,
        "operator": "op-1",
        "language": "en",
        "reference": "",
    }
    with db.transaction():
        save_draft(sale_id=sale_id, **facts | other)


def give_up(key: SaleKey, place: Place | None) -> Cancelled:
    with db.transaction():
        return cancel(
            key=key,
            store_id=place.store.pk if place else None,
            currency="EUR",
            language="nl",
            actor=SYSTEM,
            now=NOW,
        )


def sell(key: SaleKey, place: Place) -> int:
    sale_id = take_sale_id()
    with db.transaction():
        record_closed(sale_id=sale_id, key=key, closing=closing(place), actor=SYSTEM, now=NOW)
    return sale_id


def pay(sale_id: int, key: SaleKey, place: Place) -> None:
    with db.transaction():
        close_sale(sale_id=sale_id, key=key, closing=closing(place), actor=SYSTEM, now=NOW)


def test_a_sale_opens_once_and_keeps_its_draft(world: World, alice: Person) -> None:
    key = key_at(world.till)
    opened = hold(key, world.till)
    draft(opened.id, world.till, person_id=alice.pk)

    again = hold(key, world.till)

    assert opened.is_new
    assert not again.is_new
    assert again.id == opened.id
    assert again.state == "open"
    assert (again.revision, again.due, again.points_earned) == (1, 610, 6)
    assert again.person_id == alice.pk
    assert again.basket_hash == b"\x02" * 32
    assert again.draft == {"request": {"lines": 2}}


def test_a_draft_is_no_fact_and_says_nothing(world: World) -> None:
    draft(hold(key_at(world.till), world.till).id, world.till)

    assert not Event.objects.exists()
    assert not AuditEntry.objects.filter(object_type="sale").exists()


def test_an_unknown_sale_is_not_opened_by_looking(world: World) -> None:
    key = key_at(world.till)
    with db.transaction():
        assert lock(key=key) is None

    with merchant_scope(world.bol.merchant.pk):
        assert not Sale.objects.exists()


def test_a_closed_sale_takes_no_draft(world: World) -> None:
    key = key_at(world.till)
    sale_id = hold(key, world.till).id
    pay(sale_id, key, world.till)

    with pytest.raises(SaleNotOpen):
        draft(sale_id, world.till, gross=1, discount=0)

    assert hold(key, world.till).due == 610


def test_an_open_sale_is_given_up_and_never_paid(world: World) -> None:
    key = key_at(world.till)
    sale_id = hold(key, world.till).id

    assert give_up(key, world.till) == Cancelled(sale_id, "cancelled", changed=True)
    assert give_up(key, world.till) == Cancelled(sale_id, "cancelled", changed=False)

    with pytest.raises(SaleNotOpen):
        pay(sale_id, key, world.till)
    assert [event.type for event in Event.objects.all()] == ["trade.sale_cancelled"]
    assert AuditEntry.objects.filter(action="sale_cancelled").count() == 1


@pytest.mark.parametrize("names_its_store", [True, False])
def test_an_unknown_sale_is_entombed_so_that_a_late_original_cannot_pay(
    world: World, *, names_its_store: bool
) -> None:
    key = key_at(world.till)
    buried = give_up(key, world.till if names_its_store else None)
    assert buried.changed

    with pytest.raises(SaleExists):
        sell(key, world.till)

    assert [event.type for event in Event.objects.all()] == ["trade.sale_cancelled"]
    assert hold(key, world.till).state == "cancelled"
    with merchant_scope(world.bol.merchant.pk):
        assert Sale.objects.get().due == 0


def test_a_paid_sale_is_not_given_up(world: World) -> None:
    key = key_at(world.till)
    sale_id = sell(key, world.till)

    assert give_up(key, world.till) == Cancelled(sale_id, "closed", changed=False)
    assert [event.type for event in Event.objects.all()] == ["trade.sale_closed"]


def test_charlie_gives_up_only_his_own(world: World) -> None:
    key = key_at(world.till)
    hold(key, world.till)

    give_up(key_at(world.gouda, key.uuid), world.gouda)

    assert hold(key, world.till).state == "open"


@pytest.mark.django_db
def test_a_part_of_an_action_does_not_run_alone(world: World) -> None:
    with pytest.raises(db.TransactionError):
        lock(key=key_at(world.till))
