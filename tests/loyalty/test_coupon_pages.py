"""The retailer makes codes and sees how they do; the shopper keeps one; others see nothing."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from loyalty.models import Coupon, KeptCoupon, Offer
from loyalty.own_data import LoyaltyData
from loyalty.tasks import make
from okplatform.kernel import db
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.models import Person, Role
from tests.loyalty.bakery import Bakery
from tests.loyalty.coupons import SPRING, left, listed
from tests.loyalty.test_pages import CONSOLE, OFFER
from tests.support.counter import Counter, with_bank_account
from tests.support.world import NOW, World

pytestmark = pytest.mark.django_db

FETCHED = "SELECT count(*) FROM kernel_auditentry WHERE action = 'coupons_fetched'"
WALLET = "/wallet/coupons/"
BY_CODE = {**OFFER, "by_code": "on", "gives_back": "on", "budget": ""}


@pytest.fixture
def marketer(client: Client, world: World, bakery: Bakery) -> Client:
    """Bob does the bakery's marketing, in English."""
    grant_membership(
        person_id=world.bob.pk,
        merchant_id=bakery.merchant_id,
        role=Role.MARKETER,
        actor=bakery.actor,
    )
    client.force_login(world.bob)
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def hers(alice: Person) -> Client:
    """Alice's phone, in English."""
    browser = Client()
    browser.force_login(alice)
    browser.cookies["django_language"] = "en"
    return browser


def codes_page(offer_id: int) -> str:
    return f"{CONSOLE}offers/{offer_id}/codes/"


def test_from_an_empty_form_to_a_code_at_the_till(
    marketer: Client, bakery: Bakery, world: World
) -> None:
    saved = marketer.post(f"{CONSOLE}offers/new/", BY_CODE)
    with operator_scope("the tests look"):
        offer = Offer.objects.get()
    assert saved["Location"] == codes_page(offer.pk)
    assert "No codes yet" in marketer.get(codes_page(offer.pk)).content.decode()
    made = marketer.post(codes_page(offer.pk), {"kind": "generic", "code": "lente 26"})
    assert made.status_code == 302
    told = Counter(world.till, world.till.key).sell(None, coupons=[SPRING]).json()
    assert told["coupons"][0]["amount"] == 105
    page = marketer.get(codes_page(offer.pk)).content.decode()
    assert SPRING in page
    assert "used 1 time, gave €1.05" in page
    assert f"/wallet/coupons/bakkerij-bol/{SPRING}/" in page
    (drawing,) = re.findall(r'href="([^"]*/qr.svg)"', page)
    picture = marketer.get(drawing)
    assert picture["Content-Type"] == "image/svg+xml"
    assert picture.content.startswith(b"<svg")
    assert marketer.get(drawing.replace("bakkerij-bol", "kaashuis")).status_code in {403, 404}
    # Whoever has no code sees nothing of it.
    shown = marketer.get("/wallet/programmes/bakkerij-bol/").content.decode()
    assert "10% off bread" not in shown


def test_codes_that_are_made_are_fetched_as_a_file_and_that_is_written_down(
    marketer: Client, bakery: Bakery
) -> None:
    offer_id = bakery.offer(by_code=True)
    form = {"kind": "made", "count": "300", "begins": "bol", "uses_each": "2"}
    assert marketer.post(codes_page(offer_id), form).status_code == 302
    making = marketer.get(codes_page(offer_id)).content.decode()
    assert "0 of 300" in making
    assert "Download" not in making
    make()
    part = marketer.get(codes_page(offer_id), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    address = re.findall(r'action="([^"]*/codes/\d+/)"', part)[0]
    file = marketer.post(address)
    rows = b"".join(file).decode().splitlines()
    assert (len(rows), rows[0], rows[1][:4], rows[1][-2:]) == (301, "Code,Uses left", "BOL-", ",2")
    assert file["Content-Type"] == "text/csv; charset=utf-8"
    assert db.call(FETCHED) == [(1,)]
    assert marketer.get(address).status_code == 405


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"kind": "generic", "code": ""}, "Fill in the code."),
        ({"kind": "generic", "code": "lente-26"}, "is a code of the offer"),
        ({"kind": "made"}, "Fill in how many."),
        ({"kind": "made", "count": "1000001"}, "less than or equal to 1000000"),
        ({"kind": "made", "count": "5", "begins": "é"}, "Codes can begin with"),
        ({"kind": "listed", "codes": " \n "}, "Name at least one code."),
        ({"kind": "listed", "codes": "A12\nB12\nA-12"}, "Line 3: “A12” stands in line 1"),
        ({"kind": "listed", "codes": "A12\n\nLENTE26"}, "Line 3: “LENTE26” is a code of the"),
    ],
)
def test_what_is_wrong_is_said_before_anything_is_made(
    marketer: Client, bakery: Bakery, form: dict[str, str], said: str
) -> None:
    offer_id = listed(bakery)
    answer = marketer.post(codes_page(offer_id), form)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    with operator_scope("the tests look"):
        assert Coupon.objects.count() == 1


