"""The console's page of tills without a network: who sets what, what it shows, and the file."""

import csv
from io import StringIO
from typing import Any

import pytest
from django.test import Client

from merchants.models import OfflineAllowance
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import call
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.models import Person, Role
from tests.support.counter import Counter, show
from tests.support.dark import DarkTill, dark_till
from tests.support.phone import Phone
from tests.support.proofs import prove
from tests.support.world import Place, World

pytestmark = pytest.mark.django_db

PAGE = "/console/boekhandel-kramer/offline-tills/"
FILE = f"{PAGE}file/"
ALLOWED = {"till": "kassa-1", "most_per_sale": "25,00", "most_in_all": "200", "hours": "8"}


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    client.cookies["django_language"] = "en"
    return client


def works(person: Person, place: Place, role: Role, **only: Any) -> Client:
    grant_membership(
        person_id=person.pk, merchant_id=place.merchant.pk, role=role, actor=SYSTEM, **only
    )
    return signed_in(person)


def rows() -> list[tuple[Any, ...]]:
    with operator_scope("the test looks"):
        return list(
            OfflineAllowance.objects.order_by("pk").values_list(
                "store__reference", "mode", "most_per_sale", "most_in_all", "hours"
            )
        )


def text(client: Client, **asked: str) -> str:
    page = client.get(PAGE, asked)
    assert page.status_code == 200
    return " ".join(page.content.decode().split())


def test_it_is_off_until_an_owner_says_otherwise_and_then_the_till_may(world: World) -> None:
    owner = signed_in(world.olga)
    till = DarkTill(Counter(world.haarlem, world.haarlem.key))
    assert "Off: without a network it takes no OK." in text(owner, store="haarlem")
    assert "It has not registered a key yet" in text(owner, store="haarlem")
    assert till.asks().json()["allowed"] is False
    saved = owner.post(f"{PAGE}?store=haarlem&mode=live", ALLOWED)
    assert (saved.status_code, saved["Location"]) == (302, f"{PAGE}?store=haarlem&mode=live")
    told = till.asks().json()
    assert (told["most_per_sale"], told["most_in_all"], told["hours"]) == (2_500, 20_000, 8)
    assert "at most €25.00 at a time and €200.00 in all, for 8 hours" in text(owner)
    # Saved again it is the same promise; nobody else's till has one.
    owner.post(f"{PAGE}?store=haarlem&mode=live", ALLOWED)
    assert rows() == [("haarlem", "live", 2_500, 20_000, 8)]
    who = "SELECT actor_kind FROM kernel_auditentry WHERE action = 'offline_allowance_set'"
    assert call(who) == [("membership",)]
    # 0 per sale switches it off, whatever else it says.
    owner.post(f"{PAGE}?store=haarlem&mode=live", {**ALLOWED, "most_per_sale": "0"})
    assert till.asks().json()["allowed"] is False
    prove()


def test_test_keys_have_an_allowance_of_their_own(world: World) -> None:
    owner = signed_in(world.olga)
    owner.post(f"{PAGE}?store=haarlem&mode=test", ALLOWED)
    assert rows() == [("haarlem", "test", 2_500, 20_000, 8)]
    assert (
        Counter(world.haarlem, world.haarlem.key)
        .client.get("/api/v1/offline-allowance")
        .json()["allowed"]
        is False
    )
    assert "Off: without a network" in text(owner, store="haarlem", mode="live")
    assert "at most €25.00" in text(owner, store="haarlem", mode="test")


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"most_per_sale": "50,01"}, "less than or equal to 50"),
        ({"most_in_all": "24,99"}, "This is at least what one sale may be."),
        ({"most_in_all": "10000,01"}, "less than or equal to 10000"),
        ({"hours": "0"}, "Say at least one hour."),
        ({"hours": "169"}, "less than or equal to 168"),
        ({"most_per_sale": "-1"}, "greater than or equal to 0"),
        ({"most_per_sale": "many"}, "Enter a number."),
    ],
)
def test_nonsense_is_said_so_and_nothing_is_kept(
    world: World, wrong: dict[str, str], says: str
) -> None:
    owner = signed_in(world.olga)
    assert world.haarlem.terminal.reference == ALLOWED["till"]
    answer = owner.post(f"{PAGE}?store=haarlem&mode=live", {**ALLOWED, **wrong})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert rows() == []


