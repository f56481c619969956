"""64 workers at once: each message goes out once, in order."""

import pytest

from merchants.webhooks.actions.deliver_next import deliver_next
from merchants.webhooks.actions.replay import replay
from okplatform.kernel import clock, relay
from okplatform.kernel.audit import SYSTEM
from tests.merchants.webhooks.conftest import Line
from tests.support.counter import Counter
from tests.support.proofs import prove
from tests.support.races import all_at_once
from tests.support.receiver import Receiver

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.concurrency]


@pytest.fixture
def sold(line: Line, counter: Counter) -> Line:
    """An endpoint that five sales wait for."""
    for _sale in range(5):
        counter.sell()
    relay.drain()
    return line


def test_of_64_workers_none_sends_what_another_sends(sold: Line, receiver: Receiver) -> None:
    endpoint = sold.row.pk

    def work(_number: int) -> str:
        return str(deliver_next(endpoint_id=endpoint, now=clock.now(), actor=SYSTEM))

    said = all_at_once(work)
    assert said["delivered"] == len(receiver.received) >= 1
    assert said["delivered"] + said["None"] == 64
    sold.serve()
    expected = [str(one) for one in sold.deliveries]
    assert [one.message for one in receiver.received] == expected
    assert [one.attempts for one in sold.deliveries] == [1] * 5
    prove()


def test_of_64_replays_one_counts(sold: Line, receiver: Receiver) -> None:
    sold.serve()
    since = sold.deliveries[0].created_at

    def again(_number: int) -> str:
        replayed = replay(
            merchant_id=sold.merchant.pk,
            uuid=sold.uuid,
            since=since,
            now=clock.now(),
            actor=SYSTEM,
        )
        return str(replayed)

    assert all_at_once(again) == {"5": 1, "0": 63}
    sold.serve()
    assert len(receiver.received) == 10
    prove()


def test_events_handled_by_many_relays_are_planned_once(
    line: Line, counter: Counter, receiver: Receiver
) -> None:
    for _sale in range(8):
        counter.sell()
    all_at_once(lambda _number: str(relay.drain() >= 0))
    assert len(line.deliveries) == 8
    line.serve()
    assert len({one.message for one in receiver.received}) == len(receiver.received) == 8
    prove()
