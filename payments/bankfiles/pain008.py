"""Writes direct debits for our bank: pain.008.001.08, SEPA CORE, one entry per batch (pure)."""

from collections.abc import Sequence
from datetime import datetime

from sepaxml import SepaDD

from payments.bankfiles.initiation import finished
from payments.bankfiles.orders import NAME, TEXT, Creditor, DirectDebit, batches, check
from payments.bankfiles.schemas import PAIN_008
from payments.bankfiles.texts import reduced


def write(
    *, message_id: str, created_at: datetime, creditor: Creditor, debits: Sequence[DirectDebit]
) -> bytes:
    """Return the file; its batches are ``orders.batches(message_id, debits)``.

    The same arguments give the same bytes. Raises ``OrderRefused``, and ``SchemaBreach`` should the
    document not be valid.
    """
    check(message_id, creditor, debits)
    account = {"name": reduced(creditor.name, NAME), "IBAN": creditor.iban}
    if creditor.bic:
        account["BIC"] = creditor.bic
    document = SepaDD(
        {**account, "batch": True, "currency": "EUR", "creditor_id": creditor.creditor_id},
        schema=PAIN_008,
        clean=False,
    )
    parts = batches(message_id, debits)
    for debit in sorted(debits, key=lambda debit: (debit.requested_on, debit.sequence)):
        document.add_payment(
            {
                "name": reduced(debit.name, NAME),
                "IBAN": debit.iban,
                "amount": debit.amount,
                "type": debit.sequence,
                "collection_date": debit.requested_on,
                "mandate_id": debit.mandate_id,
                "mandate_date": debit.signed_on,
                "description": reduced(debit.text, TEXT),
                "endtoend_id": debit.end_to_end_id,
            }
        )
    return finished(
        document.export(validate=False),
        schema=PAIN_008,
        message_id=message_id,
        created_at=created_at,
        batches=parts,
    )
