"""Expect a bank line, or no longer."""

from datetime import date, datetime

from django.db.models import F

from okplatform.kernel.db import call, transaction_required
from payments.models import Expectation, ExpectationKind, ExpectationState
from payments.references import normalised

# Whoever changes what became of an expectation holds its account: so does matching.
HOLD = """
SELECT FROM payments_house_account WHERE id = (
    SELECT house_account_id FROM payments_expectation
    WHERE kind = %(kind)s AND subject_id = %(subject_id)s AND state = %(open)s
) FOR NO KEY UPDATE
"""


@transaction_required
def expect(
    *,
    mode: str,
    house_account_id: int,
    kind: ExpectationKind,
    subject_id: int,
    amount: int,
    currency: str,
    end_to_end_id: str,
    reference: str,
    iban: str,
    due_on: date,
    batch_id: str = "",
    now: datetime,
) -> int:
    """Expect a line of ``amount`` on one of our accounts; return the expectation's id.

    A part of the action that gives the reason for it. ``amount`` is in minor units as our account
    will see it: positive is credited, negative debited. ``iban`` is the counterparty's, and
    ``batch_id`` the payment information id under which the bank may book it together with others.
    PostgreSQL refuses (``IntegrityError``) an ``end_to_end_id`` that was used, and a second open
    expectation of one subject.
    """
    expectation = Expectation(
        mode=mode,
        house_account_id=house_account_id,
        kind=kind,
        subject_id=subject_id,
        amount=amount,
        outstanding=amount,
        currency=currency,
        end_to_end_id=end_to_end_id,
        reference=reference,
        normalised_reference=normalised(reference),
        iban=iban,
        batch_id=batch_id,
        due_on=due_on,
        expected_at=now,
    )
    expectation.save(force_insert=True)
    return expectation.pk


@transaction_required
def unexpect(*, kind: ExpectationKind, subject_id: int, now: datetime) -> bool:
    """Cancel the open expectation of a subject, of which nothing came yet; say whether one was.

    A part of the action that has learned why: the bank rejected the order before it booked it.
    """
    call(HOLD, {"kind": kind, "subject_id": subject_id, "open": ExpectationState.OPEN})
    cancelled = Expectation.objects.filter(
        kind=kind,
        subject_id=subject_id,
        state=ExpectationState.OPEN,
        outstanding=F("amount"),
    ).update(state=ExpectationState.CANCELLED, changed_at=now)
    return cancelled == 1
