"""Each kind of offer, from the retailer's form to the discount on the receipt."""

from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError
from django.test import Client

from loyalty.models import Offer
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.models import Role
from okplatform.trade.actions.put_product import put_product
from okplatform.trade.facts import ProductFacts
from tests.loyalty.bakery import Bakery
from tests.support.counter import Counter
from tests.support.world import World

pytestmark = pytest.mark.django_db

OFFERS = "/console/bakkerij-bol/programme/offers/"
LIST = "/console/bakkerij-bol/programme/"
NAMES = {"name_nl": "Bakkersdag", "name_en": "Baker's day"}
ON_BREAD = {**NAMES, "target": "categories", "categories": ["brood"]}
ON_ALL = {**NAMES, "target": "basket"}
AND_COFFEE = {"kind": "bundle", "also": "koffie"}
LOAF = {"sku": "desem", "name": "Desembrood", "unit_price": 420, "vat_rate": 900}
COFFEE = {"sku": "koffie", "name": "Koffie", "quantity": 1, "unit_price": 260, "vat_rate": 900}
SALE = UUID("0b2c6c0e-2d4e-4d6e-8f2a-111111111111")


def loaves(quantity: int) -> dict[str, Any]:
    return {**LOAF, "quantity": quantity}


@pytest.fixture
def marketer(client: Client, world: World, bakery: Bakery) -> Client:
    """Bob does the bakery's marketing; it sells coffee too."""
    grant_membership(
        person_id=world.bob.pk,
        merchant_id=bakery.merchant_id,
        role=Role.MARKETER,
        actor=bakery.actor,
    )
    coffee = ProductFacts(
        sku="koffie", name="Koffie", price=260, vat_rate_bp=900, category_reference="eten"
    )
    put_product(merchant_id=bakery.merchant_id, product=coffee, actor=bakery.actor)
    client.force_login(world.bob)
    return client


@pytest.mark.parametrize(
    ("form", "said", "lines", "due"),
    [
        ({"percentage": "25"}, "25 % korting", [loaves(1)], 315),
        ({"kind": "amount_off", "amount": "1"}, "€ 1,00 korting per stuk", [loaves(2)], 640),
        ({"kind": "fixed_price", "amount": "2.50"}, "voor € 2,50 per stuk", [loaves(2)], 500),
        ({"kind": "nth", "pieces": "3", "percentage": "100"}, "2 + 1 gratis", [loaves(3)], 840),
        ({"kind": "nth", "pieces": "4", "percentage": "50"}, "4e halve prijs", [loaves(4)], 1470),
        ({"kind": "set_price", "pieces": "3", "amount": "5"}, "3 voor € 5,00", [loaves(4)], 920),
        ({**AND_COFFEE, "amount": "4"}, "samen voor € 4,00", [loaves(1), COFFEE], 400),
        (
            {"kind": "fixed_price", "amount": "2.50", "most": "1"},
            "voor € 2,50 per stuk, hoogstens 1 keer per aankoop",
            [loaves(2)],
            670,
        ),
    ],
)
def test_what_is_made_in_the_form_is_on_the_receipt(
    marketer: Client, counter: Counter, form: Any, said: str, lines: Any, due: int
) -> None:
    assert marketer.post(f"{OFFERS}new/", {**ON_BREAD, **form}).status_code == 302
    page = marketer.get(LIST).content.decode()
    assert said in page.replace("\N{NO-BREAK SPACE}", " ")
    told = counter.sell(None, *lines).json()
    gross = sum(line["quantity"] * line["unit_price"] for line in lines)
    assert (told["verdict"], told["gross"], told["due"]) == ("happened", gross, due)
    printed = [line for line in told["receipt_lines"] if "Bakkersdag" in line]
    assert len(printed) == len(lines)


def test_five_euros_off_from_fifty(marketer: Client, counter: Counter) -> None:
    form = {**ON_ALL, "kind": "amount_off", "amount": "5", "min_basket": "50"}
    assert marketer.post(f"{OFFERS}new/", form).status_code == 302
    page = marketer.get(LIST).content.decode().replace("\N{NO-BREAK SPACE}", " ")
    assert "€ 5,00 korting, vanaf € 50,00" in page
    assert counter.sell(None, loaves(12)).json()["due"] == 12 * 420 - 500
    assert counter.sell(None, loaves(11)).json()["due"] == 11 * 420


def test_one_more_piece_is_told_to_the_cashier(marketer: Client, counter: Counter) -> None:
    form = {**ON_BREAD, "kind": "nth", "pieces": "3", "percentage": "100"}
    marketer.post(f"{OFFERS}new/", form)
    body = {"revision": 1, "currency": "EUR", "lines": [loaves(2)]}
    told = counter.put(SALE, body).json()
    assert [miss["sentence"] for miss in told["near_misses"]] == [
        "Nog één stuk en u krijgt: Bakkersdag."
    ]