def test_only_owners_and_managers_and_only_their_own_tills(world: World) -> None:
    assert world.haarlem.store != world.leiden.store
    for role, person in (
        (Role.CASHIER, world.sam),
        (Role.FINANCE, world.tessa),
        (Role.MARKETER, world.alice),
    ):
        staff = works(person, world.haarlem, role)
        assert staff.get(PAGE).status_code == staff.post(PAGE, ALLOWED).status_code == 403
    assert rows() == []
    manager = works(world.bob, world.haarlem, Role.MANAGER, store_id=world.haarlem.store.pk)
    manager.post(f"{PAGE}?store=leiden&mode=live", ALLOWED)
    # Whoever works in Haarlem cannot reach Leiden: it was Haarlem's page.
    assert {row[0] for row in rows()} <= {"haarlem"}
    assert "Leiden" not in text(manager, store="leiden")
    owner = signed_in(world.olga)
    assert owner.post(PAGE, {**ALLOWED, "till": "kassa-9"}).status_code == 404
    assert owner.post(FILE, ALLOWED).status_code == 404
    assert signed_in(world.charlie).get(PAGE).status_code == 404
    assert signed_in(world.charlie).post(PAGE, ALLOWED).status_code == 404


def test_it_shows_what_was_paid_lost_and_never_sent_and_that_is_the_ledger(
    world: World, phone: Phone
) -> None:
    dark = dark_till(Counter(world.haarlem, world.haarlem.key))
    code = show(phone)
    paid, photograph, unsent, last = (
        dark.sells(code),
        dark.sells(code),
        dark.sells(show(phone)),
        dark.sells(show(phone)),
    )
    owner = signed_in(world.olga)
    assert "Paid afterwards" not in text(owner, store="haarlem")
    for one in (paid, photograph, last):
        dark.sends(one)
    page = text(owner, store="haarlem")
    for said in (
        "€22.00",
        "€11.00",
        "1 sale: the code was used for another sale: it may be a photograph.",
        '<span class="list-end">3</span>',
    ):
        assert said in page, said
    assert "Its log was changed" not in page
    lost = (
        "SELECT -sum(amount)::bigint FROM payments_entry entry JOIN payments_account account"
        " ON account.id = entry.account_id"
        " WHERE account.kind = 'offline_losses' AND account.owner_id = %s"
    )
    assert call(lost, [world.haarlem.merchant.pk]) == [(1_100,)]
    dark.sends(unsent)
    dark.previous = "f" * 64
    dark.sends(dark.sells(show(phone)))
    page = text(owner, store="haarlem")
    assert "Its log was changed" in page
    assert '<span class="list-end">5</span>' in page
    assert "Numbers that its log lacks" not in page
    assert "Paid afterwards" not in text(owner, store="leiden")
    prove()


def test_the_file_has_every_sale_with_what_became_of_it(world: World, phone: Phone) -> None:
    dark = dark_till(Counter(world.haarlem, world.haarlem.key))
    code = show(phone)
    for one in (dark.sells(code), dark.sells(code)):
        dark.sends(one)
    answer = signed_in(world.olga).get(FILE, {"store": "haarlem"})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    found = list(csv.DictReader(StringIO(answer.content.decode())))
    assert [(row["sequence"], row["amount"], row["booked_as"], row["reason"]) for row in found] == [
        ("2", "11.00", "loss", "code_used"),
        ("1", "11.00", "paid", ""),
    ]
    assert code not in answer.content.decode()
    assert "Alice" not in answer.content.decode()
