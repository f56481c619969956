"""What is wrong with a file of balances, in plain sentences."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from okplatform.web import formats

UNREADABLE = {
    "empty": gettext_lazy("There is nothing below the headings of this file."),
    "one_column": gettext_lazy(
        "This file has one column only. Save it as CSV, with a comma or semicolon between columns."
    ),
    "no_table": gettext_lazy("This file is no table. Save it as CSV."),
    "same_heading": gettext_lazy("Two columns have the same heading. Give each its own."),
    "too_many_lines": gettext_lazy("This file has more than 100,000 lines. Give it in parts."),
    "too_large": gettext_lazy("This file is larger than 16 MB. Give it in parts."),
    "not_text": gettext_lazy("This is no text. Save the sheet as CSV (UTF-8) first."),
}
FAULTS = {
    "unknown_column": gettext_lazy("There is no column “{said}”."),
    "no_points_column": gettext_lazy("Choose the column with the points."),
    "no_member_column": gettext_lazy("Choose the column with card numbers or with addresses."),
    "column_twice": gettext_lazy("One column is chosen twice."),
    "points_never_end": gettext_lazy(
        "Points of your programme never end, so leave the last days out, or let them end."
    ),
    "too_many_columns": gettext_lazy("Line {line}: more columns than headings."),
    "nobody": gettext_lazy("Line {line}: neither a card number nor an address."),
    "no_address": gettext_lazy("Line {line}: this is no e-mail address."),
    "too_long": gettext_lazy("Line {line}: the card number or address is too long."),
    "no_number": gettext_lazy("Line {line}: “{said}” is no whole number of points."),
    "negative": gettext_lazy("Line {line}: {said} is below zero."),
    "too_many_points": gettext_lazy("Line {line}: {said} are too many points."),
    "no_day": gettext_lazy("Line {line}: “{said}” is no day, such as 2027-12-31."),
    "ended": gettext_lazy("Line {line}: {said} is over, so these points have ended."),
    "no_cost_columns": gettext_lazy("Name one column “sku” and one “cost”."),
    "no_sku": gettext_lazy("Line {line}: there is no SKU."),
    "product_twice": gettext_lazy("Line {line}: this product stands on line {said} already."),
    "no_amount": gettext_lazy("Line {line}: “{said}” is no amount, such as 1.25."),
    "twice": gettext_lazy("Line {line}: this member stands on line {said} already."),
}
DELIMITERS = {
    ";": gettext_lazy("semicolon"),
    ",": gettext_lazy("comma"),
    "\t": gettext_lazy("tab"),
    "|": gettext_lazy("bar"),
}


def why_unreadable(code: str) -> str:
    """Return why a file cannot be read at all."""
    return str(UNREADABLE[code])


def fault(line: int, code: str, said: str) -> str:
    """Return what is wrong, with its line."""
    return str(FAULTS[code]).format(line=formats.number(line), said=said)


def how_read(encoding: str, delimiter: str) -> str:
    """Say how the file was written, for who sees strange signs."""
    known = {"utf-8": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows-1252"}
    return _("Read as {encoding}, with a {delimiter} between columns.").format(
        encoding=known[encoding], delimiter=DELIMITERS[delimiter]
    )
