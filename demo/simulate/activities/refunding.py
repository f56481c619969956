"""What comes back: in any store and in the console, in part and whole, and what goes wrong then."""

from functools import partial

from demo.simulate import counter, desk
from demo.simulate.breaches import Breach
from demo.simulate.breaking import dies
from demo.simulate.desk import expect_back
from demo.simulate.memory import Back, Ticket
from demo.simulate.town import Town
from okplatform.kernel import db, relay
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import operator_scope
from payments.chart import MEMBER_POINTS, PROGRAMME_POINTS, points_of
from payments.ledger import AccountRef, post

MOST_STATEMENTS, FEW_STATEMENTS = 12, 6
"""Where a refund may die or give way; what is done sooner does not."""
MOST_PARTS = 3

POINTS_OF_SALE = """
SELECT member.id, member.programme_id, loyalty_points(member.id, member.programme_id, member.mode)
FROM loyalty_earning earning JOIN trade_sale sale ON sale.id = earning.sale_id
JOIN loyalty_member member ON member.id = earning.member_id WHERE sale.uuid = %s
"""


def _late_sale(town: Town) -> Ticket:
    """Return one of the last sales; sells something if nothing is left of any."""
    return desk.late_sale(town) or _sold(town)


def _sold(town: Town) -> Ticket:
    ticket = counter.ring_up(town, tenders=("ok",))
    counter.sell(town, ticket)
    return ticket


def _give_back(town: Town, ticket: Ticket, body: desk.Body) -> bool:
    back = desk.open_back(town, ticket, body)
    desk.ask(town, ticket, back)
    return expect_back(town, ticket, back)


def give_back_a_line(town: Town) -> None:
    """Give goods back where they were bought."""
    ticket = _late_sale(town)
    _give_back(town, ticket, desk.by_line(town, ticket))


def give_back_an_amount(town: Town) -> None:
    """Give a part of the price back; the goods stay."""
    ticket = _late_sale(town)
    _give_back(town, ticket, desk.by_amount(town, ticket))


def give_back_in_the_console(town: Town) -> None:
    """Let somebody in the office give back, after the page has sent it twice."""
    ticket = _late_sale(town)
    back = desk.open_back(town, ticket, desk.by_line(town, ticket))
    desk.ask_in_console(town, ticket, back)
    if expect_back(town, ticket, back):
        desk.ask_in_console(town, ticket, back)


def give_back_elsewhere(town: Town) -> None:
    """Give back in the store what the webshop sold, or the other way round."""
    ticket = _late_sale(town)
    till = desk.other_till(town, ticket.till)
    back = desk.open_back(town, ticket, desk.by_line(town, ticket), till=till)
    desk.ask(town, ticket, back)
    if expect_back(town, ticket, back):
        town.faults.meet("refund_elsewhere")


def give_back_what_was_collected(town: Town) -> None:
    """Give back what the shopper's bank has paid: it goes out as a transfer, days later."""
    ticket = desk.collected_sale(town)
    if ticket is None:
        return
    body = desk.by_line(town, ticket) if town.chance.one_in(2) else desk.by_amount(town, ticket)
    if _give_back(town, ticket, body):
        town.faults.meet("refund_when_collected")


def give_back_in_parts(town: Town) -> None:
    """Give back part after part, then all that is left, and then one cent more."""
    ticket = _late_sale(town)
    for _ in range(town.chance.between(1, MOST_PARTS)):
        if ticket.left and not _give_back(town, ticket, desk.by_amount(town, ticket)):
            return
    if ticket.left and not _give_back(town, ticket, {"amount": ticket.left}):
        return
    more = desk.open_back(town, ticket, {"amount": 1})
    _expect_refusal(more, desk.ask(town, ticket, more).code, "refund_above_sale")
    town.faults.meet("refund_above_sale")


def repeat(town: Town) -> None:
    """Ask for the same refund twice: it is given once."""
    ticket = _late_sale(town)
    back = desk.open_back(town, ticket, desk.by_amount(town, ticket))
    desk.ask(town, ticket, back)
    if expect_back(town, ticket, back):
        desk.ask(town, ticket, back)
        town.faults.meet("refund_repeated")


def lose_answer(town: Town) -> None:
    """Let OK give back and the till not hear; it asks again, under the same key, at once or later.

    Meanwhile nobody knows what is left of the sale.
    """
    ticket = _late_sale(town)
    back = desk.open_back(town, ticket, desk.by_line(town, ticket))
    desk.send(ticket, back)
    town.faults.meet("refund_answer_lost")
    if town.chance.one_in(2):
        desk.ask(town, ticket, back)
        expect_back(town, ticket, back)


