"""The builder's pages: who may open them, what they propose, keep, publish and refuse."""

from typing import Any

import pytest
from django.test import Client

from loyalty.actions.replay_scheme import replay_scheme
from loyalty.models import Offer, Programme, Scheme, SchemeReplay, SchemeVersion
from loyalty.queries.schemes import due_replays
from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.models import Person, Role
from okplatform.trade.actions.create_category import create_category
from okplatform.trade.actions.put_product import put_product
from okplatform.trade.facts import ProductFacts
from tests.loyalty.bakery import Bakery
from tests.loyalty.schemes import draft, published
from tests.support.world import World

BUILDER = "/console/kaashuis/programme/builder/"
ANSWERS = {"trade": "greengrocer", "often": "weekly", "margin": "30", "basket": "20,00"}


def work() -> None:
    """Do what the worker does."""
    for number in due_replays(now=clock.now(), most=9):
        assert replay_scheme(replay_id=number, actor=SYSTEM, now=clock.now())


def drafts() -> list[dict[str, Any]]:
    with operator_scope("the tests look"):
        return list(Scheme.objects.values_list("draft", flat=True))


def numbers() -> list[int]:
    with operator_scope("the tests look"):
        return list(SchemeVersion.objects.order_by("number").values_list("number", flat=True))


@pytest.fixture
def owner(client: Client, charlie: Person) -> Client:
    """Charlie, who sells cheese and has published nothing."""
    client.force_login(charlie)
    return client


def text(client: Client, path: str = "") -> str:
    return client.get(f"{BUILDER}{path}").content.decode()


def test_an_empty_merchant_builds_tries_and_publishes(owner: Client) -> None:
    assert "Laat mijn spaarprogramma zien" in text(owner)
    assert owner.post(BUILDER, ANSWERS).status_code == 302
    assert "data-going" in text(owner)
    work()
    page = text(owner)
    assert "data-going" not in page
    assert "voorbeeldverkopen" in page
    assert page.count('data-holds="yes"') == 5
    assert 'data-holds="no"' not in page
    with operator_scope("the tests look"):
        assert not Programme.objects.exists(), "nothing is in force yet"
    published_page = owner.post(f"{BUILDER}publish/", follow=True).content.decode()
    assert "Gepubliceerd" in published_page
    assert "Nu uw eigen telefoon" in published_page
    with operator_scope("the tests look"):
        programme = Programme.objects.get()
    assert programme.milli_points_per_cent == 10
    assert "100 punten zijn" in programme.terms["nl"]
    assert "100 points are worth" in programme.terms["en"]


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_kept(owner: Client) -> None:
    for field, sent in (("margin", "0"), ("margin", "x"), ("basket", ""), ("trade", "spy")):
        answer = owner.post(BUILDER, {**ANSWERS, field: sent})
        assert answer.status_code == 422
        assert "field-error" in answer.content.decode()
    assert drafts() == []


def test_the_figures_follow_what_is_typed_and_keep_nothing(owner: Client) -> None:
    assert "Beantwoord de vragen" in owner.get(f"{BUILDER}figures/").content.decode()
    page = owner.get(f"{BUILDER}figures/", ANSWERS).content.decode()
    assert "Van €\N{NO-BREAK SPACE}100,00 omzet" in page
    assert drafts() == []
    owner.post(BUILDER, ANSWERS)
    (before,) = drafts()
    asked = {"points_per_euro": "3", "worth": "1", "redeemed": "90"}
    assert "3 punten per euro" in owner.get(f"{BUILDER}figures/", asked).content.decode()
    assert drafts() == [before]


def test_the_proposal_is_changed_and_tried_again(owner: Client) -> None:
    owner.post(BUILDER, ANSWERS)
    work()
    changed = {"points_per_euro": "2,5", "worth": "1,20", "redeemed": "80"}
    owner.post(f"{BUILDER}change/", changed)
    (kept,) = drafts()
    assert (kept["milli_points_per_cent"], kept["worth"], kept["redeemed_bp"]) == (25, 1_200, 8_000)
    assert kept["offers"] == []
    assert "data-going" in text(owner)
    owner.post(f"{BUILDER}publish/")
    assert numbers() == [], "the changed scheme was not tried yet"
    work()
    owner.post(f"{BUILDER}publish/")
    assert numbers() == [1]


def test_an_offer_that_would_be_free_is_refused(owner: Client) -> None:
    owner.post(BUILDER, ANSWERS)
    (before,) = drafts()
    said = {
        "points_per_euro": "1",
        "worth": "1",
        "redeemed": "90",
        "bigger_basket_on": "on",
        "bigger_basket_amount": "5",
        "bigger_basket_from": "5",
    }
    assert owner.post(f"{BUILDER}change/", said).status_code == 422
    assert drafts() == [before]