def test_a_list_comes_in_as_a_file(marketer: Client, bakery: Bakery) -> None:
    offer_id = bakery.offer(by_code=True)
    file = SimpleUploadedFile("codes.csv", "\ufeffA12\r\nb-13\r\n\r\n".encode())
    made = marketer.post(codes_page(offer_id), {"kind": "listed", "file": file, "uses_each": "3"})
    assert made.status_code == 302
    assert (left("A12"), left("B13")) == ((3, 3), (3, 3))
    photo = SimpleUploadedFile("codes.csv", b"\xff\xd8\xff")
    refused = marketer.post(codes_page(offer_id), {"kind": "listed", "file": photo})
    assert "This is no text" in refused.content.decode()


def test_an_offer_with_codes_stays_one_for_who_has_a_code(marketer: Client, bakery: Bakery) -> None:
    offer_id = listed(bakery)
    answer = marketer.post(f"{CONSOLE}offers/{offer_id}/", {**BY_CODE, "by_code": ""})
    assert answer.status_code == 422
    assert "There are codes for this offer" in answer.content.decode()


def test_the_shop_next_door_sees_no_codes(client: Client, bakery: Bakery, charlie: Person) -> None:
    offer_id = listed(bakery)
    client.force_login(charlie)
    assert client.get(codes_page(offer_id)).status_code in {403, 404}
    assert client.get(f"/console/kaashuis/programme/offers/{offer_id}/codes/").status_code == 404
    for series_id in range(1, 20):
        assert client.post(f"/console/kaashuis/programme/codes/{series_id}/").status_code == 404


def test_a_coupon_kept_by_its_link_comes_with_the_scan(
    hers: Client, bakery: Bakery, world: World, alice: Person
) -> None:
    listed(bakery)
    page = hers.get(f"{WALLET}bakkerij-bol/lente-26/")
    assert SPRING in page.content.decode()
    assert hers.post(f"{WALLET}bakkerij-bol/lente-26/")["Location"] == WALLET
    mine = hers.get(WALLET).content.decode()
    assert "10% off bread" in mine
    assert "Bakkerij Bol" in mine
    counter = Counter(world.till, world.till.key)
    told = counter.sell(with_bank_account(alice)).json()
    assert told["coupons"] == [{"code": SPRING, "text": "10 % op brood", "amount": 84}]
    assert "over" in hers.get(WALLET).content.decode()
    with operator_scope("the tests look"):
        kept = KeptCoupon.objects.get()
    hers.post(WALLET, {"away": str(kept.coupon_id)})
    assert "No coupons yet" in hers.get(WALLET).content.decode()


def test_a_coupon_is_typed_and_what_is_wrong_is_said(hers: Client, bakery: Bakery) -> None:
    listed(bakery)
    wrong = hers.post(WALLET, {"code": "LENTE27"})
    assert (wrong.status_code, "is not known" in wrong.content.decode()) == (422, True)
    assert hers.post(WALLET, {"code": "lente 26"}).status_code == 302
    assert hers.get(f"{WALLET}nobody/{SPRING}/").status_code == 404


def test_what_is_kept_is_taken_along_and_goes_with_its_person(
    hers: Client, bakery: Bakery, alice: Person
) -> None:
    listed(bakery)
    hers.post(WALLET, {"code": SPRING})
    knower = LoyaltyData()
    with translation.override("en"):
        sections = {one.name: one.rows for one in knower.sections(alice.pk)}
    assert [(row["shop"], row["code"]) for row in sections["coupons"]] == [("Bakkerij Bol", SPRING)]
    with db.transaction():
        knower.forget(alice.pk, now=NOW, actor=SYSTEM)
    with operator_scope("the tests look"):
        assert not KeptCoupon.objects.exists()
        assert Coupon.objects.count() == 1
