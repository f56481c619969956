"""What goes wrong on payment pages: answers lost, two at once, too late, and prices that change."""

from functools import partial

from demo.simulate import counter, webshop
from demo.simulate.activities.paying_online import TOO_LATE, asked
from demo.simulate.breaches import Breach
from demo.simulate.breaking import dies
from demo.simulate.cast import PIN, Shopper
from demo.simulate.orders import (
    CANCELLED,
    CAPTURED,
    EXPIRED,
    MANUAL,
    Order,
)
from demo.simulate.town import Town
from demo.simulate.webshop import A_WEEK, BUSY, ENDED, PAID, expect, expect_state, expect_tap
from loyalty.actions.pause_offer import pause_offer
from loyalty.actions.put_offer import OfferTerms, put_offer
from loyalty.engine import Texts
from loyalty.models import Target
from okplatform.kernel.audit import SYSTEM

MOST_STATEMENTS, FEW_STATEMENTS = 24, 12
"""Where a payment may die or give way; what is done sooner does not."""
WRONG_PIN = PIN[::-1]
SALE_NOW = Texts(nl="Vandaag een tiende eraf", en="A tenth off today")
A_TENTH = 1_000


def lose_answer(town: Town) -> None:
    """Let OK make a payment and the shop not hear; it asks under the same key, at once or later."""
    order = webshop.order(town)
    town.orders.sent(order)
    expect(webshop.call_for(order), "")
    if town.chance.one_in(2):
        webshop.ask(town, order)
        webshop.ask(town, order)
        expect(webshop.call_for(order, expires_in=webshop.SHORTEST), "idempotency_key_reused")
        town.faults.meet("payment_key_reused")
    town.faults.meet("payment_asked_twice")


def tap_twice(town: Town) -> None:
    """Tap twice: the second tap finds it paid."""
    order, shopper, due = _shown(town)
    webshop.pay(town, order, shopper)
    expect_tap(order, webshop.tap(town, order, shopper, due=due), PAID)
    expect_state(town, order, CAPTURED)
    town.faults.meet("page_tapped_twice")


def tap_two_at_once(town: Town) -> None:
    """Let two people confirm on one page at the same moment: one of them pays."""
    order, shopper, due = _shown(town)
    other = counter.payer(town)
    tap_at_once(town, (order, shopper, due), (order, other, webshop.shown(town, order, other)))
    expect_state(town, order, CAPTURED)


def _shown(town: Town) -> tuple[Order, Shopper, int]:
    """Return an order with its page open before a shopper, and what that says is due."""
    order, shopper = asked(town), counter.payer(town)
    return order, shopper, webshop.shown(town, order, shopper)


def tap_at_once(
    town: Town, first: tuple[Order, Shopper, int], second: tuple[Order, Shopper, int]
) -> None:
    """Let two pages be tapped at the same moment: one of them is paid."""
    (one, her, hers), (other, him, his) = first, second
    met = town.meeting.of(
        partial(webshop.tap, town, one, her, due=hers),
        partial(webshop.tap, town, other, him, due=his),
        at=town.chance.between(1, FEW_STATEMENTS),
    )
    told = {met.first, met.second}
    if "" not in told or not (told - {""}) <= {BUSY, PAID} or len(told) != 2:
        message = f"Two confirmed at once and were told {met.first!r} and {met.second!r}."
        raise Breach(message)
    order, payer, due = first if not met.first else second
    town.orders.confirmed(order, payer=payer, amount=due)
    if met.at_once:
        town.faults.meet("page_of_two" if one is other else "link_paid_at_once")


def pay_and_cancel_at_once(town: Town) -> None:
    """Pay while the shop gives up, at the same moment: one of the two."""
    order, shopper, due = _shown(town)
    town.orders.sent(order)
    met = town.meeting.of(
        partial(webshop.tap, town, order, shopper, due=due),
        partial(webshop.send_cancel, order),
        at=town.chance.between(1, FEW_STATEMENTS),
    )
    # Busy: it was paid between the shop's look and its move.
    ends = {
        ("", "payment_captured"): CAPTURED,
        ("", "payment_busy"): CAPTURED,
        (ENDED, ""): CANCELLED,
    }
    end = ends.get((met.first, met.second.code))
    if end is None:
        message = f"{order.name} paid and cancelled at once: {met.first!r} and {met.second}."
        raise Breach(message)
    if end == CAPTURED:
        town.orders.confirmed(order, payer=shopper, amount=due)
    expect_state(town, order, end)
    if met.at_once:
        town.faults.meet("page_paid_and_cancelled_at_once")


