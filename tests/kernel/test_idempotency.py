"""A key decides once: whoever sends it again hears the decision, whoever hurries waits."""

from datetime import timedelta

import pytest

from okplatform.kernel import clock, db, idempotency, tasks
from okplatform.kernel.db import TransactionError
from okplatform.kernel.idempotency import (
    KEPT,
    LEASE,
    Claim,
    Decision,
    KeyMalformed,
    KeyReused,
    StillRunning,
    claim,
)
from okplatform.kernel.models import IdempotencyKey
from tests.kernel.post import deeds, note
from tests.support.races import all_at_once
from tests.support.world import NOW

pytestmark = pytest.mark.django_db

BODY, OTHER_BODY = b"b" * 32, b"o" * 32
DECISION = Decision(200, {"sale": "s-1"})


def ask(
    *, owner: str = "1:live", key: str = "k", body: bytes = BODY, late: timedelta = timedelta()
) -> Claim | Decision:
    return claim(owner=owner, key=key, body_hash=body, now=NOW + late)


def mine(**asked: object) -> Claim:
    claimed = ask(**asked)  # type: ignore[arg-type]
    assert isinstance(claimed, Claim)
    return claimed


def decide(claimed: Claim, decision: Decision = DECISION) -> None:
    with db.transaction():
        claimed.settle(decision)


def test_the_same_request_again_hears_the_decision() -> None:
    decide(mine())
    assert ask() == DECISION
    assert ask(late=KEPT) == DECISION


def test_the_same_key_with_another_body_is_refused() -> None:
    claimed = mine()
    with pytest.raises(KeyReused) as running:
        ask(body=OTHER_BODY)
    decide(claimed)
    with pytest.raises(KeyReused):
        ask(body=OTHER_BODY)
    assert running.value.status == 422
    assert ask() == DECISION


def test_a_request_still_running_says_when_to_ask_again() -> None:
    mine()
    with pytest.raises(StillRunning) as running:
        ask(late=timedelta(seconds=10))
    assert running.value.status == 409
    assert running.value.facts == {"retry_after": 20}
    with pytest.raises(StillRunning) as nearly:
        ask(late=LEASE)
    assert nearly.value.facts == {"retry_after": 1}


def test_a_key_is_its_owners_own() -> None:
    decide(mine(owner="1:live"))
    assert mine(owner="1:test").owner == "1:test"
    assert mine(owner="2:live", body=OTHER_BODY).owner == "2:live"


def test_the_key_of_a_process_that_died_is_free_after_its_lease() -> None:
    mine()
    late = LEASE + timedelta(seconds=1)
    with pytest.raises(KeyReused):
        ask(body=OTHER_BODY, late=late)
    decide(mine(late=late))
    assert ask(late=late) == DECISION


def test_who_lost_the_lease_can_no_longer_decide() -> None:
    slow = mine()
    quick = mine(late=LEASE + timedelta(seconds=1))
    decide(quick)

    def pay_again() -> None:
        with db.transaction():
            note("paid a second time")
            slow.settle(Decision(200, {"sale": "another"}))

    with pytest.raises(StillRunning):
        pay_again()
    assert deeds() == []
    assert ask() == DECISION


def test_who_lost_the_lease_does_not_free_the_key_of_who_has_it() -> None:
    slow = mine()
    quick = mine(late=LEASE + timedelta(seconds=1))
    slow.release()
    decide(quick)
    assert ask() == DECISION


def test_a_failure_that_decided_nothing_frees_the_key() -> None:
    mine().release()
    assert mine(body=OTHER_BODY).key == "k"


def test_what_was_decided_is_not_freed() -> None:
    claimed = mine()
    decide(claimed)
    claimed.release()
    assert ask() == DECISION


def test_a_decision_falls_with_its_action() -> None:
    claimed = mine()

    def act() -> None:
        with db.transaction():
            claimed.settle(DECISION)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act()
    with pytest.raises(StillRunning):
        ask()


def test_a_decision_outside_its_action_and_a_claim_inside_one_are_refused() -> None:
    claimed = mine()
    with pytest.raises(TransactionError):
        claimed.settle(DECISION)
    with pytest.raises(TransactionError), db.transaction():
        ask(key="other")


@pytest.mark.parametrize("key", ["", "k" * 256])
def test_a_key_without_sense_is_refused(key: str) -> None:
    with pytest.raises(KeyMalformed):
        ask(key=key)
    assert not IdempotencyKey.objects.exists()


def test_keys_are_forgotten_after_thirty_days_and_not_before() -> None:
    decide(mine())
    idempotency.forget(now=NOW + KEPT)
    assert ask() == DECISION
    idempotency.forget(now=NOW + KEPT + timedelta(seconds=1))
    assert mine(body=OTHER_BODY).key == "k"


def test_the_daily_task_forgets_the_old_and_keeps_the_new() -> None:
    now = clock.now()
    claim(owner="1:live", key="old", body_hash=BODY, now=now - KEPT - timedelta(days=1))
    claim(owner="1:live", key="new", body_hash=BODY, now=now)
    tasks.forget_idempotency_keys()
    assert IdempotencyKey.objects.get().key == "new"


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_of_64_at_once_exactly_one_may_decide() -> None:
    def hurry(_number: int) -> str:
        try:
            return type(ask()).__name__
        except StillRunning as refusal:
            return refusal.code

    assert all_at_once(hurry) == {"Claim": 1, "idempotency_still_running": 63}


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_of_64_that_find_a_lease_run_out_exactly_one_takes_it() -> None:
    mine()

    def hurry(_number: int) -> str:
        try:
            return type(ask(late=2 * LEASE)).__name__
        except StillRunning as refusal:
            return refusal.code

    assert all_at_once(hurry) == {"Claim": 1, "idempotency_still_running": 63}
