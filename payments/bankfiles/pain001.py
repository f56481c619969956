"""Writes credit transfers for our bank: pain.001.001.09, SEPA, one entry per batch (pure)."""

from collections.abc import Sequence
from datetime import datetime

from sepaxml import SepaTransfer

from payments.bankfiles.initiation import finished
from payments.bankfiles.orders import NAME, TEXT, OwnAccount, Transfer, batches, check
from payments.bankfiles.schemas import PAIN_001
from payments.bankfiles.texts import reduced


def write(
    *, message_id: str, created_at: datetime, debtor: OwnAccount, transfers: Sequence[Transfer]
) -> bytes:
    """Return the file; its batches are ``orders.batches(message_id, transfers)``.

    The same arguments give the same bytes. Raises ``OrderRefused``, and ``SchemaBreach`` should the
    document not be valid.
    """
    check(message_id, debtor, transfers)
    account = {"name": reduced(debtor.name, NAME), "IBAN": debtor.iban}
    if debtor.bic:
        account["BIC"] = debtor.bic
    document = SepaTransfer(
        {**account, "batch": True, "currency": "EUR"}, schema=PAIN_001, clean=False
    )
    parts = batches(message_id, transfers)
    for order in (order for batch in parts for order in batch.orders):
        document.add_payment(
            {
                "name": reduced(order.name, NAME),
                "IBAN": order.iban,
                "amount": order.amount,
                "execution_date": order.requested_on,
                "description": reduced(order.text, TEXT),
                "endtoend_id": order.end_to_end_id,
            }
        )
    return finished(
        document.export(validate=False),
        schema=PAIN_001,
        message_id=message_id,
        created_at=created_at,
        batches=parts,
    )
