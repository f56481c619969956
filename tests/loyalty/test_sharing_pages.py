"""Sharing points from the front doors: both consoles, the shopper's phone, and the till."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from loyalty.models import Member
from loyalty.own_data import LoyaltyData
from loyalty.wallet_cards import ProgrammeCards
from okplatform.kernel import relay
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person, Role
from tests.loyalty.bakery import Bakery
from tests.loyalty.sharing import Dairy, invite, owed, share
from tests.loyalty.spending import member_with, open_spending
from tests.loyalty.test_corrections import works
from tests.support.counter import Counter, show, with_bank_account
from tests.support.proofs import prove
from tests.support.world import World

pytestmark = pytest.mark.django_db

BOL = "/console/bakkerij-bol/programme/shared/"
KAAS = "/console/kaashuis/programme/shared/"
BEGIN = {"act": "begin", "name": "High Street points", "points": "100", "amount": "0.80"}
CARD = "/wallet/programmes/{}/"


def signed_in(person: Person) -> Client:
    browser = Client()
    browser.force_login(person)
    browser.cookies["django_language"] = "en"
    return browser


def members_of(person: Person) -> int:
    with operator_scope("the test looks"):
        return int(Member.objects.filter(person=person).count())


def shop_in(page: str) -> str:
    found = re.search(r'name="shop" value="(\d+)"', page)
    assert found
    return found[1]


def test_one_owner_begins_and_invites_and_the_other_accepts(
    bakery: Bakery, dairy: Dairy, world: World
) -> None:
    owner, charlie = works(bakery, world.bob, Role.OWNER), signed_in(world.charlie)
    assert owner.post(BOL, {**BEGIN, "amount": "0"}).status_code == 422
    assert owner.post(BOL, BEGIN).status_code == 302
    assert "High Street points" in owner.get(BOL).content.decode()
    refused = owner.post(BOL, {"act": "invite", "reference": "nowhere"})
    assert (refused.status_code, "No shop at OK" in refused.content.decode()) == (422, True)
    owner.post(BOL, {"act": "invite", "reference": "kaashuis"})
    assert "has not answered" in owner.get(BOL).content.decode()
    told = "Another shop asks you to share points."
    assert told in charlie.get("/console/kaashuis/programme/").content.decode()
    assert told not in owner.get("/console/bakkerij-bol/programme/").content.decode()
    asked = charlie.get(KAAS).content.decode()
    assert "Bakkerij Bol asks you to share points: High Street points" in asked
    assert "€0.80" in asked
    answer = charlie.post(KAAS, {"act": "accept", "shop": shop_in(asked)}, follow=True)
    assert "You take part" in answer.content.decode()
    assert told not in answer.content.decode()
    assert "has not answered" not in owner.get(BOL).content.decode()
    left = charlie.post(KAAS, {"act": "leave", "shop": shop_in(asked)}, follow=True)
    assert "You have given notice" in left.content.decode()
    assert "leaves; its points count until" in owner.get(BOL).content.decode()


def test_only_owners_decide_and_others_see_what_they_may(
    bakery: Bakery, dairy: Dairy, world: World, alice: Person, client: Client
) -> None:
    finance = works(bakery, world.bob, Role.FINANCE)
    assert finance.get(BOL).status_code == 200
    assert finance.post(BOL, BEGIN).status_code == 403
    cashier = works(bakery, world.anna, Role.CASHIER)
    for path in ("", "csv/"):
        assert cashier.get(BOL + path).status_code == 403
        client.force_login(alice)
        assert client.get(BOL + path).status_code in {403, 404}
    charlie = signed_in(world.charlie)
    share(bakery)
    number = invite(bakery, dairy)
    olga = signed_in(world.olga)
    kramer = "/console/boekhandel-kramer/programme/shared/"
    for act in ("accept", "decline", "leave"):
        olga.post(kramer, {"act": act, "shop": str(number)})
    assert "asks you to share" in charlie.get(KAAS).content.decode()
    assert charlie.post(KAAS, {"act": "accept", "shop": "x"}).status_code == 404
    assert charlie.post(KAAS, {"act": "dance"}).status_code == 404


def test_one_tap_joins_all_and_the_till_takes_points_of_both(
    bakery: Bakery, dairy: Dairy, alice: Person, world: World
) -> None:
    share(bakery, dairy)
    phone = signed_in(alice)
    page = phone.get(CARD.format("bakkerij-bol")).content.decode()
    assert "Kaashuis Charlie" in page
    accepted = re.findall(r'name="accept"\s+value="(\d+:\d+)"', page)
    assert len(accepted) == 2
    wrong = [accepted[0], accepted[1].replace(":1", ":9")]
    phone.post(CARD.format("bakkerij-bol"), {"accept": wrong})
    phone.post(CARD.format("bakkerij-bol"), {"accept": ["99999:1"]})
    assert members_of(alice) == 0
    phone.post(CARD.format("bakkerij-bol"), {"accept": accepted})
    assert members_of(alice) == 2
    bakery.sell(25_000, alice)

    page = phone.get(CARD.format("kaashuis")).content.decode()
    assert ">250<" in page
    assert "Bakkerij Bol · Utrecht" in page
    (home,) = ProgrammeCards().cards(alice.pk, "live")
    assert (home.title, home.value) == ("Pluspunten", "250")

    device = with_bank_account(alice)
    till = Counter(dairy.place, dairy.place.key)
    goods = {"sku": "kaas", "name": "Kaas", "quantity": 1, "unit_price": 1000, "vat_rate": 900}
    told = till.sell(None, goods, points=200, code=show(device)).json()
    assert told["verdict"] == "happened"
    assert told["member"]["points_balance"] == 250 - 200 + 8
    assert owed(dairy) == 160
    again = till.get(told["sale"]).json() if "sale" in told else None
    assert again is None or again["member"]["points_balance"] == 58
    relay.drain()
    prove()
    exported = {one.name: one.rows for one in LoyaltyData().sections(alice.pk)}
    (drawn,) = exported["points_shared"]
    assert (drawn["earned_at_shop"], drawn["spent_at_shop"]) == (
        "Bakkerij Bol",
        "Kaashuis Charlie",
    )
    assert drawn["points"] == 200


def test_a_sale_of_who_shares_nothing_asks_nothing_of_it(
    bakery: Bakery, dairy: Dairy, alice: Person
) -> None:
    share(bakery)
    member_with(dairy, alice, 250)
    device = with_bank_account(alice)
    till = Counter(dairy.place, dairy.place.key)
    with CaptureQueriesContext(connection) as asked:
        told = till.sell(None, points=100, code=show(device)).json()
    assert told["verdict"] == "happened"
    for one in asked.captured_queries:
        assert not re.search("loyalty_(shared|draw_shared|settle_shared|circle)", one["sql"])


def test_who_was_a_member_before_joins_there_with_one_tap(
    bakery: Bakery, dairy: Dairy, alice: Person
) -> None:
    member_with(bakery, alice, 250)
    share(bakery, dairy)
    phone = signed_in(alice)
    page = phone.get(CARD.format("bakkerij-bol")).content.decode()
    assert "You have not joined there yet." in page
    accepted = re.findall(r'name="accept"\s+value="(\d+:\d+)"', page)
    phone.post(CARD.format("bakkerij-bol"), {"accept": accepted})
    assert members_of(alice) == 2
    page = phone.get(CARD.format("bakkerij-bol")).content.decode()
    assert "Join there too" not in page


def test_each_shop_sees_what_is_between_it_and_another_and_nothing_more(
    bakery: Bakery, dairy: Dairy, alice: Person, bob: Person, world: World
) -> None:
    share(bakery, dairy)
    open_spending(bakery)
    member_with(bakery, alice, 250)
    dairy.join(alice)
    till = Counter(dairy.place, dairy.place.key)
    goods = {"sku": "kaas", "name": "Oude kaas", "quantity": 1, "unit_price": 1000}
    device = with_bank_account(alice)
    till.sell(None, {**goods, "vat_rate": 900}, points=200, code=show(device))
    relay.drain()
    charlie = signed_in(world.charlie)
    page = charlie.get(KAAS).content.decode()
    assert "200 of their points spent here: they owe €1.60" in page
    owner = works(bakery, bob, Role.OWNER)
    page = owner.get(BOL).content.decode()
    assert "200 of your points spent there: you owe €1.60" in page
    for secret in ("Alice", "Oude kaas", "10.00", "8.00"):
        assert secret not in page
    file = owner.get(f"{BOL}csv/").content.decode().splitlines()
    assert file[0] == "month,shop,own_points_spent_there,owed,their_points_spent_here,due"
    assert file[1].endswith(",Kaashuis Charlie,200,1.60,0,0.00")
    assert (
        charlie.get(f"{KAAS}csv/")
        .content.decode()
        .splitlines()[1]
        .endswith(",Bakkerij Bol,0,0.00,200,1.60")
    )
    olga = signed_in(world.olga)
    assert "1.60" not in olga.get("/console/boekhandel-kramer/programme/shared/").content.decode()
