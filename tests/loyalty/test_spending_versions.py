"""What points take off, by versions: from a moment on, and back with the scheme."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.db.transaction import atomic  # noqa: TID251 -- a refused statement, tried on its own

from loyalty import spending_invariants as invariants
from loyalty.actions.put_spending import SpendingPromise, put_spending
from loyalty.actions.roll_back_scheme import roll_back_scheme
from loyalty.actions.start_spending import start_spending
from loyalty.actions.unschedule_scheme import unschedule_scheme
from loyalty.models import SpendingTerms, SpendingVersion
from loyalty.queries.liability import liability_of
from loyalty.queries.spending import due_spending
from loyalty.tasks import start_schemes
from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.clock import told_by
from okplatform.kernel.models import AuditEntry
from okplatform.kernel.tenancy import merchant_scope, operator_scope
from okplatform.parties.models import Person, Role
from tests.loyalty.bakery import Bakery
from tests.loyalty.schemes import content, published
from tests.loyalty.spending import member_with, open_spending, wish
from tests.loyalty.test_corrections import works
from tests.loyalty.test_invariants import plant
from tests.loyalty.test_spending_pages import CONSOLE, TERMS
from tests.support.proofs import prove
from tests.support.races import AT_ONCE, all_at_once
from tests.support.world import NOW, World

LATER = NOW + timedelta(days=2)
pytestmark = pytest.mark.django_db


def say(bakery: Bakery, amount: int, at: Any = NOW, **other: Any) -> None:
    """Let 100 points take so much off, from that moment on unless ``starts_at`` says another."""
    starts_at = other.pop("starts_at", None)
    terms = {"points": 100, "amount": amount, "step": 100, "minimum": 100, "most_bp": 10_000}
    put_spending(
        merchant_id=bakery.merchant_id,
        promise=SpendingPromise(**{**terms, **other}),
        actor=SYSTEM,
        now=at,
        starts_at=starts_at,
    )


def takes_off() -> int | None:
    """Return what 100 points take off now; None where there are no terms."""
    with operator_scope("the tests look"):
        terms = SpendingTerms.objects.first()
    return int(terms.amount) if terms else None


def waiting() -> list[int]:
    with operator_scope("the tests look"):
        found = SpendingVersion.objects.filter(started_at=None)
        return [one.terms["amount"] for one in found]


def back_to(bakery: Bakery, number: int, at: Any) -> int:
    return roll_back_scheme(merchant_id=bakery.merchant_id, number=number, actor=SYSTEM, now=at)


def test_what_is_scheduled_counts_from_its_moment_and_not_before(
    bakery: Bakery, alice: Person
) -> None:
    say(bakery, 100)
    say(bakery, 300, starts_at=LATER)
    wish(member_with(bakery, alice, 100))
    spent = bakery.price(1_000, alice).quote.spent
    assert (takes_off(), waiting(), spent) == (100, [300], (100, 100))
    with told_by(lambda: LATER - timedelta(seconds=1)):
        start_schemes()
    assert (takes_off(), waiting()) == (100, [300])
    with told_by(lambda: LATER):
        start_schemes()
        start_schemes()
    assert (takes_off(), waiting()) == (300, [])
    assert bakery.price(1_000, alice, now=LATER).quote.spent == (100, 300)
    with operator_scope("the tests look"):
        assert AuditEntry.objects.filter(action="spending_started").count() == 1
    prove()


def test_what_is_put_takes_the_place_of_what_waited(bakery: Bakery) -> None:
    say(bakery, 300, starts_at=LATER)
    assert (takes_off(), waiting()) == (None, [300])
    say(bakery, 200, starts_at=LATER + timedelta(days=1))
    assert (takes_off(), waiting()) == (None, [200])
    say(bakery, 100)
    assert (takes_off(), waiting()) == (100, [])
    assert due_spending(now=LATER + timedelta(days=9)) == []
    prove()


def test_bringing_a_scheme_back_brings_back_what_points_took_off(bakery: Bakery) -> None:
    first = published(bakery.merchant_id, now=NOW)
    say(bakery, 100, NOW + timedelta(hours=1))
    say(bakery, 120, NOW + timedelta(hours=2))
    second = published(bakery.merchant_id, content(worth=3_000), now=NOW + timedelta(hours=3))
    say(bakery, 300, NOW + timedelta(hours=4))
    say(bakery, 400, starts_at=LATER, at=NOW + timedelta(hours=5))
    back_to(bakery, first, NOW + timedelta(hours=6))
    assert (takes_off(), waiting()) == (120, [])
    back_to(bakery, second, NOW + timedelta(hours=7))
    assert takes_off() == 300
    back_to(bakery, second, NOW + timedelta(hours=8))
    assert takes_off() == 300
    with operator_scope("the tests look"):
        said = list(SpendingVersion.objects.order_by("id").values_list("terms", "back_to"))
    assert [(terms["amount"], back) for terms, back in said] == [
        (100, None),
        (120, None),
        (300, None),
        (120, first),
        (300, second),
    ]
    prove()


def test_a_version_from_before_there_were_terms_leaves_those_of_now(bakery: Bakery) -> None:
    first = published(bakery.merchant_id, now=NOW)
    published(bakery.merchant_id, content(worth=3_000), now=NOW + timedelta(hours=1))
    say(bakery, 100, NOW + timedelta(hours=2))
    back_to(bakery, first, NOW + timedelta(hours=3))
    assert takes_off() == 100


def test_switched_off_terms_come_back_switched_off(bakery: Bakery) -> None:
    say(bakery, 100, is_on=False)
    first = published(bakery.merchant_id, now=NOW + timedelta(hours=1))
    published(bakery.merchant_id, content(worth=3_000), now=NOW + timedelta(hours=2))
    say(bakery, 100, NOW + timedelta(hours=3))
    back_to(bakery, first, NOW + timedelta(hours=4))
    with operator_scope("the tests look"):
        assert not SpendingTerms.objects.get().is_on


def test_terms_that_were_to_begin_with_a_version_go_with_it(bakery: Bakery) -> None:
    published(bakery.merchant_id, now=NOW)
    say(bakery, 300, starts_at=LATER)
    published(bakery.merchant_id, content(worth=3_000), starts_at=LATER, now=NOW)
    unschedule_scheme(merchant_id=bakery.merchant_id, actor=SYSTEM, now=NOW)
    assert waiting() == []
    say(bakery, 300, starts_at=LATER + timedelta(hours=1))
    published(bakery.merchant_id, content(worth=3_000), starts_at=LATER, now=NOW)
    unschedule_scheme(merchant_id=bakery.merchant_id, actor=SYSTEM, now=NOW)
    assert waiting() == [300]


def test_terms_and_version_of_one_moment_begin_together(bakery: Bakery) -> None:
    first = published(bakery.merchant_id, now=NOW)
    say(bakery, 100, NOW + timedelta(hours=1))
    say(bakery, 300, starts_at=LATER)
    published(bakery.merchant_id, content(worth=3_000), starts_at=LATER, now=NOW)
    with told_by(lambda: LATER):
        start_schemes()
    assert takes_off() == 300
    back_to(bakery, first, LATER + timedelta(hours=1))
    assert takes_off() == 100


def test_the_books_know_what_points_took_off_then(bakery: Bakery, alice: Person) -> None:
    say(bakery, 100)
    member_with(bakery, alice, 1_000)
    say(bakery, 300, LATER)
    with merchant_scope(bakery.merchant_id):
        worth = [
            liability_of(
                merchant_id=bakery.merchant_id, day=day.date(), zone="Europe/Amsterdam"
            ).worth
            for day in (NOW, LATER)
        ]
    assert worth == [1_000, 3_000]


def test_the_console_schedules_and_thinks_better_of_it(bakery: Bakery, world: World) -> None:
    owner = works(bakery, world.olga, Role.OWNER)
    open_spending(bakery)
    past = (clock.now() - timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    ahead = (clock.now() + timedelta(days=3)).strftime("%Y-%m-%dT%H:%M")
    refused = owner.post(CONSOLE, {**TERMS, "starts_at": past})
    assert refused.status_code == 422
    assert "That moment has passed" in refused.content.decode()
    page = owner.post(CONSOLE, {**TERMS, "amount": "3.00", "starts_at": ahead}, follow=True)
    assert "100 points take €3.00 off, from 200 points on" in page.content.decode()
    assert (takes_off(), waiting()) == (100, [300])
    gone = owner.post(CONSOLE, {"act": "unschedule"}, follow=True)
    assert "It will not start" in gone.content.decode()
    assert (takes_off(), waiting()) == (100, [])
    again = owner.post(CONSOLE, {"act": "unschedule"}, follow=True)
    assert "Nothing is waiting to start" in again.content.decode()


def test_a_version_that_began_never_changes(bakery: Bakery) -> None:
    say(bakery, 100)
    with operator_scope("the tests try"):
        with pytest.raises(DatabaseError), atomic():
            SpendingVersion.objects.update(terms={})
        with pytest.raises(DatabaseError), atomic():
            SpendingVersion.objects.all().delete()


def test_other_terms_than_were_put_are_found(bakery: Bakery) -> None:
    say(bakery, 100)
    assert not invariants.spending_terms_are_the_last_that_began().breaches
    plant("UPDATE loyalty_spending SET amount = amount + 1")
    assert invariants.spending_terms_are_the_last_that_began().breaches


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_terms_that_are_due_begin_once(bakery: Bakery) -> None:
    say(bakery, 100)
    say(bakery, 300, starts_at=LATER)

    def start(_number: int) -> str:
        began = start_spending(merchant_id=bakery.merchant_id, actor=SYSTEM, now=LATER)
        return "began" if began else "nothing"

    assert all_at_once(start) == {"began": 1, "nothing": AT_ONCE - 1}
    assert takes_off() == 300
    prove()
