"""A shop has a receipt sent again, and learns nothing by it."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core import mail
from django.test import Client

from okplatform.kernel import clock, relay
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from tests.support.world import World
from tests.wallet.sales import sell
from wallet import tasks
from wallet.models import Disclosure, ReceiptLetter
from wallet.models.receipt_letter import MOST_A_DAY_FROM_SHOPS

pytestmark = pytest.mark.django_db
FIND = "/console/bakkerij-bol/customers/"


@pytest.fixture
def desk(world: World) -> Client:
    """Sam's counter."""
    browser = Client()
    browser.force_login(world.sam)
    return browser


def sold(world: World, person: Person | None, reference: str = "K-9") -> UUID:
    """Sell something today; return the sale's own number."""
    uuid = uuid4()
    sell(world.till.store, now=clock.now(), person=person, uuid=uuid, reference=reference)
    relay.drain()
    return uuid


def asked(desk: Client, **said: str) -> tuple[int, str]:
    """Press the button; return what the page then says, without what differs each time."""
    answer: Any = desk.post(FIND, {"send": "", **said}, follow=True)
    page = answer.content.decode()
    toasts = page.partition('class="toasts"')[2]
    return answer.status_code, toasts


def letters() -> list[ReceiptLetter]:
    with operator_scope("the test looks"):
        return list(ReceiptLetter.objects.order_by("id"))


def test_the_receipt_goes_to_its_person_and_the_shop_sees_no_address(
    world: World, desk: Client, alice: Person
) -> None:
    sold(world, alice)
    status, said = asked(desk, number="K-9")
    assert (status, "onderweg" in said) == (200, True)
    assert alice.email not in said
    tasks.send_receipts()
    (letter,) = mail.outbox
    assert letter.to == [alice.email]
    assert "Bakkerij Bol vroeg ons" in str(letter.body)
    with operator_scope("the test looks"):
        assert not Disclosure.objects.exists()


def test_what_the_shop_hears_is_the_same_whosever_it_is_and_however_often(
    world: World, desk: Client, alice: Person
) -> None:
    nobodys = sold(world, None)
    hers = sold(world, alice)
    heard = {asked(desk, number=str(nobodys))}
    assert letters() == []
    for _time in range(MOST_A_DAY_FROM_SHOPS + 2):
        heard.add(asked(desk, number=str(hers)))
        tasks.send_receipts()
    assert len(heard) == 1
    assert len(mail.outbox) == MOST_A_DAY_FROM_SHOPS


def test_of_several_with_one_number_the_shop_chooses(
    world: World, desk: Client, alice: Person, bob: Person
) -> None:
    sold(world, alice)
    bobs = sold(world, bob)
    page = desk.post(FIND, {"send": "", "number": "K-9"}).content.decode()
    assert f'value="{bobs}"' in page
    assert page.count('name="send"') == 3
    asked(desk, purchase=str(bobs))
    assert [one.person_id for one in letters()] == [bob.pk]


def test_a_number_that_nothing_has_is_said_and_so_is_that_of_another_shop(
    world: World, desk: Client, alice: Person
) -> None:
    elsewhere = uuid4()
    sell(world.gouda.store, now=clock.now(), person=alice, uuid=elsewhere)
    relay.drain()
    for number in ("K-404", str(elsewhere)):
        answer = desk.post(FIND, {"send": "", "number": number})
        assert answer.status_code == 422
        assert "Geen aankoop" in answer.content.decode()
    assert letters() == []
