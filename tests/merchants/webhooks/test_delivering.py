"""A real receiver, and what it may do: be slow, be broken, come back, be gone."""

import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from merchants.models import DeliveryState, DisabledBy
from merchants.webhooks.actions import deliver_next as sending
from merchants.webhooks.actions.deliver_next import deliver_next
from merchants.webhooks.actions.enable_endpoint import enable_endpoint
from merchants.webhooks.actions.give_up import give_up
from merchants.webhooks.actions.replay import replay
from merchants.webhooks.actions.rotate_secret import rotate_secret
from merchants.webhooks.actions.send_test import send_test
from merchants.webhooks.invariants import webhooks_delivered_are_not_sent_again
from merchants.webhooks.schedule import GIVEN_UP_AFTER, PROBE_EVERY
from merchants.webhooks.tasks import send_due, serve, stop_trying
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import TransactionError, transaction
from okplatform.kernel.gateways.post import SECONDS, Answer, NotAnsweredError, post
from okplatform.kernel.models import AuditEntry
from tests.merchants.webhooks.conftest import Line
from tests.support.counter import Counter, settle_events
from tests.support.proofs import prove
from tests.support.receiver import Receiver

pytestmark = pytest.mark.django_db

DELIVERED, WAITING, GIVEN_UP = (
    DeliveryState.DELIVERED,
    DeliveryState.WAITING,
    DeliveryState.GIVEN_UP,
)
LONG = timedelta(hours=5)
"""Longer than any wait."""


def acting(line: Line) -> dict[str, Any]:
    return {
        "merchant_id": line.merchant.pk,
        "uuid": line.uuid,
        "now": line.now,
        "actor": SYSTEM,
    }


def sales_of(receiver: Receiver, line: Line) -> list[str]:
    return [one.verified(line.secret)["data"]["sale"] for one in receiver.received]


def test_what_happened_arrives_in_order_and_once(three: Line, receiver: Receiver) -> None:
    assert three.serve() == [DELIVERED] * 3
    assert [one.message for one in receiver.received] == [str(one) for one in three.deliveries]
    assert len(set(sales_of(receiver, three))) == 3
    assert three.serve() == []
    assert len(receiver.received) == 3
    prove()


def test_only_the_right_secret_verifies(three: Line, receiver: Receiver) -> None:
    three.serve()
    (received, *_) = receiver.received
    with pytest.raises(WebhookVerificationError):
        received.verified("whsec_" + "A" * 44)
    with pytest.raises(WebhookVerificationError):
        Webhook(three.secret).verify(received.body + b" ", received.headers)


@pytest.mark.parametrize("status", [200, 201, 204, 299])
def test_any_answer_of_two_hundred_is_a_yes(three: Line, receiver: Receiver, status: int) -> None:
    receiver.answer(status)
    three.serve()
    assert (three.deliveries[0].state, three.deliveries[0].status) == (DELIVERED, status)


@pytest.mark.parametrize("status", [300, 304, 400, 401, 404, 429, 500, 503])
def test_any_other_answer_is_tried_again_and_nothing_overtakes(
    three: Line, receiver: Receiver, status: int
) -> None:
    receiver.answer(status)
    assert three.serve() == [WAITING]
    assert len(receiver.received) == 1
    assert three.deliveries[0].status == status
    assert three.serve() == []
    assert three.serve(after=timedelta(seconds=6)) == [DELIVERED] * 3
    first, again, *others = [one.message for one in receiver.received]
    assert first == again
    assert len(set(others)) == 2
    assert [one.attempts for one in three.deliveries] == [2, 1, 1]
    prove()


def test_a_redirection_is_never_followed(three: Line, receiver: Receiver) -> None:
    receiver.answer("http://169.254.169.254/latest/meta-data/", f"{receiver.url}/elsewhere")
    assert three.serve() == [WAITING]
    assert three.serve(after=timedelta(seconds=6)) == [WAITING]
    assert [one.path for one in receiver.received] == ["/hooks", "/hooks"]
    assert three.deliveries[0].status == 302


def sent(receiver: Receiver, *, seconds: float = SECONDS) -> int:
    """Post nothing much, and return the status."""
    answer: Answer = post(
        receiver.url, headers={}, body=b"{}", agent="OK-Test/1", loopback=True, seconds=seconds
    )
    return answer.status


