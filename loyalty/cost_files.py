"""What products cost, out of a merchant's CSV (pure)."""

import re

from loyalty.balance_files import Fault, Sheet

SKU_WORDS = ("sku", "artikel", "nummer", "code")
COST_WORDS = ("cost", "kost", "inkoop")
AMOUNT = re.compile(r"(\d{1,9})(?:[.,](\d{1,2}))?")


def read_costs(sheet: Sheet) -> tuple[dict[str, int | None], list[Fault]]:
    """Return the costs by SKU, in cents, and what is wrong with the file, line by line.

    An empty cost is one that is not known any more.
    """
    sku, cost = _column(sheet, SKU_WORDS), _column(sheet, COST_WORDS)
    if sku is None or cost is None or sku == cost:
        return {}, [Fault(0, "no_cost_columns")]
    costs: dict[str, int | None] = {}
    lines: dict[str, int] = {}
    faults: list[Fault] = []
    for line, row in sheet.rows():
        name, said = (row[at].strip() if at < len(row) else "" for at in (sku, cost))
        found = AMOUNT.fullmatch(said)
        if not name:
            faults.append(Fault(line, "no_sku"))
        elif name in lines:
            faults.append(Fault(line, "product_twice", str(lines[name])))
        elif said and not found:
            faults.append(Fault(line, "no_amount", said[:20]))
        else:
            lines[name] = line
            costs[name] = _cents(found) if found else None
    return costs, faults


def _cents(found: re.Match[str]) -> int:
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0") or 0)


def _column(sheet: Sheet, words: tuple[str, ...]) -> int | None:
    for at, heading in enumerate(sheet.headings):
        if any(word in heading.lower() for word in words):
            return at
    return None
