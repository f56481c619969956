"""Who may know what: the till learns the name only by consent, and the shopper sees that it did."""

from uuid import uuid4

import pytest

from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import operator_scope
from tests.support.counter import Counter, basket, let_know, paying, show
from tests.support.phone import Phone
from tests.support.proofs import prove
from tests.support.world import World
from wallet.actions.withdraw_consent import withdraw_consent
from wallet.models import Disclosure

pytestmark = pytest.mark.django_db


def looks() -> int:
    with operator_scope("count who looked"):
        return len(Disclosure.objects.all())


def test_without_consent_the_till_learns_no_name_and_nobody_looked(
    counter: Counter, member: Phone
) -> None:
    told = counter.put(uuid4(), basket(code=show(member))).json()
    assert told["member"]["name"] is None
    assert "Alice" not in str(told)
    assert looks() == 0


def test_with_consent_the_till_greets_by_name_and_the_shopper_sees_who_looked(
    counter: Counter, member: Phone
) -> None:
    let_know(member.person, counter.place)
    told = counter.put(uuid4(), basket(code=show(member))).json()
    assert told["member"]["name"] == "Alice Jansen"
    with operator_scope("who looked"):
        look = Disclosure.objects.get()
    assert look.person_id == member.person.pk
    assert look.actor_name == "utrecht · kassa-1"
    prove()


def test_a_withdrawn_consent_acts_on_the_very_next_answer_also_of_an_old_sale(
    counter: Counter, member: Phone
) -> None:
    let_know(member.person, counter.place)
    uuid = uuid4()
    counter.put(uuid, basket(code=show(member), payment=paying()))
    withdraw_consent(
        person_id=member.person.pk,
        merchant_id=counter.place.merchant.pk,
        purpose="identity",
        actor=SYSTEM,
        now=clock.now(),
    )
    before = looks()
    again = counter.get(uuid).json()
    assert again["member"]["name"] is None
    assert looks() == before


def test_each_answer_that_names_the_shopper_is_a_look(counter: Counter, member: Phone) -> None:
    let_know(member.person, counter.place)
    uuid = uuid4()
    counter.put(uuid, basket(code=show(member), payment=paying()))
    counter.get(uuid)
    assert looks() == 2


def test_another_merchant_does_not_find_the_sale(counter: Counter, world: World) -> None:
    uuid = uuid4()
    counter.put(uuid, basket(payment=paying("cash")))
    charlie = Counter(world.gouda, world.gouda.key)
    answer = charlie.get(uuid)
    assert (answer.status_code, answer.json()["code"]) == (404, "sale_unknown")
    # And the same UUID is his own to use.
    assert charlie.put(uuid, basket(payment=paying("cash"))).json()["verdict"] == "happened"
    assert counter.get(uuid).json()["store"] == "utrecht"
    prove()
