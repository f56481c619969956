"""Payment links: paid once by whoever is first, or by many, until they are closed."""

from demo.simulate import counter, webshop
from demo.simulate.activities.online_trouble import tap_at_once
from demo.simulate.breaches import Breach
from demo.simulate.cast import Shopper
from demo.simulate.orders import CANCELLED, CAPTURED, Link, Order
from demo.simulate.town import Town
from demo.simulate.webshop import ENDED, PAID, expect_link, expect_state, expect_tap
from okplatform.kernel import relay
from okplatform.kernel.errors import Refusal

MOST_PAYERS = 3


def pay_once(town: Town) -> None:
    """Let two begin by a link for once: the first who pays is the last."""
    link = webshop.make_link(town, only_once=True, is_open=town.chance.one_in(3))
    (one, her, _), (other, him, his) = _begun(town, link), _begun(town, link)
    webshop.pay(town, one, her)
    expect_link(link, "paid")
    _expect_refusal(town, link, PAID)
    # The other's payment ends with the event, or when it is tapped.
    is_told = town.chance.one_in(2)
    if is_told:
        relay.drain(now=town.now)
    told = webshop.tap(town, other, him, due=his)
    expect_tap(other, told, ENDED if is_told else PAID)
    relay.drain(now=town.now)
    expect_state(town, one, CAPTURED)
    expect_state(town, other, CANCELLED)
    town.faults.meet("link_paid_already")


def pay_once_at_once(town: Town) -> None:
    """Let two pay by a link for once at the same moment: one of them does."""
    link = webshop.make_link(town, only_once=True)
    one, other = _begun(town, link), _begun(town, link)
    tap_at_once(town, one, other)
    expect_link(link, "paid")
    relay.drain(now=town.now)
    for order, _shopper, _due in (one, other):
        expect_state(town, order, CAPTURED, CANCELLED)


def pay_often(town: Town) -> None:
    """Let some pay by a link for many, and one who began before it was closed."""
    link = webshop.make_link(town, only_once=False, is_open=town.chance.one_in(2))
    for _ in range(town.chance.between(1, MOST_PAYERS)):
        order, shopper, _due = _begun(town, link)
        webshop.pay(town, order, shopper)
        expect_state(town, order, CAPTURED)
    expect_link(link, "open")
    late, shopper, _due = _begun(town, link)
    webshop.close_link(link)
    _expect_refusal(town, link, "link_closed")
    webshop.pay(town, late, shopper)
    expect_link(link, "closed")
    town.faults.meet("link_closed")


def _begun(town: Town, link: Link) -> tuple[Order, Shopper, int]:
    shopper = counter.payer(town)
    order = webshop.begin(town, link)
    return order, shopper, webshop.shown(town, order, shopper)


def _expect_refusal(town: Town, link: Link, code: str) -> None:
    told = ""
    try:
        webshop.press(town, link)
    except Refusal as refusal:
        told = refusal.code
    if told != code:
        message = f"Who pressed the button of {link.name} was told {told!r}, not {code!r}."
        raise Breach(message)