def type_a_wrong_pin(town: Town) -> None:
    """Confirm with another PIN: nothing is taken, and the page may be tried again."""
    order, shopper, due = _shown(town)
    expect_tap(order, webshop.tap(town, order, shopper, due=due, pin=WRONG_PIN), "pin_wrong")
    webshop.pay(town, order, shopper)
    town.faults.meet("page_wrong_pin")


def pay_what_changed(town: Town) -> None:
    """Confirm a price of a moment ago: it is told anew, before anything is taken."""
    order, shopper = asked(town), counter.payer(town)
    offer_id = _offer(town, order)
    due = webshop.shown(town, order, shopper)
    _pause(town, order, offer_id)
    expect_tap(order, webshop.tap(town, order, shopper, due=due), "price_changed")
    webshop.pay(town, order, shopper)
    town.faults.meet("page_price_changed")


def take_the_last_of_an_offer(town: Town) -> None:
    """Promise a price that is given once, and give up: then the next shopper has it."""
    order, shopper = webshop.ask(town, webshop.order(town, capture=MANUAL)), counter.payer(town)
    offer_id = _offer(town, order, uses=1)
    webshop.pay(town, order, shopper)
    other = webshop.ask(town, town.orders.open_order(order.till, order.body))
    full, cheap = webshop.shown(town, other, shopper), order.stands.amount or 0
    webshop.cancel(town, order)
    again = webshop.shown(town, other, shopper)
    _pause(town, order, offer_id)
    if not cheap == again < full:
        message = f"An offer for one made {cheap}, then {full}, and after a cancel {again}."
        raise Breach(message)
    town.faults.meet("offer_given_back")


def _offer(town: Town, order: Order, uses: int | None = None) -> int:
    terms = OfferTerms(name=SALE_NOW, percentage_bp=A_TENTH, target=Target.BASKET, uses=uses)
    return put_offer(merchant_id=order.till.merchant_id, terms=terms, actor=SYSTEM, now=town.now)


def _pause(town: Town, order: Order, offer_id: int) -> None:
    pause_offer(merchant_id=order.till.merchant_id, offer_id=offer_id, actor=SYSTEM, now=town.now)


def pay_when_time_ends(town: Town) -> None:
    """Confirm at the moment that a worker, whose clock is ahead, ends the page."""
    order, shopper, due = _shown(town)
    town.orders.sent(order)
    met = town.meeting.of(
        partial(webshop.tap, town, order, shopper, due=due),
        partial(webshop.let_expire, order, now=town.now + A_WEEK),
        at=town.chance.between(1, FEW_STATEMENTS),
    )
    if met.first not in {"", ENDED}:
        message = f"{order.name} was paid when its time ended: {met.first}."
        raise Breach(message)
    if not met.first:
        town.orders.confirmed(order, payer=shopper, amount=due)
    expect_state(town, order, EXPIRED if met.first else CAPTURED)
    if met.at_once:
        town.faults.meet("page_paid_and_expired_at_once")


def die_in_an_authorisation(town: Town) -> None:
    """Let the server die while somebody confirms: nothing was taken, and somebody tries again."""
    order, shopper, due = _shown(town)
    if not dies(
        lambda: expect_tap(order, webshop.tap(town, order, shopper, due=due), ""),
        at=town.chance.between(1, MOST_STATEMENTS),
        has_sent=town.chance.one_in(2),
    ):
        town.orders.confirmed(order, payer=shopper, amount=due)
        return
    town.faults.meet("died_in_an_authorisation")
    other = counter.payer(town)
    if webshop.look(town, order) == "authorising":
        due = webshop.shown(town, order, other)
        expect_tap(order, webshop.tap(town, order, other, due=due), BUSY)
        town.now += TOO_LATE
    if town.chance.one_in(2):
        webshop.pay(town, order, other)
    expect_state(town, order, "presented", "authorising", CAPTURED)
