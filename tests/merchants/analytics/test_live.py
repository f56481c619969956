"""The live page: equal to the books, for the merchant's own people, and never about a person."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from merchants.analytics.invariants import live_figures_equal_the_books
from merchants.analytics.queries import may_watch
from merchants.models import LiveFigure
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.models import Person, Role
from tests.loyalty.bakery import Bakery
from tests.support.counter import (
    Counter,
    basket,
    let_know,
    paying,
    settle_events,
    show,
    with_bank_account,
)
from tests.support.counter import join as become_member
from tests.support.world import World

pytestmark = pytest.mark.django_db

LIVE = "/console/bakkerij-bol/live/"


@pytest.fixture
def bella(world: World, bakery: Bakery) -> Person:
    """The bakery's owner; Bob, here."""
    grant_membership(
        person_id=world.bob.pk, merchant_id=bakery.merchant_id, role=Role.OWNER, actor=SYSTEM
    )
    return world.bob


def page_of(person: Person, address: str = LIVE) -> tuple[int, str]:
    client = Client()
    client.force_login(person)
    answer = client.get(address, follow=False)
    return answer.status_code, answer.content.decode()


def test_a_sale_moves_the_page_once_its_event_is_handled(counter: Counter, bella: Person) -> None:
    counter.sell()
    assert "11,00" not in page_of(bella)[1].partition('data-figure="sales"')[0]
    settle_events()
    status, page = page_of(bella)
    assert status == 200
    assert 'data-figure="turnover">€\N{NO-BREAK SPACE}11,00<' in page


def test_an_event_that_is_delivered_twice_counts_once(counter: Counter, bella: Person) -> None:
    counter.sell()
    settle_events()
    settle_events()
    with operator_scope("count"):
        assert list(LiveFigure.objects.values_list("sales", "turnover")) == [(1, 1100)]


def test_the_page_never_says_who_bought_not_even_with_consent(
    counter: Counter, bakery: Bakery, bella: Person, alice: Person
) -> None:
    become_member(alice, bakery.programme_id)
    let_know(alice, counter.place)
    phone = with_bank_account(alice)
    counter.put(uuid4(), basket(code=show(phone), payment=paying()))
    settle_events()
    page = page_of(bella)[1]
    assert "OK-klant" in page
    assert "Alice" not in page
    assert alice.email not in page


def test_who_may_watch(world: World, bakery: Bakery, bella: Person) -> None:
    assert page_of(bella)[0] == 200
    assert page_of(world.sam)[0] == 403
    assert page_of(world.charlie)[0] == 404
    assert page_of(world.alice)[0] == 404
    assert Client().get(LIVE).status_code == 302
    watched = str(bakery.merchant_id)
    people = (bella, world.sam, world.charlie, world.alice)
    assert [may_watch(person.pk, watched) for person in people] == [True, False, False, False]
    assert not may_watch(bella.pk, "not-a-number")


def test_a_figure_that_is_not_the_books_is_found(counter: Counter) -> None:
    counter.sell()
    assert live_figures_equal_the_books().breaches == []  # its event still waits
    settle_events()
    assert live_figures_equal_the_books().breaches == []
    with connection.cursor() as cursor:
        cursor.execute("UPDATE merchants_livefigure SET turnover = turnover + 1")
    (breach,) = live_figures_equal_the_books().breaches
    assert "1101" in breach
    assert "1100" in breach
