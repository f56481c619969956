"""A till in a hundred lines: type article numbers, then pay by OK code, PIN card or cash.

    python examples/till.py http://localhost:8000 ok_test_…

An article is a name and a price, "coffee 2.75"; `ok 0221…` pays with a customer's code, `pin` and
`cash` as they say, `stop` gives the basket up. Kill it at any moment and start it again: it ends
what it had begun.
"""

import sys
from decimal import Decimal, InvalidOperation

from ok_till import Client, NoAnswerError, Outcome, Patience, RefusedError, Till
from ok_till.models import KindEnum, LineBody, SaleBody

JOURNAL = "till.journal"
KINDS: dict[str, KindEnum] = {"ok": "ok", "pin": "pin", "cash": "cash"}
VAT_RATE_BP = 900
MOST_CENTS = 100_000_000


def line_of(typed: str) -> LineBody | None:
    """Return the article that was typed, or None where it is none."""
    name, _, price = typed.rpartition(" ")
    try:
        cents = int(Decimal(price.replace(",", ".")) * 100)
    except InvalidOperation:
        return None
    if not name or not 0 <= cents <= MOST_CENTS:
        return None
    return {"name": name, "unit_price": cents, "vat_rate": VAT_RATE_BP}


def basket_of(lines: list[LineBody], *, code: str | None) -> SaleBody:
    """Return what is bought, and by whose code."""
    return {"revision": 1, "currency": "EUR", "language": "en", "code": code, "lines": lines}


def print_outcome(outcome: Outcome) -> None:
    """Tell the cashier what to do, and print the receipt of what was sold."""
    print(f"*** {outcome.sentence}")
    if outcome.goods_may_leave and outcome.answer is not None:
        print("\n".join(outcome.answer["receipt_lines"]))


def pay(till: Till, lines: list[LineBody], typed: str) -> bool:
    """Sell the basket; return whether the next customer can come."""
    said, _, code = typed.partition(" ")
    basket = basket_of(lines, code=code or None)
    basket["payment"] = {"tenders": [{"kind": KINDS[said]}]}
    try:
        outcome = till.sell(basket)
    except RefusedError as refused:
        print(f"!!! {refused.sentence}")
        return False
    print_outcome(outcome)
    return outcome.goods_may_leave


def main(base_url: str, key: str, seconds: str = "60") -> None:
    """Recover, then sell until the input ends; a silent sale is given up after so many seconds."""
    most = float(seconds)
    client = Client(base_url, key, language="en", answer_within=most / 7.5)
    patience = Patience(first=most / 12, later=most / 30, give_up=most)
    till = Till(client, JOURNAL, patience=patience, tell=print)
    for outcome in till.recover():
        how = "paid" if outcome.goods_may_leave else "not paid"
        print(f"*** An earlier sale, {outcome.uuid}, {how}, {outcome.sentence}")
    lines: list[LineBody] = []
    print("Ready.")
    for typed in map(str.strip, sys.stdin):
        if typed == "stop":
            lines = []
        elif typed.partition(" ")[0] in KINDS and lines:
            lines = [] if pay(till, lines, typed) else lines
        elif (line := line_of(typed)) is not None:
            lines.append(line)
        elif typed:
            print("??? an article is a name and a price, such as: coffee 2.75")
        print(f"{len(lines)} lines, {sum(line['unit_price'] for line in lines) / 100:.2f}")
    till.close()


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (NoAnswerError, TypeError) as error:
        sys.exit(str(error))