def test_the_body_of_a_redirection_is_not_read(three: Line, receiver: Receiver) -> None:
    sent = []

    def flood(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", "/elsewhere")
        handler.end_headers()
        for _piece in range(4_000):
            handler.wfile.write(b"x" * 65_536)
            sent.append(65_536)

    receiver.answer(flood)
    assert three.serve() == [WAITING]
    receiver.over.wait(0.2)
    assert sum(sent) < 16 * 2**20


def test_a_server_that_does_not_answer_costs_the_deadline_and_no_more(receiver: Receiver) -> None:
    receiver.answer(lambda _handler: receiver.over.wait(30))
    began = time.monotonic()
    with pytest.raises(NotAnsweredError, match="timeout"):
        sent(receiver, seconds=0.3)
    assert time.monotonic() - began < 2


def test_a_server_that_dribbles_its_headers_costs_the_deadline_and_no_more(
    receiver: Receiver,
) -> None:
    def dribble(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not receiver.over.wait(0.05):
            handler.wfile.write(b"x")

    receiver.answer(dribble)
    began = time.monotonic()
    with pytest.raises(NotAnsweredError, match="timeout"):
        sent(receiver, seconds=0.4)
    assert time.monotonic() - began < 2


def test_a_yes_with_an_endless_body_is_a_yes(receiver: Receiver) -> None:
    def chatter(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while not receiver.over.wait(0.001):
            handler.wfile.write(b"x" * 1024)

    receiver.answer(chatter)
    assert sent(receiver, seconds=5) == 200


def test_nothing_is_sent_inside_a_transaction(receiver: Receiver) -> None:
    with transaction(), pytest.raises(TransactionError):
        sent(receiver)
    assert receiver.received == []


def test_after_five_failures_the_breaker_opens_and_a_probe_closes_it(
    three: Line, receiver: Receiver, counter: Counter
) -> None:
    receiver.answer(*[500] * 6)
    for failures in range(1, 5):
        assert three.serve(after=LONG) == [WAITING]
        assert (three.row.failures, three.row.opened_at) == (failures, None)
    three.serve(after=LONG)
    assert three.row.is_open
    opened = three.row.opened_at
    # Whatever else happens, the server is left alone until the next probe.
    counter.sell()
    settle_events()
    assert three.serve(after=PROBE_EVERY * 0.85) == []
    assert three.serve(after=PROBE_EVERY * 0.3) == [WAITING]
    assert three.row.opened_at == opened
    assert len(receiver.received) == 6
    assert three.serve(after=LONG) == [DELIVERED] * 4
    assert (three.row.failures, three.row.opened_at) == (0, None)
    assert len({one.message for one in receiver.received}) == 4
    prove()


def test_a_test_goes_before_what_waits_and_closes_the_breaker(
    three: Line, receiver: Receiver
) -> None:
    receiver.answer(*[500] * 5)
    for _failure in range(5):
        three.serve(after=LONG)
    send_test(**acting(three))
    send_test(**acting(three))
    assert three.serve() == [DELIVERED] * 4
    assert receiver.types[5:] == ["webhook.test"] + ["sale.closed"] * 3
    prove()


def test_a_test_that_fails_is_not_tried_again_and_moves_nothing(
    three: Line, receiver: Receiver
) -> None:
    receiver.answer(500, 500)
    three.serve()
    before = three.row.next_try_at
    send_test(**acting(three))
    assert three.serve() == [GIVEN_UP]
    assert three.row.next_try_at == before
    assert three.row.failures == 1
    assert three.row.claim is None
    assert receiver.types == ["sale.closed", "webhook.test"]


def test_after_three_days_it_is_given_up_kept_and_can_be_sent_again(
    three: Line, receiver: Receiver, counter: Counter
) -> None:
    receiver.answer(*[503] * 60)
    for _try in range(40):
        three.serve(after=timedelta(hours=2))
    three.now += GIVEN_UP_AFTER
    give_up(now=three.now)
    assert three.states == [GIVEN_UP] * 3
    assert three.deliveries[0].status == 503
    tried = len(receiver.received)
    # Four failures in the first hours, then a probe when four hours are over.
    assert 15 <= tried <= 24
    receiver.answers.clear()
    assert three.serve(after=LONG) == []
    counter.sell()
    settle_events()
    assert replay(**acting(three), delivery_id=three.deliveries[1].pk) == 1
    second, newest = [one for one in three.deliveries if one.state == WAITING][::-1]
    assert three.serve(after=LONG) == [DELIVERED] * 2
    assert [one.message for one in receiver.received[tried:]] == [str(newest), str(second)]
    assert webhooks_delivered_are_not_sent_again().breaches == []


def test_everything_since_a_moment_goes_again_in_order_behind_what_waits(
    three: Line, receiver: Receiver, counter: Counter
) -> None:
    three.serve()
    had = [one.message for one in receiver.received]
    counter.sell()
    settle_events()
    early = three.deliveries[0].created_at
    assert replay(**acting(three), since=early) == 3
    # What waits already is not sent twice.
    assert replay(**acting(three), since=early) == 0
    three.serve(after=timedelta(seconds=1))
    new, *again = [one.message for one in receiver.received[3:]]
    assert again == had
    assert new not in had
    assert [one.replays for one in three.deliveries] == [0, 1, 1, 1]
    assert replay(**acting(three), since=three.now + LONG) == 0


def test_gone_disables_the_endpoint_and_keeps_what_waits(three: Line, receiver: Receiver) -> None:
    receiver.answer(410)
    assert three.serve() == [WAITING]
    assert three.row.disabled_by == DisabledBy.GONE
    assert three.serve(after=LONG) == []
    assert three.states == [WAITING] * 3
    assert AuditEntry.objects.filter(action="webhook_endpoint_gone").count() == 1
    enable_endpoint(**acting(three))
    assert three.serve() == [DELIVERED] * 3
    prove()


def test_while_secrets_change_both_sign_for_a_day(three: Line, receiver: Receiver) -> None:
    new = rotate_secret(**acting(three))
    deliver_next(endpoint_id=three.row.pk, now=three.now, actor=SYSTEM)
    (received,) = receiver.received
    assert received.verified(three.secret) == received.verified(new)
    assert received.headers["webhook-signature"].count("v1,") == 2

    later = three.now + timedelta(hours=25)
    deliver_next(endpoint_id=three.row.pk, now=later, actor=SYSTEM)
    assert receiver.received[1].headers["webhook-signature"].count("v1,") == 1
    assert bytes(three.row.secret) != new.encode()
    assert new.encode() not in bytes(three.row.secret)


def test_who_rotates_twice_has_done_with_the_first_secret(three: Line, receiver: Receiver) -> None:
    rotate_secret(**acting(three))
    newest = rotate_secret(**acting(three))
    three.serve()
    assert receiver.received[0].verified(newest)
    with pytest.raises(WebhookVerificationError):
        receiver.received[0].verified(three.secret)


def test_a_sender_that_dies_before_it_noted_sends_again_under_the_same_id(
    three: Line, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    class PowerCutError(BaseException):
        pass

    def cut(*_args: object, **_kwargs: object) -> None:
        raise PowerCutError

    with monkeypatch.context() as patch:
        patch.setattr(sending, "_keep_delivered", cut)
        with pytest.raises(PowerCutError):
            deliver_next(endpoint_id=three.row.pk, now=three.now, actor=SYSTEM)
    # Nobody knows whether it still lives: for two minutes nobody else sends.
    assert three.serve(after=timedelta(seconds=100)) == []
    assert three.serve(after=timedelta(seconds=30)) == [DELIVERED] * 3
    first, again, *others = [one.message for one in receiver.received]
    assert first == again
    assert len(set(others)) == 2
    assert three.deliveries[0].attempts == 2
    prove()


def test_a_sender_that_comes_back_late_spoils_nothing(three: Line, receiver: Receiver) -> None:
    taken = sending._take(three.row.pk, now=three.now)
    assert taken is not None
    later = three.now + timedelta(minutes=3)
    assert deliver_next(endpoint_id=three.row.pk, now=later, actor=SYSTEM) == DELIVERED
    with transaction():
        assert sending._keep_failed(taken, 500, "", now=three.now) == WAITING
    assert three.states == [DELIVERED, WAITING, WAITING]
    assert three.row.failures == 0
    with transaction():
        sending._keep_delivered(taken, 200, now=three.now)
    assert three.states == [DELIVERED, WAITING, WAITING]
    prove()


def test_the_tasks_serve_whoever_is_due(
    three: Line, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[int]] = []
    monkeypatch.setattr(serve, "apply_async", lambda args, **_options: asked.append(args))
    send_due()
    assert asked == [(three.row.pk,)]
    serve(*asked[0])
    assert len(receiver.received) == 3
    asked.clear()
    send_due()
    stop_trying()
    assert asked == []
    assert three.states == [DELIVERED] * 3
