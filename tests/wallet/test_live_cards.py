"""A card whose shop is on OK becomes live with one tap, and only by a claim that OK confirmed."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client

from loyalty.engine import Texts
from loyalty.models import Member
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.models import Person, Role
from tests.loyalty.bakery import Bakery
from tests.support.proofs import prove
from tests.support.signing_in import sign_in
from tests.support.world import World
from tests.wallet.cards import BONUS, put, said
from wallet.actions.change_balance import change_balance
from wallet.actions.claim_brand import BrandClaimed, BrandUnnamed, claim_brand
from wallet.actions.decide_brand import (
    BrandClaimUnknown,
    BrandTaken,
    confirm_brand,
    end_brand,
    refuse_brand,
)
from wallet.models import BrandClaim, Card, Consent, LiveCard
from wallet.own_data import sections_of
from wallet.programmes import brand_of, brands_of

pytestmark = pytest.mark.django_db

BUTTON = "Deelnemen en deze kaart koppelen"
PROGRAMME = "/console/bakkerij-bol/programme/"
OFFICE = "/office/cards/"


@pytest.fixture
def bakery(world: World) -> Bakery:
    return Bakery(world)


@pytest.fixture
def hers(client: Client, alice: Person) -> Client:
    client.force_login(alice)
    return client


def asked(merchant_id: int, now: datetime, name: str = "Bol spaarkaart") -> BrandClaim:
    return claim_brand(merchant_id=merchant_id, name=name, actor=SYSTEM, now=now)


def confirmed(merchant_id: int, now: datetime, name: str = "Bol spaarkaart") -> BrandClaim:
    claim = asked(merchant_id, now, name)
    confirm_brand(claim_id=claim.pk, actor=SYSTEM, now=now)
    return claim


def page(client: Client, card: Card) -> str:
    text = client.get(f"/wallet/cards/{card.uuid}/").content.decode()
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


def couple(client: Client, card: Card, **sent: str) -> str:
    form = {"terms_version": "1", **sent}
    answer = client.post(f"/wallet/cards/{card.uuid}/live/", form, follow=True)
    return " ".join(answer.content.decode().replace("\N{NO-BREAK SPACE}", " ").split())


def members() -> list[int]:
    with operator_scope("the tests look"):
        return list(Member.objects.values_list("person_id", flat=True))


def live() -> int:
    with operator_scope("the tests look"):
        return int(LiveCard.objects.count())


def test_a_card_becomes_live_with_one_tap_and_shows_the_points_of_the_ledger(
    hers: Client, alice: Person, bakery: Bakery, now: datetime
) -> None:
    confirmed(bakery.merchant_id, now)
    card = put(alice, now, name="Bol Spaarkaart", barcode=BONUS)
    before = page(hers, card)
    assert BUTTON in before
    assert "Een punt per euro." in before
    after = couple(hers, card)
    assert "Gekoppeld." in after
    assert BUTTON not in after
    assert members() == [alice.pk]
    bakery.sell(1_840, alice)
    shown = page(hers, card)
    assert '<p class="huge figures">18</p>' in shown
    assert "data-code" in shown  # the old code stays in use
    assert BONUS["payload"] in shown
    assert 'name="amount"' not in shown  # nobody types what the ledger knows
    assert "18 punten" in hers.get("/wallet/cards/").content.decode()
    with operator_scope("a test looks"):
        assert not Consent.objects.exists()
    prove()


def test_without_the_confirmation_of_ok_nothing_is_offered(
    hers: Client, alice: Person, bakery: Bakery, now: datetime
) -> None:
    claim = asked(bakery.merchant_id, now, "Bonuskaart")
    card = put(alice, now, name="Mijn bonus", programme="bonuskaart")
    assert BUTTON not in page(hers, card)
    assert "Uw kaart blijft zoals hij is" in couple(hers, card)
    refuse_brand(claim_id=claim.pk, actor=SYSTEM, now=now)
    assert BUTTON not in page(hers, card)
    couple(hers, card)
    assert (members(), live()) == ([], 0)


def test_a_member_only_couples_and_pressing_twice_is_harmless(
    hers: Client, alice: Person, bakery: Bakery, now: datetime
) -> None:
    bakery.join(alice)
    bakery.sell(1_000, alice)
    bakery.publish(terms=Texts(nl="Nieuw.", en="New."))
    confirmed(bakery.merchant_id, now)
    card = put(alice, now, name="Bol spaarkaart")
    assert "Deze kaart koppelen" in page(hers, card)
    for _again in range(2):
        assert "Gekoppeld." in couple(hers, card, terms_version="1")
    assert (members(), live()) == ([alice.pk], 1)
    assert '<p class="huge figures">10</p>' in page(hers, card)


def test_letting_go_makes_the_card_what_it_was(
    hers: Client, alice: Person, bakery: Bakery, now: datetime
) -> None:
    confirmed(bakery.merchant_id, now)
    card = put(alice, now, name="Bol spaarkaart")
    typed: dict[str, Any] = {"delta": 250, "note": "", "said": said(now), "actor": SYSTEM}
    change_balance(person_id=alice.pk, card=card.uuid, now=now, **typed)
    couple(hers, card)
    assert "2,50" not in page(hers, card)
    for _again in range(2):
        couple(hers, card, off="1")
    shown = page(hers, card)
    assert "€ 2,50" in shown
    assert "Deze kaart koppelen" in shown
    assert (members(), live()) == ([alice.pk], 0)


def test_terms_that_changed_are_read_first(
    hers: Client, alice: Person, bakery: Bakery, now: datetime
) -> None:
    confirmed(bakery.merchant_id, now)
    card = put(alice, now, name="Bol spaarkaart")
    for sent in ("0", "7", "", "x", "9" * 30):
        assert "De voorwaarden zijn veranderd" in couple(hers, card, terms_version=sent)
    assert (members(), live()) == ([], 0)


def test_a_claim_that_ended_leaves_cards_as_they_were_and_the_points_too(
    hers: Client, alice: Person, bakery: Bakery, now: datetime
) -> None:
    claim = confirmed(bakery.merchant_id, now)
    card = put(alice, now, name="Bol spaarkaart")
    couple(hers, card)
    end_brand(claim_id=claim.pk, actor=SYSTEM, now=now)
    shown = page(hers, card)
    assert "huge figures" not in shown
    assert 'name="amount"' in shown
    assert members() == [alice.pk]
    confirmed(bakery.merchant_id, now + timedelta(days=1))
    assert "Gekoppeld." in couple(hers, card)
    assert "huge figures" in page(hers, card)


def test_a_shop_without_a_programme_offers_nothing(
    hers: Client, alice: Person, world: World, now: datetime
) -> None:
    confirmed(world.kaashuis.merchant.pk, now, "Kaaspas")
    card = put(alice, now, name="Kaaspas")
    assert "koppelen" not in page(hers, card)
    assert "Dit programma bestaat niet meer" in couple(hers, card)
    assert live() == 0


def test_nobody_couples_the_card_of_another_or_one_that_is_gone(
    hers: Client, alice: Person, bob: Person, bakery: Bakery, now: datetime
) -> None:
    confirmed(bakery.merchant_id, now)
    his, gone = put(bob, now, name="Bol spaarkaart"), put(alice, now, name="Bol spaarkaart")
    put(alice, now + timedelta(seconds=1), gone.uuid, removed=True)
    assert hers.post(f"/wallet/cards/{his.uuid}/live/", {"terms_version": "1"}).status_code == 404
    assert "Deze kaart is hier niet" in couple(hers, gone)
    assert Client().post(f"/wallet/cards/{his.uuid}/live/").status_code == 302
    assert (members(), live()) == ([], 0)


def test_a_live_card_is_of_its_own_person(
    alice: Person, bob: Person, bakery: Bakery, now: datetime
) -> None:
    claim = confirmed(bakery.merchant_id, now)
    card = put(alice, now, name="Bol spaarkaart")
    with operator_scope("a test tries"), pytest.raises(IntegrityError):
        LiveCard.objects.create(person=bob, card=card, claim=claim, coupled_at=now)


def test_a_brand_is_of_one_merchant(world: World, bakery: Bakery, now: datetime) -> None:
    confirmed(bakery.merchant_id, now)
    other = asked(world.kaashuis.merchant.pk, now, "BOL  spaarkaart")
    with pytest.raises(BrandTaken):
        confirm_brand(claim_id=other.pk, actor=SYSTEM, now=now)
    with pytest.raises(BrandClaimed):
        asked(bakery.merchant_id, now)
    with pytest.raises(BrandClaimUnknown):
        end_brand(claim_id=other.pk, merchant_id=bakery.merchant_id, actor=SYSTEM, now=now)
    for name in ("", "  ", "x" * 81, "bel\x07"):
        with pytest.raises(BrandUnnamed):
            asked(bakery.merchant_id, now, name)


@pytest.mark.parametrize("name", ["Bonuskaart", "albert heijn", " BONUSKAART "])
def test_a_name_of_our_list_is_the_programmes_brand(name: str) -> None:
    assert brand_of(name) == "bonuskaart"
    assert brands_of(programme="", issuer="", name=name) == ["bonuskaart"]


def test_the_shop_asks_and_the_office_confirms(
    hers: Client, alice: Person, world: World, bakery: Bakery, now: datetime
) -> None:
    grant_membership(
        person_id=world.bob.pk, merchant_id=bakery.merchant_id, role=Role.MARKETER, actor=SYSTEM
    )
    shop, office = sign_in(Client(), world.bob), sign_in(Client(), world.anna)
    card = put(alice, now, name="Bol spaarkaart")
    said_to = shop.post(f"{PROGRAMME}cards/", {"name": "Bol Spaarkaart"}, follow=True)
    assert "wacht op OK" in said_to.content.decode()
    with operator_scope("a test looks"):
        claim = BrandClaim.objects.get()
    waiting = office.get(OFFICE).content.decode()
    assert "Bol Spaarkaart" in waiting
    assert "60000001" in waiting
    address = f"{OFFICE}{claim.pk}/"
    for stranger in (shop, hers):
        assert stranger.post(address, {"decision": "confirm"}).status_code == 404
    assert office.post(address, {"decision": "nonsense"}).status_code == 404
    assert BUTTON not in page(hers, card)
    office.post(address, {"decision": "confirm"})
    assert BUTTON in page(hers, card)
    again = office.post(address, {"decision": "refuse"}, follow=True).content.decode()
    assert "Hierover is al besloten" in again
    shop.post(f"{PROGRAMME}cards/", {"claim": str(claim.pk)})
    assert BUTTON not in page(hers, card)


def test_a_cashier_claims_nothing(world: World, bakery: Bakery) -> None:
    answer = sign_in(Client(), world.sam).post(f"{PROGRAMME}cards/", {"name": "Bonuskaart"})
    assert answer.status_code == 403
    with operator_scope("a test looks"):
        assert not BrandClaim.objects.exists()


def test_live_cards_are_taken_along_and_end_with_the_account(
    hers: Client, alice: Person, bakery: Bakery, now: datetime
) -> None:
    confirmed(bakery.merchant_id, now)
    card = put(alice, now, name="Bol spaarkaart")
    couple(hers, card)
    (section,) = [one for one in sections_of(alice.pk) if one.name == "live_cards"]
    assert [(row["card"], row["shop"]) for row in section.rows] == [
        (str(card.uuid), "Bakkerij Bol")
    ]
    sign_in(Client(), alice).post("/wallet/you/data/deletion/", {"sure": "yes"})
    assert live() == 0
    prove()
