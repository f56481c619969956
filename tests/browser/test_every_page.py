"""Every page that a shopper can open, by the resolver itself: none is forgotten.

A page with a parameter that has no value in ``arguments`` makes the walk fail.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import get_resolver

from loyalty.actions.keep_coupon import keep_coupon
from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import transaction
from okplatform.kernel.tenancy import person_scope
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.models import Person
from okplatform.web.permissions import Audience
from payments.gift_card_queries import kept_by
from payments.models import KeptGiftCard
from payments.queries import bank_accounts_of
from tests.architecture.gates.doors import views
from tests.browser.conftest import LOOKS, CheckAccessibility, Complaints, OpenPage, SignIn
from tests.browser.fitting import fits
from tests.browser.shops import POSTER, poster_of
from tests.merchants.members.known import allow
from tests.merchants.members.walk import filled
from tests.payments.gift_cards import Cards
from tests.support.accounts import added, ready
from tests.support.phone import Phone
from tests.support.signing_in import sign_in as signed_in
from tests.support.world import PASSWORD, World
from tests.wallet.cards import BONUS, put
from tests.wallet.sales import line, sell
from wallet.actions.bulk import file_receipts_of_merchant
from wallet.actions.set_warranty import set_warranty
from wallet.models import Card, Purpose
from wallet.queries import consents_of, devices_of, latest_receipt

OURS = {Audience.PERSON, Audience.EVERYONE}
LIBRARIES = ("allauth.",)
# Not pages: they end what is being looked at, or answer another way than with a page.
NO_PAGES = ("/events/", "/wallet/sign-out/", "/account/logout/", "/till/", "/api/", "/pay/")
FEWEST = 40
"""Were fewer found, the walk would have gone blind."""


@pytest.fixture
def shopper(world: World) -> Person:
    """Somebody with one of everything."""
    now = clock.now()
    person = create_person(
        email=f"{uuid4()}@example.com",
        name="Wilhelmina Zeldenrust",
        password=PASSWORD,
        address_proved=True,
        actor=SYSTEM,
    )
    account = ready(person, now=now)
    added(person, "NL20INGB0001234567", now=now)
    Phone.of(person, now=now, funding_ref=account.pk)
    allow(person, world.bol.merchant.pk, *Purpose.values)
    put(person, now, name="Bonuskaart", barcode=BONUS, groups={"Eten": True}, note="Van ons samen")
    put(person, now, name="Cadeaubon", expires_on=f"{now.date() + timedelta(days=5)}")
    sell(world.till.store, now=now, person=person, lines=[line(), line(2, "Mixer", 8_900)])
    with transaction():
        file_receipts_of_merchant(merchant_id=world.bol.merchant.pk, mode="live", now=now)
    set_warranty(
        person_id=person.pk,
        receipt_id=receipt_of(person),
        line=2,
        ends_on=now.date() + timedelta(days=700),
        note="Doos bewaren",
        now=now,
        actor=SYSTEM,
    )
    gift_card_of(person, world)
    assert poster_of(world)
    keep_coupon(
        person_id=person.pk,
        code=POSTER,
        merchant_reference=world.bol.merchant.reference,
        actor=SYSTEM,
        now=now,
    )
    return person


def gift_card_of(person: Person, world: World) -> None:
    """Let somebody keep a gift card."""
    made = Cards(world.till).start().load(2_500)
    KeptGiftCard.objects.create(card=made, person=person, kept_at=clock.now())


def receipt_of(person: Person) -> int:
    latest = latest_receipt(person.pk)
    assert latest is not None
    return int(latest.pk)


def arguments(person: Person, world: World) -> Mapping[str, tuple[Any, ...]]:
    """Return what stands for each parameter of an address: the shopper's own, or nothing."""
    nobody, nothing = (uuid4(),), (0,)
    accounts = bank_accounts_of(person.pk, mode=person.mode)
    with person_scope(person.pk):
        cards = tuple(Card.objects.values_list("uuid", flat=True))
    return {
        "reference": (world.bol.merchant.reference,),
        "receipt_id": (receipt_of(person),),
        "form": ("pdf",),
        "card_id": tuple(card.id for card in kept_by(person_id=person.pk, mode=person.mode)),
        "code": (POSTER,),
        "card": cards,
        "account_id": tuple(account.pk for account in accounts),
        "consent_id": tuple(consents_of(person.pk).values_list("pk", flat=True)[:1]),
        "device": (devices_of(person.pk)[0].uuid,),
        "digest": ("0" * 64,),
        "nonce": ("nothing",),
        "part": (1,),
        **dict.fromkeys(("card_import", "session", "request_id", "confirmation"), nobody),
        **dict.fromkeys(("push_phone", "share", "invitation"), nobody),
        **dict.fromkeys(("collection_id", "refund_id", "pk"), nothing),
        "token": ("nothing",),
        "channel": ("nothing",),
    }


def pages(person: Person, world: World) -> list[str]:
    """Return the addresses that answer this shopper with a page."""
    browser, values = signed_in(Client(), person), arguments(person, world)
    found = []
    for address, view in views(get_resolver().url_patterns):
        permission = getattr(view, "required_permission", None)
        ours = permission.audience in OURS if permission else view.__module__.startswith(LIBRARIES)
        if not ours or address.startswith(NO_PAGES):
            continue
        for one in filled(address, values):
            answer = browser.get(one)
            if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
                found.append(one)
            answer.close()  # a download's file
    return found


@pytest.mark.timeout(600)
@pytest.mark.parametrize(("language", "size", "scheme"), LOOKS)
def test_no_page_of_a_shopper_is_closed_to_anybody(
    open_page: OpenPage,
    base_url: str,
    sign_in: SignIn,
    shopper: Person,
    world: World,
    complaints: Complaints,
    check_accessibility: CheckAccessibility,
    language: str,
    size: tuple[int, int],
    scheme: str,
) -> None:
    walked = pages(shopper, world)
    assert len(walked) >= FEWEST, walked
    page = open_page(size, language=language, scheme=scheme, reduced_motion="reduce")
    sign_in(page, shopper)
    for address in walked:
        page.goto(base_url + address)
        assert page.locator("html").get_attribute("lang") == language, address
        assert fits(page), f"{address} scrolls sideways"
        check_accessibility(page)
