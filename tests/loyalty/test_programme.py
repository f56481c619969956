"""Publishing, joining, and what a sale then earns."""

from collections.abc import Iterator

import pytest
from django.db import IntegrityError
from pytest_django import DjangoAssertNumQueries

from loyalty import programs
from loyalty.actions.join_programme import ProgrammeUnknown, TermsChanged, join_programme
from loyalty.actions.publish_programme import publish_programme
from loyalty.actions.settle import PointsMoved
from loyalty.engine import Texts
from loyalty.models import Earning, Member, Programme
from loyalty.queries.quoting import Asks, snapshot
from okplatform.kernel import db
from okplatform.kernel.models import AuditEntry, Event
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from tests.loyalty.bakery import PROMISE, Bakery
from tests.support.world import NOW, World


@pytest.fixture(autouse=True)
def _looking(db: None) -> Iterator[None]:
    with operator_scope("the tests look"):
        yield


def test_a_member_earns_on_what_was_paid_and_sees_the_new_balance(
    bakery: Bakery, alice: Person
) -> None:
    bakery.join(alice)
    bakery.offer()
    sale_id, balance = bakery.sell(2_000, alice)
    assert balance == bakery.points(alice) == 18
    earning = Earning.objects.get(sale_id=sale_id)
    assert (earning.milli, earning.points, earning.balance) == (18_000, 18, 18)


def test_fractions_of_points_are_kept_for_the_next_sale(bakery: Bakery, alice: Person) -> None:
    bakery.join(alice)
    for gross, balance in ((150, 1), (150, 3), (99, 3), (1, 4)):
        assert bakery.sell(gross, alice)[1] == balance
    assert Member.objects.get().carry == 0


def test_who_is_no_member_earns_nothing(bakery: Bakery, bob: Person) -> None:
    _, balance = bakery.sell(2_000, bob)
    assert balance is None
    assert bakery.points(bob) is None
    assert not Earning.objects.exists()


def test_settling_a_sale_twice_books_it_once(bakery: Bakery, alice: Person) -> None:
    bakery.join(alice)
    offer_id = bakery.offer(budget=1_000)
    priced = bakery.price(2_000, alice)
    sale_id, first = bakery.settle(priced, alice)
    with db.transaction():
        second = bakery.settle_again(sale_id, priced)
    assert first == second.value == bakery.points(alice) == 18
    assert Earning.objects.count() == 1
    assert left_of(bakery, offer_id) == 800


def test_a_quote_keeps_its_promise_when_another_sale_used_the_carry(
    bakery: Bakery, alice: Person
) -> None:
    bakery.join(alice)
    bakery.sell(150, alice)
    first, second = bakery.price(150, alice), bakery.price(150, alice)
    assert (first.quote.points, second.quote.points) == (2, 2)
    assert bakery.settle(first, alice)[1] == 3
    assert bakery.settle(second, alice)[1] == 5
    assert Member.objects.get().carry == -500
    assert bakery.price(150, alice).quote.points == 1


def test_a_promise_that_would_give_more_than_a_point_too_much_is_refused_and_nothing_is_booked(
    bakery: Bakery, alice: Person
) -> None:
    bakery.join(alice)
    bakery.sell(199, alice)
    promised = [bakery.price(1, alice) for _ in range(3)]
    assert [one.quote.points for one in promised] == [1, 1, 1]
    bakery.settle(promised[0], alice)
    bakery.settle(promised[1], alice)
    before = Earning.objects.count(), bakery.points(alice)
    with pytest.raises(PointsMoved):
        bakery.settle(promised[2], alice)
    assert (Earning.objects.count(), bakery.points(alice)) == before


def test_live_and_test_points_never_meet(world: World, bakery: Bakery) -> None:
    tessa = world.tessa
    bakery.join(tessa)
    assert bakery.sell(1_000, tessa, Mode.TEST)[1] == 10
    assert bakery.price(1_000, tessa, mode=Mode.LIVE).member is None
    assert bakery.points(tessa, Mode.LIVE) is None


def test_joining_twice_changes_nothing(bakery: Bakery, alice: Person) -> None:
    first = bakery.join(alice)
    audited, told = AuditEntry.objects.count(), Event.objects.count()
    assert bakery.join(alice) == first
    assert (AuditEntry.objects.count(), Event.objects.count()) == (audited, told)


def test_other_terms_than_those_in_force_are_refused(bakery: Bakery, alice: Person) -> None:
    bakery.publish(terms=Texts(nl="Minder.", en="Less."))
    assert Programme.objects.get().terms_version == 2
    with pytest.raises(TermsChanged):
        bakery.join(alice, terms_version=1)
    assert not Member.objects.exists()


def test_publishing_the_same_terms_keeps_their_version(bakery: Bakery) -> None:
    assert bakery.publish(name="Bol spaart door") == bakery.programme_id
    programme = Programme.objects.get()
    assert (programme.name, programme.terms_version) == ("Bol spaart door", 1)


def test_a_new_rate_counts_from_the_next_quote(bakery: Bakery, alice: Person) -> None:
    bakery.join(alice)
    assert bakery.price(1_000, alice).quote.points == 10
    bakery.publish(milli_points_per_cent=20)
    assert bakery.price(1_000, alice).quote.points == 20


def test_a_programme_that_does_not_exist_cannot_be_joined(bakery: Bakery, alice: Person) -> None:
    with pytest.raises(ProgrammeUnknown):
        join_programme(
            programme_id=0, person_id=alice.pk, terms_version=1, actor=bakery.actor, now=NOW
        )


def test_a_merchant_that_published_nothing_prices_at_full_price(
    world: World, alice: Person
) -> None:
    assert programs.current(world.kaashuis.merchant.pk).version == 0


def test_a_price_takes_one_query(
    bakery: Bakery, alice: Person, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    bakery.join(alice)
    bakery.offer(budget=1_000)
    bakery.price(1_000, alice)
    with django_assert_num_queries(1):
        bakery.price(1_000, alice)


def test_a_sale_that_does_not_exist_earns_nothing(bakery: Bakery, alice: Person) -> None:
    bakery.join(alice)
    with pytest.raises(IntegrityError), db.transaction():
        bakery.settle_again(0, bakery.price(1_000, alice))
    assert bakery.points(alice) == 0


def test_a_process_keeps_so_many_programs_and_drops_the_oldest(
    world: World, bakery: Bakery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "MOST_KEPT", 1)
    monkeypatch.setattr(programs, "_compiled", {})
    bakery.price(1_000)
    publish_programme(
        merchant_id=world.kaashuis.merchant.pk, promise=PROMISE, actor=bakery.actor, now=NOW
    )
    programs.current(world.kaashuis.merchant.pk)
    assert list(programs._compiled) == [world.kaashuis.merchant.pk]
    assert bakery.price(1_000).quote.due == 1_000


def left_of(bakery: Bakery, offer_id: int) -> int:
    seen = snapshot(
        merchant_id=bakery.merchant_id,
        person_id=None,
        mode=Mode.LIVE,
        asks=Asks(limited=frozenset({offer_id})),
    )
    left = seen.left[offer_id].amount
    assert left is not None
    return left
