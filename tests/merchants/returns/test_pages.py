"""The console's page: find the purchase, choose, see it once more, say yes; and who may."""

import re
from typing import Any

import pytest
from django.test import Client

from loyalty.models import OfferKind
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.models import AuditEntry
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.models import Person, Role
from tests.loyalty.bakery import Bakery
from tests.loyalty.spending import member_with, open_spending
from tests.merchants.returns.desk import Desk, money_back, returns
from tests.support.counter import BREAD, COFFEE, Counter
from tests.support.phone import Phone
from tests.support.proofs import prove
from tests.support.world import World

pytestmark = pytest.mark.django_db

FIND = "/console/bakkerij-bol/refunds/"


@pytest.fixture
def owner(world: World, bakery: Bakery) -> Client:
    """The bakery's owner; Bob, here."""
    return signed_in(world.bob, bakery, Role.OWNER)


def signed_in(person: Person, bakery: Bakery, role: str, store_id: int | None = None) -> Client:
    grant_membership(
        person_id=person.pk,
        merchant_id=bakery.merchant_id,
        role=role,
        actor=SYSTEM,
        **({"store_id": store_id} if store_id else {}),
    )
    client = Client()
    client.force_login(person)
    return client


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


def fields_of(answer: Any) -> dict[str, str]:
    """Return what a form would send, as it stands on the page."""
    inputs = re.findall(r"<input[^>]*>", text_of(answer))
    found = {}
    for one in inputs:
        name, value = re.search(r'name="([^"]+)"', one), re.search(r'value="([^"]*)"', one)
        if name and name[1] != "csrfmiddlewaretoken":
            found[name[1]] = value[1] if value else ""
    store = re.search(r'<option value="([^"]+)"[^>]*selected', text_of(answer))
    return {"store": store[1], **found} if store else found


@pytest.fixture
def sale(counter: Counter, phone: Phone) -> str:
    answer = counter.sell(phone, BREAD, COFFEE, reference="R-1042")
    return str(answer.json()["uuid"])


def test_a_receipt_number_opens_its_purchase(owner: Client, sale: str) -> None:
    found = owner.get(FIND, {"number": "R-1042"})
    assert found["Location"] == f"{FIND}{sale}/"
    assert owner.get(FIND, {"number": sale})["Location"] == f"{FIND}{sale}/"
    assert "Geen aankoop gevonden" in text_of(owner.get(FIND, {"number": "R-1043"}))
    old = owner.get(FIND, {"number": "R-1042", "day": "2020-01-01"})
    assert "Geen aankoop gevonden" in text_of(old)


def test_a_number_that_fits_several_asks_which(
    owner: Client, counter: Counter, sale: str, phone: Phone
) -> None:
    other = counter.sell(phone, reference="R-1042").json()["uuid"]
    page = text_of(owner.get(FIND, {"number": "R-1042"}))
    assert f"{FIND}{sale}/" in page
    assert f"{FIND}{other}/" in page


def test_goods_come_back_after_a_plain_yes(owner: Client, sale: str) -> None:
    address = f"{FIND}{sale}/"
    form = fields_of(owner.get(address)) | {"line_1": "1", "reason": "te hard"}
    asked = owner.post(address, form)
    assert asked.status_code == 200
    assert "€\N{NO-BREAK SPACE}4,20 teruggeven?" in text_of(asked)
    assert "gaat vanzelf terug" in text_of(asked)
    assert returns() == []

    yes = fields_of(asked) | {"confirmed": "1"}
    done = owner.post(address, yes)
    # A second tap, or the page sent again, is the same refund.
    owner.post(address, yes)
    assert done["Location"] == address
    assert [(one.amount, one.reason) for one in returns()] == [(420, "te hard")]
    assert [one.state for one in money_back()] == ["set_off"]
    assert AuditEntry.objects.get(action="sale_refunded").actor_kind == "membership"
    page = text_of(owner.get(address))
    assert "te hard" in page
    assert "nog 1" in page
    prove()


