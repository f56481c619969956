"""What goes wrong when webshops capture: too much, too late, twice, or as they give the rest up."""

from functools import partial

from demo.simulate import webshop
from demo.simulate.activities.paying_online import TOO_LATE, held, promised, some_of
from demo.simulate.breaches import Breach
from demo.simulate.breaking import dies
from demo.simulate.front_door import Answer
from demo.simulate.orders import AUTHORISED, HELD, MANUAL, Order
from demo.simulate.town import Town
from demo.simulate.webshop import A_WEEK, BUSY, ENDED, PAID, expect, expect_state

FEW_STATEMENTS = 12
"""Where a capture may die or give way; what is done sooner does not."""
STILL_RUNNING = "idempotency_still_running"


def capture_too_much(town: Town) -> None:
    """Capture before anybody confirmed, and then a cent more than was: nothing is taken."""
    order = webshop.ask(town, webshop.order(town, capture=MANUAL))
    expect(webshop.send_capture(order, None), "payment_not_authorised")
    town.faults.meet("captured_too_soon")
    webshop.pay(town, order)
    if town.chance.one_in(2):
        webshop.capture(town, order, some_of(town, order))
    webshop.next_part(order)
    expect(webshop.send_capture(order, order.left + 1), "capture_too_much")
    expect_state(town, order, *HELD)
    town.faults.meet("captured_too_much")


def capture_too_late(town: Town) -> None:
    """Capture when the week is over, before a worker has noticed: nothing is taken."""
    order = promised(town)
    webshop.next_part(order)
    with town.clock_off_by(A_WEEK):
        expect(webshop.send_capture(order, None), ENDED)
    expect_state(town, order, AUTHORISED)
    town.faults.meet("captured_too_late")


def repeat_capture(town: Town) -> None:
    """Capture a part, lose the answer, and ask again under its key: one part."""
    order = held(town)
    part = some_of(town, order)
    webshop.next_part(order)
    town.orders.sent(order)
    expect(webshop.send_capture(order, part), "")
    _capture_again(town, order, part)
    town.faults.meet("capture_repeated")


def capture_at_once(town: Town) -> None:
    """Capture more than half, twice at the same moment: one part is taken."""
    order = held(town)
    part = order.left // 2 + 1
    webshop.next_part(order)
    town.orders.sent(order)
    keys = [f"{order.name}-{order.parts}-{which}" for which in ("one", "other")]
    one, other = (partial(webshop.send_capture, order, part, key=key) for key in keys)
    met = town.meeting.of(one, other, at=town.chance.between(1, FEW_STATEMENTS))
    refused = PAID if order.left == part else "capture_too_much"
    if sorted([met.first.code, met.second.code]) != ["", refused]:
        message = f"{order.name} captured twice at once: {met.first} and {met.second}."
        raise Breach(message)
    taken = met.second if met.first.code else met.first
    town.orders.took(order, part, webshop.standing(taken))
    webshop.look(town, order)
    if met.at_once:
        town.faults.meet("captures_at_once")


def capture_and_cancel_at_once(town: Town) -> None:
    """Capture a part while the rest is released, at the same moment: what is told is so."""
    order = held(town)
    part = town.chance.pick([order.left, some_of(town, order)])
    webshop.next_part(order)
    town.orders.sent(order)
    calls = [partial(webshop.send_capture, order, part), partial(webshop.send_cancel, order)]
    is_capture_first = town.chance.one_in(2)
    first, second = calls if is_capture_first else reversed(calls)
    met = town.meeting.of(first, second, at=town.chance.between(1, FEW_STATEMENTS))
    captured, cancelled = met.first, met.second
    if not is_capture_first:
        captured, cancelled = cancelled, captured
    _check_ends(order, captured, cancelled)
    _hear_part(town, order, part if not captured.code else 0)
    if met.at_once:
        town.faults.meet("captured_and_cancelled_at_once")


def capture_when_time_ends(town: Town) -> None:
    """Capture a part at the moment that a worker, whose clock is ahead, ends the week."""
    order = held(town)
    part = some_of(town, order)
    webshop.next_part(order)
    town.orders.sent(order)
    met = town.meeting.of(
        partial(webshop.send_capture, order, part),
        partial(webshop.let_expire, order, now=town.now + A_WEEK),
        at=town.chance.between(1, FEW_STATEMENTS),
    )
    if met.first.code not in {"", PAID, ENDED}:
        message = f"{order.name} captured when its time ended: {met.first}."
        raise Breach(message)
    _hear_part(town, order, part if not met.first.code else 0)
    if met.at_once:
        town.faults.meet("captured_and_expired_at_once")


def die_in_a_capture(town: Town) -> None:
    """Let the server die in the middle of a capture; the shop asks again, and it is one part."""
    order = held(town)
    part = some_of(town, order)
    webshop.next_part(order)
    town.orders.sent(order)
    if dies(
        partial(webshop.send_capture, order, part),
        at=town.chance.between(1, FEW_STATEMENTS),
        has_sent=town.chance.one_in(2),
    ):
        town.faults.meet("died_in_a_capture")
    _capture_again(town, order, part)


def _check_ends(order: Order, captured: Answer, cancelled: Answer) -> None:
    ends = (captured.code, cancelled.code)
    was_whole = ends == ("", "payment_captured")
    # Who comes in between asks again.
    if not was_whole and ends not in {("", ""), ("", BUSY), (ENDED, ""), (PAID, "")}:
        message = f"{order.name} captured and cancelled at once: {captured} and {cancelled}."
        raise Breach(message)


def _capture_again(town: Town, order: Order, part: int) -> None:
    answer = webshop.send_capture(order, part)
    if answer.code == STILL_RUNNING:
        # Whoever died holds the key for half a minute.
        town.now += TOO_LATE
        answer = webshop.send_capture(order, part)
    expect(answer, "")
    _hear_part(town, order, part)


def _hear_part(town: Town, order: Order, part: int) -> None:
    """Ask how an order stands after a part; raises ``Breach`` unless just that came to it."""
    answer = webshop.send(order)
    town.orders.took(order, part, webshop.standing(answer))
    webshop.look(town, order)
