"""Payments on a page of OK's as they should go: taken at once, later, in parts, or not at all."""

from datetime import timedelta

from demo.simulate import counter, webshop
from demo.simulate.activities import works
from demo.simulate.orders import (
    AUTHORISED,
    AUTOMATIC,
    CANCELLED,
    CAPTURED,
    DECLINED,
    EXPIRED,
    HELD,
    MANUAL,
    PARTLY,
    Order,
)
from demo.simulate.town import Town
from demo.simulate.webshop import ENDED, PAID, expect, expect_state, expect_tap

MOST_PARTS = 3
TOO_LATE = timedelta(minutes=2)


def pay_on_page(town: Town) -> None:
    """Ask for a payment, let a shopper confirm it, and ask what became of it."""
    order = asked(town)
    webshop.pay(town, order)
    expect_state(town, order, CAPTURED)


def pay_and_go(town: Town) -> None:
    """Pay, and lose the way back: the shop hears of it when it asks."""
    webshop.pay(town, asked(town))
    town.faults.meet("shop_never_heard")


def authorise(town: Town) -> None:
    """Promise an amount, for a shop that captures it when it sends the goods."""
    expect_state(town, promised(town), AUTHORISED)


def forget_to_capture(town: Town) -> None:
    """Promise an amount of which the shop sends a part, or nothing, and forgets the rest."""
    order = promised(town)
    if town.chance.one_in(2):
        webshop.capture(town, order, some_of(town, order))
    order.is_forgotten = True


def send_goods(town: Town) -> None:
    """Capture what one delivery is worth, of an order that may be some days old."""
    order = held(town)
    webshop.capture(town, order, town.chance.pick([None, some_of(town, order)]))


def send_in_parts(town: Town) -> None:
    """Capture part after part; the last one closes the sale."""
    order = promised(town)
    for _ in range(town.chance.between(1, MOST_PARTS - 1)):
        webshop.capture(town, order, some_of(town, order))
        expect_state(town, order, PARTLY)
    webshop.capture(town, order)
    expect_state(town, order, CAPTURED)


def release_the_rest(town: Town) -> None:
    """Give up what was not sent, and try to capture it after all: it never comes back."""
    order = held(town)
    if order.stands.state == AUTHORISED:
        webshop.capture(town, order, some_of(town, order))
    left = order.left
    webshop.cancel(town, order)
    capture_what_is_gone(town, order, left, PAID)


def cancel_what_was_promised(town: Town) -> None:
    """Give all of it up, and try to capture it after all."""
    order = promised(town)
    left = order.left
    webshop.cancel(town, order)
    if town.chance.one_in(2):
        webshop.cancel(town, order)
    expect_state(town, order, CANCELLED)
    capture_what_is_gone(town, order, left, ENDED)


def capture_what_is_gone(town: Town, order: Order, amount: int, code: str) -> None:
    """Ask for what was released: nothing is taken."""
    webshop.next_part(order)
    expect(webshop.send_capture(order, amount), code)
    webshop.look(town, order)
    town.faults.meet("captured_when_released")


def decline(town: Town) -> None:
    """Say no on the page, and then yes after all."""
    order, shopper = asked(town), counter.payer(town)
    due = webshop.shown(town, order, shopper)
    webshop.decline(town, order, shopper)
    expect_tap(order, webshop.tap(town, order, shopper, due=due), ENDED)
    expect_state(town, order, DECLINED)
    town.faults.meet("page_declined")


def cancel_when_shown(town: Town) -> None:
    """Let the shop give up while the page is open; the shopper pays too late."""
    order, shopper = asked(town), counter.payer(town)
    due = webshop.shown(town, order, shopper)
    webshop.cancel(town, order)
    expect_tap(order, webshop.tap(town, order, shopper, due=due), ENDED)
    expect_state(town, order, CANCELLED)
    town.faults.meet("page_cancelled")


def pay_too_late(town: Town) -> None:
    """Leave the page open until its time is over, before or after a worker has noticed."""
    order = webshop.ask(town, webshop.order(town, expires_in=webshop.SHORTEST))
    shopper = counter.payer(town)
    due = webshop.shown(town, order, shopper)
    town.now += TOO_LATE
    if town.chance.one_in(2):
        works.expire_online(town)
    expect_tap(order, webshop.tap(town, order, shopper, due=due), ENDED)
    expect_state(town, order, EXPIRED)
    town.faults.meet("page_too_late")


def ask_again(town: Town) -> None:
    """Let every webshop ask that does not know the end of an order."""
    for order in list(town.orders.unfinished()):
        if order.id is None:
            webshop.ask(town, order)
        was_held = order.stands.state in HELD and not order.is_in_doubt
        webshop.look(town, order)
        if was_held and order.stands.released:
            town.faults.meet("never_captured")


def asked(town: Town) -> Order:
    """Return a new order that can be paid on its page."""
    return webshop.ask(town, webshop.order(town, capture=AUTOMATIC))


def promised(town: Town) -> Order:
    """Return a new order whose shopper has confirmed it, and of which nothing was captured."""
    order = webshop.ask(town, webshop.order(town, capture=MANUAL))
    webshop.pay(town, order)
    webshop.look(town, order)
    return order


def held(town: Town) -> Order:
    """Return an order of which something may be captured, an old one if there is any."""
    found = town.orders.held(town.now)
    return town.chance.pick(found) if found else promised(town)


def some_of(town: Town, order: Order) -> int:
    """Return a good part of what is left of an order, in cents; some stays."""
    return town.chance.between(order.left // 3, order.left * 2 // 3) or 1
