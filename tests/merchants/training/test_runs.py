"""Five scenarios of a minute, judged by what was really sold in training."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError

from merchants.models import TrainingRun
from merchants.training.invariants import (
    training_runs_are_of_their_shops_people,
    training_sells_in_test_mode_only,
)
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import call, transaction
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.actions.forget_person import forget_person
from okplatform.parties.actions.grant_membership import grant_membership
from okplatform.parties.models import Role
from tests.merchants.training.trainee import Trainee
from tests.support.counter import BREAD, COFFEE, basket
from tests.support.proofs import prove
from tests.support.world import World

pytestmark = pytest.mark.django_db

TEA = {"name": "Thee", "unit_price": 240, "vat_rate": 900}
BLOCKED = {"name": "Anders", "unit_price": 1307, "vat_rate": 900}
LOST = {"name": "Anders", "unit_price": 1314, "vat_rate": 900}


def stored() -> list[TrainingRun]:
    with operator_scope("the test looks"):
        return list(TrainingRun.objects.order_by("pk"))


def begun(trainee: Trainee, scenario: str, **said: Any) -> str:
    answer = trainee.begin(scenario, **said)
    assert answer.status_code == 200, answer.content
    return str(answer.json()["uuid"])


def judged(trainee: Trainee, run: str) -> tuple[int, str]:
    said = trainee.done(run).json()
    return said["stars"], said["sentence"]


def age(run: str, **time: float) -> None:
    """Let a run have begun that long ago."""
    call("ALTER TABLE merchants_training_run DISABLE TRIGGER training_run_is_judged_once")
    call(
        "UPDATE merchants_training_run SET began_at = began_at - %s, ended_at = ended_at - %s"
        " WHERE uuid = %s",
        [timedelta(**time), timedelta(**time), run],
    )
    call("ALTER TABLE merchants_training_run ENABLE TRIGGER training_run_is_judged_once")


def test_three_articles_for_pin_are_three_stars(trainee: Trainee) -> None:
    trainee.sell()  # before it began: does not count
    run = begun(trainee, "three_lines")
    assert trainee.sell(BREAD, COFFEE, TEA).status_code == 200
    assert judged(trainee, run) == (3, "All of it was right.")
    assert judged(trainee, run) == (3, "All of it was right.")
    actions = call(
        "SELECT action FROM kernel_auditentry WHERE object_type = 'training_run' ORDER BY id"
    )
    assert [action for (action,) in actions] == ["training_begun", "training_judged"]
    prove()


@pytest.mark.parametrize(
    ("lines", "kind", "stars", "says"),
    [
        ((BREAD, COFFEE), "pin", 1, "fewer articles"),
        ((BREAD, COFFEE, TEA), "cash", 1, "in another way"),
    ],
)
def test_what_was_not_asked_for_is_one_star_and_said(
    trainee: Trainee, lines: Any, kind: str, stars: int, says: str
) -> None:
    run = begun(trainee, "three_lines")
    trainee.sell(*lines, kind=kind)
    found, sentence = judged(trainee, run)
    assert found == stars
    assert says in sentence


def test_a_code_and_points(trainee: Trainee) -> None:
    run = begun(trainee, "ok_code")
    trainee.sell(kind="ok", code=trainee.shown())
    assert judged(trainee, run)[0] == 3
    run = begun(trainee, "ok_code")
    trainee.sell(kind="pin")
    assert judged(trainee, run) == (1, "It was paid in another way than was asked for.")


def test_a_refused_code_is_paid_in_another_way(trainee: Trainee) -> None:
    says = trainee.begin("refused_code").json()
    assert "€13.07" in says["says"]
    uuid = uuid4()
    quote = basket(BLOCKED, code=trainee.shown(), language="en")
    due = trainee.call("PUT", f"sales/{uuid}", quote).json()["due"]
    pay = {"revision": 1, "amount_due": due}
    refused = trainee.call("POST", f"sales/{uuid}/payment", {**pay, "tenders": [{"kind": "ok"}]})
    assert refused.json()["code"] == "code_blocked"
    paid = trainee.call("POST", f"sales/{uuid}/payment", {**pay, "tenders": [{"kind": "pin"}]})
    assert paid.json()["verdict"] == "happened"
    assert judged(trainee, says["uuid"])[0] == 3


def test_a_refused_code_that_was_never_scanned_is_one_star(trainee: Trainee) -> None:
    run = begun(trainee, "refused_code")
    trainee.sell(BLOCKED, kind="cash")
    assert judged(trainee, run) == (1, "The customer's code was not scanned before paying.")


def test_a_lost_answer_is_paid_once(trainee: Trainee) -> None:
    run = begun(trainee, "lost_answer")
    uuid, body = uuid4(), basket(LOST, code=trainee.shown(), payment={"tenders": [{"kind": "ok"}]})
    for _ in range(3):  # its answer was lost, and it is sent again
        trainee.call("PUT", f"sales/{uuid}", body)
    assert judged(trainee, run)[0] == 3


def test_money_that_is_taken_twice_is_no_star(trainee: Trainee) -> None:
    run = begun(trainee, "lost_answer")
    trainee.sell(LOST, kind="ok", code=trainee.shown())
    trainee.sell(LOST, kind="cash")
    stars, says = judged(trainee, run)
    assert stars == 0
    assert "twice" in says


def test_something_comes_back_by_its_receipt(trainee: Trainee) -> None:
    receipt = trainee.sell(kind="cash").json()["uuid"]
    run = begun(trainee, "give_back", receipt=receipt)
    assert judged(trainee, begun(trainee, "three_lines"))[0] == 0
    # Only one runs at a till: the other was forgotten when this began.
    assert trainee.done(run).status_code == 404
    run = begun(trainee, "give_back", receipt=receipt)
    assert trainee.give_back(receipt).status_code == 201
    assert judged(trainee, run)[0] == 3
    prove()


def test_nothing_given_back_is_no_star_and_a_sale_instead_is_one(trainee: Trainee) -> None:
    receipt = trainee.sell(kind="cash").json()["uuid"]
    run = begun(trainee, "give_back", receipt=receipt)
    assert judged(trainee, run)[0] == 0
    run = begun(trainee, "give_back", receipt=receipt)
    trainee.give_back(receipt)
    trainee.sell()
    assert judged(trainee, run)[0] == 1


def test_a_receipt_that_is_real_or_none_begins_nothing(trainee: Trainee, world: World) -> None:
    real = Trainee(world.sam, world.till, is_training=False)
    for receipt in ("", str(uuid4()), real.sell(kind="cash").json()["uuid"]):
        refused = trainee.begin("give_back", receipt=receipt)
        assert (refused.status_code, refused.json()["code"]) == (422, "training_receipt_needed")
    assert trainee.begin("nonsense").status_code == 404
    assert stored() == []


def test_nothing_done_is_nothing_earned(trainee: Trainee) -> None:
    assert judged(trainee, begun(trainee, "three_lines"))[0] == 0


def test_slow_is_two_stars_and_a_quarter_of_an_hour_is_none(trainee: Trainee) -> None:
    for minutes, stars in ((2, 2), (16, 0)):
        run = begun(trainee, "three_lines")
        trainee.sell(BREAD, COFFEE, TEA)
        age(run, minutes=minutes)
        assert judged(trainee, run)[0] == stars


def test_what_is_left_open_costs_a_star(trainee: Trainee) -> None:
    run = begun(trainee, "three_lines")
    trainee.call("PUT", f"sales/{uuid4()}", basket())
    trainee.sell(BREAD, COFFEE, TEA)
    assert judged(trainee, run)[0] == 2


def test_what_somebody_sells_for_real_meanwhile_counts_for_nothing(
    trainee: Trainee, world: World
) -> None:
    run = begun(trainee, "three_lines")
    Trainee(world.sam, world.till, is_training=False).sell(BREAD, COFFEE, TEA)
    assert judged(trainee, run)[0] == 0


def test_another_cashier_does_not_end_it(trainee: Trainee, world: World) -> None:
    grant_membership(
        person_id=world.bob.pk,
        merchant_id=world.bol.merchant.pk,
        role=Role.CASHIER,
        actor=SYSTEM,
    )
    run = begun(trainee, "three_lines")
    assert Trainee(world.bob, world.till).done(run).status_code == 404
    assert Trainee(world.charlie, world.gouda).done(run).status_code == 404
    assert stored()[0].ended_at is None


def test_only_the_newest_and_the_best_are_kept(trainee: Trainee) -> None:
    for kind in ("cash", "pin", "cash", "cash"):
        run = begun(trainee, "three_lines")
        trainee.sell(BREAD, COFFEE, TEA, kind=kind)
        trainee.done(run)
    assert sorted(run.stars or 0 for run in stored()) == [1, 3]
    trainee.sell(BREAD, COFFEE, TEA)
    prove()


def test_all_of_it_goes_with_the_membership(trainee: Trainee, world: World) -> None:
    judged(trainee, begun(trainee, "three_lines"))
    begun(trainee, "ok_code")
    assert len(stored()) == 2
    with transaction():
        forget_person(person_id=world.sam.pk, actor=SYSTEM)
    assert stored() == []


CHANGE = "UPDATE merchants_training_run SET {} WHERE uuid = %s RETURNING 1"


def test_postgresql_holds_a_run_to_its_till_and_its_verdict(trainee: Trainee, world: World) -> None:
    run = begun(trainee, "three_lines")
    for change in (
        f"terminal_id = {world.gouda.terminal.pk}",
        "stars = 4, ended_at = now()",
        "stars = 2, ended_at = now()",
    ):
        with pytest.raises(IntegrityError), transaction():
            call(CHANGE.format(change), [run])
    trainee.done(run)
    with pytest.raises(IntegrityError), transaction():
        call(CHANGE.format("stars = 1"), [run])


def test_a_run_of_somebody_elsewhere_is_a_breach(trainee: Trainee, world: World) -> None:
    begun(trainee, "three_lines")
    stranger = world.charlie.pk
    call("ALTER TABLE merchants_training_run DISABLE TRIGGER training_run_is_judged_once")
    call(
        "UPDATE merchants_training_run SET membership_id = membership.id"
        " FROM parties_membership membership WHERE membership.person_id = %s RETURNING 1",
        [stranger],
    )
    (found,) = training_runs_are_of_their_shops_people().breaches
    assert "is of somebody of another merchant" in found


def test_a_live_sale_that_came_back_in_training_is_a_breach(trainee: Trainee, world: World) -> None:
    receipt = trainee.sell(kind="cash").json()["uuid"]
    begun(trainee, "give_back", receipt=receipt)
    real = Trainee(world.sam, world.till, is_training=False).sell(kind="cash").json()["uuid"]
    call("ALTER TABLE merchants_training_run DISABLE TRIGGER training_run_is_judged_once")
    call("UPDATE merchants_training_run SET receipt = %s RETURNING 1", [real])
    (found,) = training_sells_in_test_mode_only().breaches
    assert "gave back of a live sale" in found
