"""Card payments outside OK, in the files of shops' acquirers: a line missing, and one twice."""

from datetime import date

from demo.simulate.breaches import Breach
from demo.simulate.cast import Shop
from demo.simulate.memory import HAPPENED, Ticket
from demo.simulate.town import Town
from okplatform.kernel import db
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.modes import Mode
from payments.actions.take_acquirer_file import take_acquirer_file
from payments.bankfiles.lines import BankFileRefused
from payments.calendar import local_day

HEADING = "Datum;Terminal;Nummer;Bedrag;Partij"
CENTS = 100

SETTLED = """
SELECT line.bank_reference, sale.uuid FROM payments_external_tender tender
JOIN payments_acquirer_line line ON line.id = tender.line_id
JOIN trade_sale sale ON sale.id = tender.sale_id
WHERE tender.merchant_id = %s
"""
OPEN = """
SELECT (SELECT count(*) FROM payments_external_tender
        WHERE merchant_id = %(merchant)s AND state = 'open'),
    (SELECT count(*) FROM payments_acquirer_line
     WHERE merchant_id = %(merchant)s AND state = 'open')
"""


def settle_cards(town: Town) -> None:
    """Let a shop upload its acquirer's file, first as it came: with a line twice, and one missing.

    Such a file is refused whole; the right one brings all but the missing line, which comes with
    the next.
    """
    shop = town.chance.pick(town.cast.shops)
    told = _unsettled(town, shop)
    if len(told) <= 1:
        return
    told.remove(town.chance.pick(told))
    rows = [_row(town, ticket) for ticket in told]
    _expect_refusal(town, shop, [*rows, town.chance.pick(rows)], "line_twice")
    _upload(town, shop, rows)
    town.faults.meet("card_line_missing")
    _expect_refusal(town, shop, [*rows, _another(town)], "line_known")
    town.faults.meet("card_line_twice")
    _compare(town, shop)


def settle_all(town: Town) -> None:
    """Let the last files come: then each card payment has its line."""
    for shop in town.cast.shops:
        told = _unsettled(town, shop)
        if told:
            _upload(town, shop, [_row(town, ticket) for ticket in told])
        _compare(town, shop)
        tenders, lines = db.call(OPEN, {"merchant": shop.merchant_id})[0]
        if tenders or lines:
            message = f"{shop.name} has {tenders} card payments and {lines} lines without a half."
            raise Breach(message)


def _unsettled(town: Town, shop: Shop) -> list[Ticket]:
    """Return the sales by card that no file of the acquirer has named."""
    settled = set(town.memory.card_lines.values())
    return [
        ticket
        for ticket in town.memory.tickets.values()
        if ticket.by_card and ticket.verdict == HAPPENED
        if ticket.till in shop.tills and ticket.uuid not in settled
    ]


def _row(town: Town, ticket: Ticket) -> str:
    """Write a line about a sale, under the next number of the acquirer."""
    number = f"N{len(town.memory.card_lines) + 1:07}"
    town.memory.card_lines[number] = ticket.uuid
    reference = next(
        tender["reference"]
        for tender in ticket.body["payment"]["tenders"]
        if tender["kind"] == "pin"
    )
    return _written(ticket.closed_on, reference, number, ticket.by_card)


def _another(town: Town) -> str:
    return _written(local_day(town.now), "", "N-another", CENTS)


def _written(day: date | None, reference: str, number: str, amount: int) -> str:
    if day is None:
        message = f"Line {number} is about a sale that never closed."
        raise Breach(message)
    euros, cents = divmod(amount, CENTS)
    return f"{day:%d-%m-%Y};{reference};{number};{euros},{cents:02}"


def _upload(town: Town, shop: Shop, rows: list[str]) -> None:
    town.memory.card_files += 1
    batch = f"B-{town.memory.card_files:06}"
    take_acquirer_file(
        merchant_id=shop.merchant_id,
        mode=Mode.LIVE,
        account_id=shop.acquirer_id,
        name="settlement.csv",
        content="\r\n".join([HEADING, *(f"{row};{batch}" for row in rows)]).encode(),
        now=town.now,
        actor=SYSTEM,
    )


def _expect_refusal(town: Town, shop: Shop, rows: list[str], code: str) -> None:
    try:
        _upload(town, shop, rows)
    except BankFileRefused as refused:
        if refused.code == code:
            return
        code = f"{refused.code}, not {code}"
    message = f"A file with a line twice was refused for {code}."
    raise Breach(message)


def _compare(town: Town, shop: Shop) -> None:
    """Hold what was matched against what the acquirer knows that it settled."""
    for number, uuid in db.call(SETTLED, [shop.merchant_id]):
        if town.memory.card_lines.get(number) != uuid:
            message = f"Line {number} of the acquirer was matched with sale {uuid}."
            raise Breach(message)