def test_a_scheme_that_loses_money_names_the_rule_and_asks_for_a_yes(owner: Client) -> None:
    owner.post(BUILDER, ANSWERS)
    owner.post(f"{BUILDER}change/", {"points_per_euro": "1", "worth": "50", "redeemed": "90"})
    work()
    page = text(owner)
    assert "Dit kost geld bij elk mandje, door de punten." in page
    assert 'data-holds="no"' in page
    refused = owner.post(f"{BUILDER}publish/", follow=True).content.decode()
    assert "onder de kostprijs" in refused
    assert numbers() == []
    owner.post(f"{BUILDER}publish/", {"accepts_loss": "on"})
    assert numbers() == [1]


def test_it_starts_later_pauses_resumes_and_goes_back(owner: Client, charlie: Person) -> None:
    owner.post(BUILDER, ANSWERS)
    work()
    past = owner.post(f"{BUILDER}publish/", {"starts_at": "2020-01-01T10:00"}, follow=True)
    assert "al voorbij" in past.content.decode()
    owner.post(f"{BUILDER}publish/", {"starts_at": "2099-01-01T10:00"})
    assert "Toch niet beginnen" in text(owner, "versions/")
    with operator_scope("the tests look"):
        assert not Programme.objects.exists()
    owner.post(f"{BUILDER}unschedule/")
    assert "Toch niet beginnen" not in text(owner, "versions/")
    assert "wacht om te beginnen" in (
        owner.post(f"{BUILDER}unschedule/", follow=True).content.decode()
    )
    owner.post(f"{BUILDER}publish/")
    owner.post(f"{BUILDER}change/", {"points_per_euro": "5", "worth": "1", "redeemed": "90"})
    work()
    owner.post(f"{BUILDER}publish/")
    assert numbers() == [1, 2, 3]
    assert "Gepauzeerd" in owner.post(f"{BUILDER}pause/", follow=True).content.decode()
    assert "Gepauzeerd" in text(owner, "versions/")
    owner.post(f"{BUILDER}pause/", {"resume": "1"})
    owner.post(f"{BUILDER}versions/2/")
    with operator_scope("the tests look"):
        programme = Programme.objects.get()
        assert (programme.milli_points_per_cent, programme.paused_at) == (10, None)
    assert numbers() == [1, 2, 3, 4]
    assert owner.post(f"{BUILDER}versions/x/").status_code == 404


def test_a_member_sees_what_the_preview_showed(
    client: Client, world: World, bakery: Bakery, alice: Person
) -> None:
    client.force_login(alice)
    bakery.join(alice)
    page = "/wallet/programmes/bakkerij-bol/"
    assert "programme-goal" not in client.get(page).content.decode(), "no worth was told yet"
    published(bakery.merchant_id)
    bakery.sell(2_000, alice)
    found = client.get(page).content.decode()
    assert "nog 82 tot €\N{NO-BREAK SPACE}2,00" in found
    assert 'max="100"' in found


def test_a_member_reads_that_points_are_paused_and_keeps_them(
    owner: Client, world: World, alice: Person
) -> None:
    published(world.kaashuis.merchant.pk)
    page = "/wallet/programmes/kaashuis/"
    shopper = Client()
    shopper.force_login(alice)
    assert "voorlopig geen punten" not in shopper.get(page).content.decode()
    owner.post(f"{BUILDER}pause/")
    assert "voorlopig geen punten" in shopper.get(page).content.decode()


def test_what_the_programmes_own_page_changed_since_is_said(owner: Client, world: World) -> None:
    published(world.kaashuis.merchant.pk)
    assert "sindsdien" not in text(owner, "versions/")
    shown = owner.get("/console/kaashuis/programme/").context["form"].initial
    form = {name: "" if value is None else value for name, value in shown.items()}
    owner.post("/console/kaashuis/programme/", {**form, "points_per_euro": "7"})
    assert "sindsdien" in text(owner, "versions/")


def test_cashiers_and_other_shops_neither_see_nor_change_it(
    client: Client, world: World, charlie: Person, olga: Person, bob: Person
) -> None:
    shop = world.kaashuis.merchant.pk
    published(shop)
    grant_membership(person_id=bob.pk, merchant_id=shop, role=Role.CASHIER, actor=SYSTEM)
    posts = ("", "change/", "publish/", "pause/", "unschedule/", "versions/1/")
    reads = ("", "figures/", "replay/", "versions/")
    for person, status in ((bob, 403), (olga, 404)):
        client.force_login(person)
        for path in reads:
            assert client.get(f"{BUILDER}{path}").status_code == status
        for path in posts:
            assert client.post(f"{BUILDER}{path}", ANSWERS).status_code == status
    client.logout()
    for path in posts:
        assert client.post(f"{BUILDER}{path}", ANSWERS).status_code == 302
    assert numbers() == [1]
    with operator_scope("the tests look"):
        assert Programme.objects.get().paused_at is None