@pytest.mark.parametrize(
    ("when", "due"),
    [
        ({"weekdays": ["1"], "from_time": "14:00", "to_time": "16:00"}, 315),
        ({"weekdays": ["2", "5"]}, 420),
        ({"from_time": "16:00", "to_time": "18:00"}, 420),
        ({"from_time": "22:00", "to_time": "02:00"}, 420),
    ],
)
def test_an_offer_counts_on_its_days_and_hours(
    marketer: Client, bakery: Bakery, when: dict[str, Any], due: int
) -> None:
    form = {**ON_BREAD, "percentage": "25", **when}
    assert marketer.post(f"{OFFERS}new/", form).status_code == 302
    # It is Tuesday afternoon, three o'clock.
    assert bakery.price(420).quote.due == due


@pytest.mark.parametrize(
    ("mistake", "sentence"),
    [
        ({"percentage": ""}, "Vul in hoeveel eraf gaat."),
        ({"kind": "amount_off"}, "Vul een bedrag boven nul in."),
        ({"kind": "fixed_price", "amount": "0"}, "Vul een bedrag boven nul in."),
        ({"kind": "nth", "percentage": "50"}, "Vul in hoeveel stuks het er zijn."),
        ({"kind": "nth", "percentage": "50", "pieces": "1"}, "2"),
        ({"kind": "bundle", "amount": "4"}, "Noem minstens één product dat erbij hoort."),
        ({"kind": "bundle", "amount": "4", "also": "goud"}, "goud"),
        ({"kind": "set_price", "amount": "4", "pieces": "3", "target": "basket"}, "Kies welke."),
        ({"percentage": "5", "from_time": "10:00"}, "Vul beide tijden in, of geen van beide."),
        ({"percentage": "5", "from_time": "10:00", "to_time": "10:00"}, "Kies een andere tijd."),
        ({"percentage": "5", "target": "basket", "most": "2"}, "Dit telt alleen stuks"),
        ({"percentage": "5", "weekdays": ["7"]}, "7"),
        ({"kind": "gratis", "percentage": "5"}, "gratis"),
    ],
)
def test_what_does_not_go_together_is_said_and_nothing_is_made(
    marketer: Client, mistake: dict[str, Any], sentence: str
) -> None:
    answer = marketer.post(f"{OFFERS}new/", {**ON_BREAD, **mistake})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    with operator_scope("nothing is made"):
        assert not Offer.objects.exists()


def test_the_form_shows_what_an_offer_says_and_its_kind_can_change(marketer: Client) -> None:
    form = {**ON_BREAD, "kind": "set_price", "pieces": "3", "amount": "5", "weekdays": ["4"]}
    marketer.post(f"{OFFERS}new/", {**form, "from_time": "22:00", "to_time": "02:00"})
    with operator_scope("the tests look"):
        offer = Offer.objects.get()
    assert (offer.from_minute, offer.to_minute, offer.weekdays) == (1_320, 120, [4])
    page = marketer.get(f"{OFFERS}{offer.pk}/").content.decode()
    assert all(value in page for value in ('value="5.00"', 'value="22:00"', 'value="02:00"'))
    other = {**ON_BREAD, "kind": "percentage", "percentage": "5", "pieces": "3", "amount": "5"}
    assert marketer.post(f"{OFFERS}{offer.pk}/", other).status_code == 302
    with operator_scope("the tests look"):
        offer.refresh_from_db()
    assert (offer.kind, offer.percentage_bp) == ("percentage", 500)
    assert (offer.amount, offer.pieces, offer.weekdays) == (None, None, [])


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "amount_off"},
        {"amount": 100},
        {"kind": "nth", "pieces": None},
        {"kind": "nth", "pieces": 1},
        {
            "kind": "set_price",
            "percentage_bp": None,
            "amount": 500,
            "pieces": 3,
            "target": "basket",
        },
        {"kind": "bundle", "percentage_bp": None, "amount": 400},
        {"also_references": ["koffie"]},
        {"weekdays": [7]},
        {"from_minute": 60},
        {"from_minute": 60, "to_minute": 60},
        {"kind": "gratis"},
    ],
)
def test_postgresql_holds_every_kind_to_its_own_numbers(
    bakery: Bakery, wrong: dict[str, Any]
) -> None:
    offer_id = bakery.offer()
    if wrong.get("target") == "basket":
        wrong = {**wrong, "target_references": []}
    with operator_scope("the tests plant a breach"), pytest.raises(IntegrityError):
        Offer.objects.filter(pk=offer_id).update(**wrong)
