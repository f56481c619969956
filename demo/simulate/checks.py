"""What must hold: a little after every step, and everything now and then."""

from collections import Counter
from datetime import date, timedelta
from typing import NamedTuple

from demo.simulate.bankside import Bankside
from demo.simulate.books import Books
from demo.simulate.breaches import Breach
from demo.simulate.fees import prove_fees
from demo.simulate.memory import HAPPENED, Memory, Ticket
from demo.simulate.orders import ENDED, Order, Orders
from okplatform.kernel.db import call
from okplatform.kernel.invariants import all_invariants
from okplatform.kernel.tenancy import operator_scope
from payments.chart import (
    CLIENT_MONEY,
    MEMBER_POINTS,
    MERCHANT_PAYABLE,
    REFUNDS_PAYABLE,
    SHOPPER_RECEIVABLE,
    STORE_SETTLEMENT,
)
from payments.postings import (
    BANK_LINE,
    COLLECTION_RETURNED,
    COLLECTION_SENT,
    PAYOUT_ORDERED,
    PAYOUT_RETURNED,
    REFUND_ORDERED,
    REFUND_RETURNED,
    REFUND_SET_OFF,
)

LATEST = timedelta(days=14)
"""After its day an expectation is still open for so long at most: bank days, delays ordered of the
bank, a statement that comes a day after, and a line in the work queue that may be what is in doubt
until the clerk comes, once in some days."""

STANDING = """
SELECT collection.sent, collection.returned, payout.ordered, payout.returned, refund.set_off,
    refund.ordered, refund.returned, line.taken, line.queued, orphan.count, statement.numbers,
    match.count
FROM (
    SELECT coalesce(sum(amount) FILTER (WHERE outgoing_file_id IS NOT NULL), 0) AS sent,
        coalesce(sum(amount) FILTER (WHERE returned_on IS NOT NULL), 0) AS returned
    FROM payments_collection
) AS collection, (
    SELECT coalesce(sum(amount), 0) AS ordered,
        coalesce(sum(amount) FILTER (WHERE state = 'returned'), 0) AS returned
    FROM payments_payout
) AS payout, (
    SELECT coalesce(sum(amount) FILTER (WHERE state = 'set_off'), 0) AS set_off,
        coalesce(sum(amount) FILTER (WHERE outgoing_file_id IS NOT NULL), 0) AS ordered,
        coalesce(sum(amount) FILTER (WHERE state = 'returned'), 0) AS returned
    FROM payments_refund
) AS refund, (
    SELECT coalesce(sum(amount) FILTER (WHERE state IN ('matched', 'split', 'suspense')), 0)
            AS taken,
        coalesce(sum(amount) FILTER (WHERE state = 'queued'), 0) AS queued
    FROM payments_bank_entry
) AS line, (
    SELECT count(*) FROM payments_expectation expectation
    LEFT JOIN payments_collection collection ON expectation.kind = 'collection'
        AND collection.id = expectation.subject_id AND collection.state = 'sent'
    LEFT JOIN payments_payout payout ON expectation.kind = 'payout'
        AND payout.id = expectation.subject_id AND payout.state IN ('ordered', 'unknown')
    LEFT JOIN payments_refund refund ON expectation.kind = 'refund'
        AND refund.id = expectation.subject_id AND refund.state IN ('ordered', 'unknown')
    LEFT JOIN payments_ownership_proof proof ON expectation.kind = 'proof'
        AND proof.id = expectation.subject_id AND proof.returned_on IS NULL
    LEFT JOIN payments_invoice invoice ON expectation.kind = 'invoice'
        AND invoice.id = expectation.subject_id AND invoice.settled_on IS NULL
    WHERE expectation.state = 'open'
        AND coalesce(collection.id, payout.id, refund.id, proof.id, invoice.id) IS NULL
) AS orphan, (
    SELECT coalesce(array_agg(number), '{}') AS numbers FROM payments_bank_statement
    WHERE kind = 'camt.053'
) AS statement, (
    SELECT count(*) FROM payments_match
) AS match
"""

MATCHES = """
SELECT entry.id, entry.bank_reference, entry.part, expectation.end_to_end_id
FROM payments_match match
JOIN payments_bank_entry entry ON entry.id = match.entry_id
JOIN payments_expectation expectation ON expectation.id = match.expectation_id
"""

OVERDUE = """
SELECT end_to_end_id, due_on FROM payments_expectation
WHERE state = 'open' AND due_on < %s ORDER BY id LIMIT 5
"""

