"""Why a file was refused, in the reader's language; the file readers say the rest in English."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

OTHER = _("The file cannot be read to its end.")
_NOT_OURS = _("This is no file of a kind that we read.")
_KNOWN = _("A part of it came before, in another file.")
_SUMS = _("Its sums or balances do not add up.")

REFUSALS: Mapping[str, str | Promise] = {
    "unreadable_amount": _("An amount cannot be read."),
    "amount_missing": _("An amount cannot be read."),
    "amount_out_of_range": _("An amount is larger than anybody has."),
    "unreadable_date": _("A day cannot be read."),
    "unreadable_row": _("A row has another number of columns than the heading."),
    "missing_column": _("A column that you named is not in the heading."),
    "unreadable_text": _("The characters are others than you said."),
    "unknown_currency": _("It is in a currency that we do not know."),
    "empty": _("It is empty."),
    "account_unknown": _("It is about another bank account."),
    "no_statement": _("It holds no statement."),
    "not_a_statement": _("It announces; only a statement says what was booked."),
    "unknown_form": _NOT_OURS,
    "unknown_namespace": _NOT_OURS,
    "document_type_forbidden": _("It declares what a bank’s file never declares."),
    "balances_do_not_add_up": _SUMS,
    "entry_does_not_add_up": _SUMS,
    "totals_differ": _SUMS,
    "balance_missing": _SUMS,
    "truncated": _("It breaks off in the middle."),
    "statement_not_closed": _("It breaks off in the middle."),
    "line_twice": _("A payment stands in it twice."),
    "line_known": _KNOWN,
    "batch_known": _KNOWN,
    "statement_known": _KNOWN,
    "too_large": _("It is too large."),
    "zip_bomb": _("It is too large."),
}
"""By the code of ``BankFileRefused``; what is not here is ``OTHER``."""


def why_refused(code: str) -> str | Promise:
    """Say why a file was refused."""
    return REFUSALS.get(code, OTHER)
