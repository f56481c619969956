"""Reads any delivered statement, whatever its form (pure)."""

from payments.bankfiles import camt, mt940
from payments.bankfiles.lines import BankFileRefused, Read
from payments.bankfiles.opening import Document, Form


def read(document: Document) -> Read:
    """Yield what a statement, report or notification tells.

    Raises ``BankFileRefused``, with the document's name where it came in a zip; "not_a_statement"
    for a pain.002, which ``pain002.read`` reads.
    """
    try:
        yield from _read(document)
    except BankFileRefused as refused:
        if not document.name:
            raise
        raise BankFileRefused(refused.code, f"{document.name}: {refused}", refused.line) from None


def _read(document: Document) -> Read:
    if document.form is Form.PAIN_002:
        raise BankFileRefused("not_a_statement", "A pain.002 tells of orders, not of money.")
    if document.form is Form.MT940:
        return mt940.read(document.stream)
    return camt.read(document.stream, form=document.form, namespace=document.namespace)
