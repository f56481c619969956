"""The permission table of the console: every page, every role, whoever's the object is.

The pages come from the URL configuration, and so does each page's line: a page without one is
refused to all. Another merchant's page, and another merchant's object, are as if they were nowhere.
"""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.test import Client

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.models import Role
from okplatform.web.permissions import Audience, Permission
from tests.merchants.members.known import somebody
from tests.merchants.members.walk import Shop, arguments, filled, pages
from tests.support.accounts import ready
from tests.support.phone import Phone
from tests.support.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(240)]

MERCHANT = "<slug:merchant>"
OBJECT = re.compile(r"<(uuid|int):(\w+)>")
NOWHERE = {"uuid": "7b0f7a52-6a0e-4f6e-9b1c-0d6f3a2b9c11", "int": "999999999"}
CHANGING = re.compile(r'csrf[^"]*" value="[^"]*"|nonce="[^"]*"|"X-CSRFToken":\s*"[^"]*"')


@pytest.fixture
def shop(world: World) -> Shop:
    person = somebody()
    account = ready(person, "NL20INGB0001234567")
    return Shop(world, person, Phone.of(person, now=clock.now(), funding_ref=account.pk))


def console() -> Iterator[tuple[str, Permission]]:
    """Yield the console's addresses, each with who may open it."""
    for address, view in pages():
        permission: Permission = view.required_permission
        if permission.audience is Audience.STAFF and MERCHANT in address:
            yield address, permission


def browser_of(shop: Shop, role: Role) -> Client:
    person = create_person(
        email=f"{role}-{uuid4()}@boekhandelkramer.example",
        name=f"{role} Kramer",
        password="kaas-en-brood-voor-morgen",
        address_proved=True,
        actor=SYSTEM,
    )
    grant_membership(person_id=person.pk, merchant_id=shop.merchant.pk, role=role, actor=SYSTEM)
    browser = Client()
    browser.force_login(person)
    return browser


def opened(browser: Client, address: str) -> int:
    return browser.get(address).status_code


def told(browser: Client, address: str) -> tuple[int, str]:
    """Return an answer without what differs between any two: its trace, and what was asked."""
    answer = browser.get(address)
    text = "" if answer.streaming else answer.content.decode(errors="replace")
    return answer.status_code, CHANGING.sub("", text.replace(answer["Trace-Id"], "…")).replace(
        address, "…"
    )


def test_each_role_opens_its_pages_and_no_others(shop: Shop) -> None:
    browsers = {role: browser_of(shop, role) for role in Role}
    values = arguments(shop)
    seen = 0
    for address, permission in console():
        place = filled(address, values)[0]
        for role, browser in browsers.items():
            status = opened(browser, place)
            if role in permission.roles:
                assert status != 403, (place, role)
                assert status < 500, (place, role)
            else:
                # Some look for the object first, and find none.
                assert status in {403, 404}, (place, role, status)
            seen += 1
    assert seen > 100


def test_nobody_without_a_role_opens_any(shop: Shop) -> None:
    stranger, nobody = Client(), Client()
    stranger.force_login(shop.world.charlie)  # the owner of another shop
    values = arguments(shop)
    for address, _permission in console():
        place = filled(address, values)[0]
        nowhere = place.replace(shop.merchant.reference, "no-such-shop")
        assert told(stranger, place) == told(stranger, nowhere), place
        assert opened(stranger, place) == 404, place
        answer = nobody.get(place)
        to_sign_in = answer.get("Location", "").startswith("/account/login/")
        assert to_sign_in or answer.status_code in {401, 403, 404, 405}, place


def test_another_merchants_object_is_as_if_it_were_nowhere(shop: Shop) -> None:
    stranger = Client()
    stranger.force_login(shop.world.charlie)
    reference = shop.world.kaashuis.merchant.reference
    values = {**arguments(shop), "merchant": (reference,)}
    for address, _permission in console():
        named = OBJECT.search(address)
        if named is None:
            continue
        for place in filled(address, values):
            nowhere = filled(address, {**values, named[2]: (NOWHERE[named[1]],)})[0]
            assert told(stranger, place) == told(stranger, nowhere), place