def ask_again(town: Town) -> None:
    """Let everybody ask who has not heard what became of a refund."""
    for ticket, back in list(town.memory.in_doubt()):
        if desk.ask(town, ticket, back).code != desk.STILL_RUNNING:
            expect_back(town, ticket, back)


def change_what_was_given_back(town: Town) -> None:
    """Ask for another amount under the number of a refund: nothing more is given."""
    ticket = _late_sale(town)
    back = desk.open_back(town, ticket, desk.by_amount(town, ticket))
    desk.ask(town, ticket, back)
    if not expect_back(town, ticket, back):
        return
    other = Back(back.uuid, back.till, {**back.body, "amount": back.amount + 1})
    for key, code in ((back.uuid, "idempotency_key_reused"), ("another", "refund_uuid_used")):
        _expect_refusal(other, desk.send(ticket, other, key=f"back-{key}").code, code)
    town.faults.meet("refund_changed")


def give_back_of_nothing(town: Town) -> None:
    """Ask something back of a sale that was given up, or waits to be paid."""
    ticket = counter.ring_up(town)
    counter.put(town, ticket, counter.without_payment(ticket.body))
    if town.chance.one_in(2):
        counter.give_up(town, ticket)
    back = desk.open_back(town, ticket, {"amount": 1})
    _expect_refusal(back, desk.ask(town, ticket, back).code, "sale_not_paid")
    town.faults.meet("refund_of_nothing")


def spend_points_and_give_back(town: Town) -> None:
    """Let points be spent before what earned them comes back; the next points pay it.

    Until rewards can be had the spending is the simulation's own posting, undone afterwards.
    """
    ticket = _sold(town)
    for member_id, programme_id, points in db.call(POINTS_OF_SALE, [ticket.uuid]):
        if not points:
            continue
        _move_points(town, member_id, programme_id, -points)
        is_given = _give_back(town, ticket, {"amount": ticket.left})
        relay.drain(now=town.now)
        _move_points(town, member_id, programme_id, points)
        if is_given and any(back.owed for back in ticket.backs):
            town.faults.meet("refund_of_spent_points")


def _move_points(town: Town, member_id: int, programme_id: int, points: int) -> None:
    asset = points_of(programme_id)
    with db.transaction(), operator_scope("simulate"):
        post(
            kind="points_spent",
            reference=str(town.chance.uuid()),
            mode=Mode.LIVE,
            entries=[
                (AccountRef(MEMBER_POINTS.kind, member_id, asset), points),
                (AccountRef(PROGRAMME_POINTS.kind, programme_id, asset), -points),
            ],
            now=town.now,
        )


def give_back_at_once(town: Town) -> None:
    """Let two stores give all of a sale back at the same moment: one of them does."""
    ticket = _late_sale(town)
    tills = [ticket.till, desk.other_till(town, ticket.till)]
    one, other = (
        desk.open_back(town, ticket, {"amount": ticket.left}, till=till) for till in tills
    )
    met = town.meeting.of(
        partial(desk.send, ticket, one),
        partial(desk.send, ticket, other),
        at=town.chance.between(1, FEW_STATEMENTS),
    )
    for back, answer in ((one, met.first), (other, met.second)):
        town.memory.heard_back(ticket, back, answer)
    codes = sorted([met.first.code, met.second.code])
    if codes == [desk.NOT_COVERED] * 2:
        expect_back(town, ticket, one)
    elif codes != ["", "refund_above_sale"]:
        message = f"All of sale {ticket.uuid} back twice at once: {met.first} and {met.second}."
        raise Breach(message)
    if met.at_once:
        town.faults.meet("refunds_at_once")


def die_in_a_refund(town: Town) -> None:
    """Let the server die in the middle of a refund: it was given or not, and the till asks."""
    ticket = _late_sale(town)
    back = desk.open_back(town, ticket, desk.by_line(town, ticket))
    if dies(
        partial(desk.send, ticket, back),
        at=town.chance.between(1, MOST_STATEMENTS),
        has_sent=town.chance.one_in(2),
    ):
        town.faults.meet("died_in_a_refund")
    # Whoever died may still hold the key for a while; then somebody asks later.
    if desk.ask(town, ticket, back).code != desk.STILL_RUNNING:
        expect_back(town, ticket, back)


def _expect_refusal(back: Back, code: str, expected: str) -> None:
    if code != expected:
        message = f"Refund {back.uuid} was refused as {code or 'nothing'}, not {expected}."
        raise Breach(message)