def test_a_free_loaf_of_a_stamp_card_comes_back_for_its_stamps(
    owner: Client, bakery: Bakery, counter: Counter, phone: Phone, alice: Person
) -> None:
    bakery.offer(kind=OfferKind.STAMPS, percentage_bp=10_000, pieces=2)
    bakery.join(alice)
    loaf = {**BREAD, "quantity": 1}
    paid, free = (counter.sell(phone, loaf).json() for _ in range(2))
    assert (paid["due"] > 0, free["due"]) == (True, 0)
    address = f"{FIND}{free['uuid']}/"
    asked = owner.post(address, fields_of(owner.get(address)) | {"line_1": "1"})
    assert "Er gaat geen geld terug: de volle stempelkaart wel, vanzelf." in text_of(asked)
    owner.post(address, fields_of(asked) | {"confirmed": "1"})
    assert [one.amount for one in returns()] == [0]
    assert money_back() == []
    assert "Van deze aankoop is niets meer terug te geven." in text_of(owner.get(address))
    assert counter.sell(phone, loaf).json()["due"] == 0, "the next one is free"
    prove()


def test_an_amount_comes_back(owner: Client, sale: str) -> None:
    address = f"{FIND}{sale}/"
    asked = owner.post(address, fields_of(owner.get(address)) | {"amount": "5.50"})
    owner.post(address, fields_of(asked) | {"confirmed": "1"})
    assert [one.amount for one in returns()] == [550]
    prove()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({}, "Kies wat er terugkomt, of een bedrag."),
        ({"line_1": "1", "amount": "1"}, "niet allebei"),
        ({"line_1": "3"}, "2"),
        ({"amount": "11.01"}, "Er is minder dan dit over"),
        ({"amount": "0"}, "minstens 0"),
        ({"amount": "abc"}, "getal"),
        ({"amount": "1", "store": "gouda"}, "keuze"),
    ],
)
def test_what_does_not_fit_is_said_and_nothing_given(
    owner: Client, sale: str, said: dict[str, str], told: str
) -> None:
    address = f"{FIND}{sale}/"
    answer = owner.post(address, fields_of(owner.get(address)) | said | {"confirmed": "1"})
    assert answer.status_code == 422
    assert told in text_of(answer)
    assert returns() == []


def test_what_is_all_back_has_no_form(owner: Client, desk: Desk, sale: str) -> None:
    desk.refund(sale, amount=1_100)
    page = text_of(owner.get(f"{FIND}{sale}/"))
    assert "Alles is teruggegeven" in page
    assert 'name="amount"' not in page


@pytest.mark.parametrize("role", [Role.CASHIER, Role.FINANCE, Role.MARKETER])
def test_others_give_nothing_back(world: World, bakery: Bakery, sale: str, role: str) -> None:
    client = signed_in(world.bob, bakery, role)
    assert client.get(FIND).status_code == 403
    assert client.post(f"{FIND}{sale}/", {"amount": "1", "confirmed": "1"}).status_code == 403
    assert returns() == []


def test_a_manager_may(world: World, bakery: Bakery, sale: str) -> None:
    assert signed_in(world.bob, bakery, Role.MANAGER).get(f"{FIND}{sale}/").status_code == 200


def test_another_merchants_purchase_is_not_found(world: World, sale: str) -> None:
    client = Client()
    client.force_login(world.olga)
    assert client.get(f"/console/boekhandel-kramer/refunds/{sale}/").status_code == 404
    assert client.get(f"{FIND}{sale}/").status_code == 404
    page = client.get("/console/boekhandel-kramer/refunds/", {"number": sale})
    assert "Geen aankoop gevonden" in text_of(page)


def test_a_test_purchase_is_not_found_among_live_ones(
    world: World, owner: Client, bakery: Bakery
) -> None:
    rehearsal = Counter(world.till, world.till.test_key)
    sale = rehearsal.sell().json()["uuid"]
    assert owner.get(f"{FIND}{sale}/").status_code == 404
    tessa = signed_in(world.tessa, bakery, Role.OWNER)
    assert tessa.get(f"{FIND}{sale}/").status_code == 200


def test_goods_that_points_paid_in_full_come_back_from_the_console(
    owner: Client, bakery: Bakery, counter: Counter, alice: Person, phone: Phone
) -> None:
    open_spending(bakery, most_bp=10_000, points=1, amount=1, step=1, minimum=1)
    member_with(bakery, alice, 2_000)
    sold = counter.sell(phone, BREAD, points="max").json()
    assert (sold["due"], sold["tenders"], sold["points_spent"]["points"]) == (0, [], 840)
    address = f"{FIND}{sold['uuid']}/"
    asked = owner.post(address, fields_of(owner.get(address)) | {"line_1": "1"})
    assert "420 punten gaan vanzelf terug naar de klant." in text_of(asked)
    owner.post(address, fields_of(asked) | {"confirmed": "1"})
    assert [one.amount for one in returns()] == [0]
    assert bakery.points(alice) == 2_000 - 420
    assert "Of een bedrag" not in text_of(owner.get(address))
    prove()