def test_a_replay_says_how_far_it_is(owner: Client, world: World) -> None:
    number = draft(world.kaashuis.merchant.pk)
    with operator_scope("a worker is half way"):
        SchemeReplay.objects.filter(pk=number).update(state="running", total=2_000, done=1_000)
    page = text(owner, "replay/")
    assert "1.000 van 2.000 mandjes" in page


CAFE = {"trade": "cafe", "often": "daily", "margin": "70", "basket": "6,00"}


@pytest.fixture
def coffee(owner: Client, world: World) -> Client:
    """Charlie sells coffee too, and lists what it costs."""
    merchant = world.kaashuis.merchant.pk
    for reference, name in (("koffie", "Koffie"), ("kaas", "Kaas")):
        create_category(
            merchant_id=merchant,
            reference=reference,
            name=name,
            parent_reference=None,
            actor=SYSTEM,
        )
    prices = {"koffie": (280, 360), "kaas": (500, 4_000)}
    for category, each in prices.items():
        for price in each:
            goods = ProductFacts(
                sku=f"{category}-{price}",
                name=f"{category} {price}",
                price=price,
                vat_rate_bp=900,
                category_reference=category,
            )
            put_product(merchant_id=merchant, product=goods, actor=SYSTEM)
    return owner


def test_a_cafe_with_goods_is_offered_a_card_on_those_that_cost_alike(coffee: Client) -> None:
    coffee.post(BUILDER, CAFE)
    page = text(coffee)
    assert "Koffie: nummer 10 gratis" in page
    assert "10% van wat Koffie opbrengt" in page.replace("\xa0", "").replace(" %", "%")
    assert "9 keer €" in page, "the worst is named"
    assert 'class="stamp stamp-there"' in page
    assert "1/10" in page
    (kept,) = drafts()
    (card,) = [offer for offer in kept["offers"] if offer["slot"] == "stamp_card"]
    assert (card["size"], card["goods"]["cheapest"], card["goods"]["dearest"]) == (10, 280, 360)


def test_a_card_is_changed_tried_published_and_gives_stamps(
    coffee: Client, charlie: Person, world: World
) -> None:
    coffee.post(BUILDER, CAFE)
    said = {
        "points_per_euro": "1",
        "worth": "1",
        "redeemed": "90",
        "stamp_card_on": "on",
        "stamp_card_goods": "koffie",
        "stamp_card_size": "8",
    }
    assert coffee.post(f"{BUILDER}change/", said).status_code == 302
    work()
    page = text(coffee)
    assert 'data-proof="card"' in page
    assert 'data-holds="no"' not in page
    assert "stempels staan aan het eind nog open" in page
    assert "dat evenveel kost als Koffie" in page
    coffee.post(f"{BUILDER}publish/")
    assert numbers() == [1]
    with operator_scope("the tests look"):
        offer = Offer.objects.get()
    assert (offer.kind, offer.pieces, offer.percentage_bp) == ("stamps", 8, 10_000)
    assert (offer.target_references, offer.exclusivity_group) == (["koffie"], "offers")
    assert "Koffie: nummer 8 gratis" in coffee.get("/wallet/programmes/kaashuis/").content.decode()
    without = {key: value for key, value in said.items() if key != "stamp_card_on"}
    coffee.post(f"{BUILDER}change/", without)
    work()
    coffee.post(f"{BUILDER}publish/")
    with operator_scope("the tests look"):
        assert Offer.objects.get().state == "paused"


def test_a_card_that_does_not_pay_its_goods_names_the_worst_and_asks_for_a_yes(
    coffee: Client,
) -> None:
    coffee.post(BUILDER, {**CAFE, "margin": "70"})
    said = {
        "points_per_euro": "1",
        "worth": "1",
        "redeemed": "90",
        "stamp_card_on": "on",
        "stamp_card_goods": "kaas",
        "stamp_card_size": "4",
    }
    coffee.post(f"{BUILDER}change/", said)
    work()
    page = text(coffee)
    assert 'data-proof="card"\n            data-holds="no"' in page
    assert "onder de kostprijs" in coffee.post(f"{BUILDER}publish/", follow=True).content.decode()
    assert numbers() == []
    coffee.post(f"{BUILDER}publish/", {"accepts_loss": "on"})
    assert numbers() == [1]


def test_goods_that_are_not_the_shops_give_no_stamps(coffee: Client) -> None:
    coffee.post(BUILDER, CAFE)
    (before,) = drafts()
    said = {
        "points_per_euro": "1",
        "worth": "1",
        "redeemed": "90",
        "stamp_card_on": "on",
        "stamp_card_size": "10",
    }
    for goods in ("thee", ""):
        answer = coffee.post(f"{BUILDER}change/", {**said, "stamp_card_goods": goods})
        assert answer.status_code == 422
        assert "field-error" in answer.content.decode()
    assert drafts() == [before]