ASIDE = """
SELECT online.uuid FROM payments_authorisation held
JOIN merchants_online_payment online ON online.sale_id = held.sale_id
WHERE held.ended_at IS NULL
"""

WAITING = """
SELECT event.type, item.last_error FROM kernel_outboxitem item
JOIN kernel_event event ON event.id = item.event_id ORDER BY event.id LIMIT 5
"""


POINTS_DEBT_PAID = "points_debt_paid"
POINTS_OWED = "SELECT coalesce(sum(outstanding), 0) FROM loyalty_points_debt"


class Standing(NamedTuple):
    """Where settlement and reconciliation stand, in sums (cents)."""

    collections_sent: int
    collections_returned: int
    payouts_ordered: int
    payouts_returned: int
    refunds_set_off: int
    refunds_ordered: int
    refunds_returned: int
    bank_lines_taken: int
    bank_lines_queued: int
    orphaned_expectations: int
    statements: list[str]
    matches: int


class Checks:
    """The promises, held against what tills were told, a second bookkeeping, and the bank."""

    def __init__(self, memory: Memory, orders: Orders, bankside: Bankside) -> None:
        self.books = Books()
        self.proofs = 0
        self._memory, self._orders, self._bankside = memory, orders, bankside
        self._matches: set[tuple[int, str, int, str]] = set()

    def after_step(self) -> None:
        """Check what is cheap; raises ``Breach``."""
        tickets, orders = self._memory.touched, self._orders.touched
        for uuid in self.books.follow():
            payment = self.books.payments.get(uuid)
            if payment is not None:
                order = self._orders.by_payment[payment]
                orders[order.name] = order
            # An order has no ticket before its shop has heard that the sale is closed.
            if payment is None or uuid in self._memory.tickets:
                tickets[uuid] = self._memory.tickets[uuid]
        for ticket in tickets.values():
            self._check_sale(ticket)
        aside = {payment for (payment,) in call(ASIDE)} if orders else set()
        for order in orders.values():
            self._check_order(order, is_aside=order.id in aside)
        tickets.clear()
        orders.clear()
        self._check_standing()

    def _check_order(self, order: Order, *, is_aside: bool) -> None:
        """Hold what was booked of a payment online against what its shop and shopper were told."""
        if order.is_in_doubt or order.id is None:
            return
        told, booked = order.stands.captured, self.books.captured[order.id]
        if booked != told:
            message = f"{order.name}: {told} cents were told to be captured, {booked} are booked."
            raise Breach(message)
        if is_aside and order.stands.state in ENDED:
            message = f"{order.name} was told {order.stands}, and money is still set aside."
            raise Breach(message)

    def _check_sale(self, ticket: Ticket) -> None:
        """Hold what was booked of a sale against what its till was told."""
        if ticket.verdict is None:
            return
        happened = ticket.verdict == HAPPENED
        told = (ticket.paid_with_ok, ticket.points) if happened else (0, 0)
        booked = (self.books.paid[ticket.uuid], self.books.points[ticket.uuid])
        if booked != told:
            message = f"Sale {ticket.uuid}: {told} cents and points were told, {booked} are booked."
            raise Breach(message)
        if not ticket.is_in_doubt:
            self._check_what_came_back(ticket)

    def _check_what_came_back(self, ticket: Ticket) -> None:
        told = (
            sum(back.by_ok for back in ticket.backs),
            sum(back.points for back in ticket.backs),
        )
        booked = (self.books.given_back[ticket.uuid], self.books.points_taken[ticket.uuid])
        if booked != told:
            message = (
                f"Sale {ticket.uuid}: {told} cents and points were told to come back, {booked}"
                " are booked."
            )
            raise Breach(message)

    def _check_standing(self) -> None:
        standing = Standing(*call(STANDING)[0])
        taken = standing.bank_lines_taken + standing.bank_lines_queued
        stated = self._bankside.witness.stated(
            self._bankside.account.iban,
            statements=[int(name.rpartition("-")[2]) for name in standing.statements],
        )
        for what, booked, stands in (
            *self._booked(standing),
            ("open expectations of nothing under way", standing.orphaned_expectations, 0),
            ("lines of statements, by the bank", stated, taken),
        ):
            if booked != stands:
                message = f"{what}: {booked}, and it should be {stands}."
                raise Breach(message)
        if standing.matches > len(self._matches):
            self._check_matches()

    def _booked(self, standing: Standing) -> tuple[tuple[str, int, int], ...]:
        """Return of each step what is booked, and what the tables say of it."""
        totals = self.books.totals
        return (
            (
                "collections sent",
                totals[COLLECTION_SENT, SHOPPER_RECEIVABLE.kind],
                standing.collections_sent,
            ),
            (
                "collections returned",
                -totals[COLLECTION_RETURNED, SHOPPER_RECEIVABLE.kind],
                standing.collections_returned,
            ),
            (
                "payouts ordered",
                -totals[PAYOUT_ORDERED, MERCHANT_PAYABLE.kind],
                standing.payouts_ordered,
            ),
            (
                "payouts returned",
                totals[PAYOUT_RETURNED, MERCHANT_PAYABLE.kind],
                standing.payouts_returned,
            ),
            (
                "refunds set off",
                totals[REFUND_SET_OFF, SHOPPER_RECEIVABLE.kind],
                standing.refunds_set_off,
            ),
            (
                "refunds ordered",
                -totals[REFUND_ORDERED, REFUNDS_PAYABLE.kind],
                standing.refunds_ordered,
            ),
            (
                "refunds returned",
                totals[REFUND_RETURNED, REFUNDS_PAYABLE.kind],
                standing.refunds_returned,
            ),
            (
                "bank lines",
                -totals[BANK_LINE, CLIENT_MONEY.kind],
                standing.bank_lines_taken,
            ),
        )

    def _check_matches(self) -> None:
        """Ask the bank what newly matched lines truly came for."""
        matches = set(call(MATCHES))
        for entry_id, reference, part, end_to_end_id in sorted(matches - self._matches):
            truth = self._bankside.witness.came_for(reference, part=part)
            if end_to_end_id not in truth:
                message = (
                    f"Bank line {entry_id} was matched with {end_to_end_id}; it came for"
                    f" {', '.join(truth)}."
                )
                raise Breach(message)
        self._matches = matches

    def prove(self, *, today: date) -> None:
        """Prove everything that ``manage.py verify`` proves, and compare every balance."""
        self.proofs += 1
        self.books.compare()
        with operator_scope("simulate"):
            for invariant in all_invariants():
                for breach in invariant.prove().breaches:
                    message = f"{invariant.name}: {breach}"
                    raise Breach(message)
        self._prove_stores()
        self._prove_points_owed()
        prove_fees(self._memory.tickets, unheard=self.books.payments.keys())
        _none(f"is expected since more than {LATEST.days} days", OVERDUE, today - LATEST)
        _none("waits in the outbox", WAITING)

    def _prove_stores(self) -> None:
        """Prove that a store bears what came back there, whichever store had sold it."""
        bears: Counter[int] = Counter()
        for ticket in self._memory.tickets.values():
            for back in ticket.backs:
                bears[back.till.store_id] -= back.by_ok
                bears[ticket.till.store_id] += back.by_ok
        booked = self.books.held_by(STORE_SETTLEMENT.kind)
        for store_id in bears.keys() | booked.keys():
            if bears[store_id] != booked.get(store_id, 0):
                message = (
                    f"Store {store_id} stands at {booked.get(store_id, 0)} towards the others; by"
                    f" what came back it is {bears[store_id]}."
                )
                raise Breach(message)

    def _prove_points_owed(self) -> None:
        """Prove that what members were told to owe is owed, or was paid by what they earned."""
        told = sum(back.owed for one in self._memory.tickets.values() for back in one.backs)
        paid = -self.books.totals[POINTS_DEBT_PAID, MEMBER_POINTS.kind]
        (owed,) = call(POINTS_OWED)[0]
        if told != paid + owed:
            message = f"{told} points were told to be owed; {paid} are paid, and {owed} are owed."
            raise Breach(message)

    def prove_the_end(self) -> None:
        """Prove that nothing is left over, and that the bank holds what the ledger says."""
        for ticket in self._memory.unanswered():
            message = f"Sale {ticket.uuid} never got an answer."
            raise Breach(message)
        for ticket, back in self._memory.in_doubt():
            message = f"Refund {back.uuid} of sale {ticket.uuid} never got an answer."
            raise Breach(message)
        for order in self._orders.unfinished():
            message = f"{order.name} never came to an end: its shop was told {order.stands}."
            raise Breach(message)
        held = self._bankside.witness.balance(self._bankside.account.iban)
        if held != -self.books.held(CLIENT_MONEY.kind):
            message = f"The bank holds {held}, the ledger says {-self.books.held('client_money')}."
            raise Breach(message)


def _none(what: str, sql: str, *values: object) -> None:
    for row in call(sql, values):
        message = f"{' '.join(map(str, row))} {what}."
        raise Breach(message)
