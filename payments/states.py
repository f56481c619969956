"""The states of confirmations and of what settlement moves, and every move, in one table (pure).

A move that is not in the table raises; PostgreSQL holds the same table in triggers
(``migrations/sql/settlement.sql``), so that no other road leads around it.
"""

from enum import StrEnum


class MandateState(StrEnum):
    """Whether a bank account may be collected from."""

    ACTIVE = "active"
    CLOSED = "closed"


class CollectionState(StrEnum):
    """Where a collection stands: told to the shopper, asked of the bank, had, or had back.

    ``paid`` is what the shopper paid at once, at the bank, so that nothing is left to collect.
    """

    ANNOUNCED = "announced"
    SENT = "sent"
    SETTLED = "settled"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    PAID = "paid"


class PayoutState(StrEnum):
    """Where a payout stands: in a file for the bank, taken from OK's account, or come back.

    ``unknown`` says that the bank timed out, and that nobody knows whether it will take it.
    """

    ORDERED = "ordered"
    UNKNOWN = "unknown"
    PAID = "paid"
    RETURNED = "returned"


class RefundState(StrEnum):
    """Where a refund stands: owed to a shopper, taken off a debt, or a transfer like a payout."""

    WAITING = "waiting"
    SET_OFF = "set_off"
    ORDERED = "ordered"
    UNKNOWN = "unknown"
    PAID = "paid"
    RETURNED = "returned"


class FileState(StrEnum):
    """Where a file stands; ``unknown`` says that nobody knows whether the bank has it."""

    MADE = "made"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"


class PushState(StrEnum):
    """Where something stands that goes to a merchant's bookkeeping program.

    ``unknown`` says that nobody knows whether it arrived, ``refused`` that a person must look.
    """

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    REFUSED = "refused"


class ConfirmationState(StrEnum):
    """Where the question to a payer stands; ``authorised`` is a yes that is not yet a payment."""

    ASKED = "asked"
    AUTHORISED = "authorised"
    CAPTURED = "captured"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"


class ProofState(StrEnum):
    """Where the proof of a bank account by a cent stands: asked for, on its way, done or over."""

    REQUESTED = "requested"
    SENT = "sent"
    PROVED = "proved"
    CLOSED = "closed"


class BankPaymentState(StrEnum):
    """Where a payment stands that a person approves at the bank.

    ``presented`` waits for the person, ``accepted`` for the bank; ``completed`` is on our account.
    ``unknown`` says that nobody knows what the bank did: it is asked again, and never guessed.
    """

    CREATED = "created"
    SENDING = "sending"
    PRESENTED = "presented"
    ACCEPTED = "accepted"
    COMPLETED = "completed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class LetterState(StrEnum):
    """Where a letter stands; ``dropped`` is no longer needed, ``unknown`` may have been sent."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    DROPPED = "dropped"
    UNKNOWN = "unknown"


State = (
    MandateState
    | CollectionState
    | PayoutState
    | RefundState
    | FileState
    | PushState
    | ConfirmationState
    | ProofState
    | BankPaymentState
    | LetterState
)

# Pairs, not a mapping: words of two kinds are spelt alike (a file is "sent", so is a collection),
# and as keys they would be one.
MOVES: tuple[tuple[State, State], ...] = (
    (MandateState.ACTIVE, MandateState.CLOSED),
    (CollectionState.ANNOUNCED, CollectionState.SENT),
    (CollectionState.ANNOUNCED, CollectionState.CANCELLED),
    (CollectionState.SENT, CollectionState.SETTLED),
    (CollectionState.SENT, CollectionState.RETURNED),
    # A shopper has eight weeks to have a collection back, thirteen months without a mandate.
    (CollectionState.SETTLED, CollectionState.RETURNED),
    # At once, at the bank: what came back, or what is not with the bank yet.
    (CollectionState.ANNOUNCED, CollectionState.PAID),
    (CollectionState.RETURNED, CollectionState.PAID),
    (PayoutState.ORDERED, PayoutState.PAID),
    (PayoutState.ORDERED, PayoutState.RETURNED),
    (PayoutState.PAID, PayoutState.RETURNED),
    # The bank timed out: its statement says what became of it, or in the end a person.
    (PayoutState.ORDERED, PayoutState.UNKNOWN),
    (PayoutState.UNKNOWN, PayoutState.PAID),
    (PayoutState.UNKNOWN, PayoutState.RETURNED),
    # A person took back that a bank line had settled it: it is still on its way.
    (CollectionState.SETTLED, CollectionState.SENT),
    (PayoutState.PAID, PayoutState.ORDERED),
    (PayoutState.PAID, PayoutState.UNKNOWN),
    (RefundState.PAID, RefundState.ORDERED),
    (RefundState.PAID, RefundState.UNKNOWN),
    # The purchase was not collected, or its collection came back: what is owed is lowered.
    (RefundState.WAITING, RefundState.SET_OFF),
    (RefundState.WAITING, RefundState.ORDERED),
    (RefundState.ORDERED, RefundState.PAID),
    (RefundState.ORDERED, RefundState.RETURNED),
    (RefundState.PAID, RefundState.RETURNED),
    (RefundState.ORDERED, RefundState.UNKNOWN),
    (RefundState.UNKNOWN, RefundState.PAID),
    (RefundState.UNKNOWN, RefundState.RETURNED),
    (FileState.MADE, FileState.SENDING),
    (FileState.SENDING, FileState.SENT),
    (FileState.SENDING, FileState.UNKNOWN),
    # The gateway was asked: the bank's client has it, or never had it from that attempt.
    (FileState.UNKNOWN, FileState.SENT),
    (FileState.UNKNOWN, FileState.MADE),
    (PushState.DUE, PushState.SENDING),
    (PushState.SENDING, PushState.SENT),
    (PushState.SENDING, PushState.UNKNOWN),
    (PushState.SENDING, PushState.REFUSED),
    # It was not taken for certain: too many requests, or nobody answered the phone.
    (PushState.SENDING, PushState.DUE),
    (PushState.UNKNOWN, PushState.SENT),
    (PushState.UNKNOWN, PushState.DUE),
    # The merchant has mended what was wrong there.
    (PushState.REFUSED, PushState.DUE),
    (ConfirmationState.ASKED, ConfirmationState.AUTHORISED),
    (ConfirmationState.ASKED, ConfirmationState.DECLINED),
    (ConfirmationState.ASKED, ConfirmationState.EXPIRED),
    # The till stopped, sent another basket, or took another payment.
    (ConfirmationState.ASKED, ConfirmationState.WITHDRAWN),
    (ConfirmationState.AUTHORISED, ConfirmationState.WITHDRAWN),
    (ConfirmationState.AUTHORISED, ConfirmationState.CAPTURED),
    # The price moved, a limit was reached, or the yes could not be acted on in time.
    (ConfirmationState.AUTHORISED, ConfirmationState.REFUSED),
    (ProofState.REQUESTED, ProofState.SENT),
    (ProofState.REQUESTED, ProofState.CLOSED),
    (ProofState.SENT, ProofState.PROVED),
    (ProofState.SENT, ProofState.CLOSED),
    (BankPaymentState.CREATED, BankPaymentState.SENDING),
    # The same request again, under its own id: the bank knows it, or never had it.
    (BankPaymentState.UNKNOWN, BankPaymentState.SENDING),
    (BankPaymentState.SENDING, BankPaymentState.PRESENTED),
    (BankPaymentState.UNKNOWN, BankPaymentState.PRESENTED),
    *(
        (known, told)
        for known in (BankPaymentState.SENDING, BankPaymentState.PRESENTED)
        for told in (BankPaymentState.ACCEPTED, BankPaymentState.UNKNOWN)
    ),
    (BankPaymentState.UNKNOWN, BankPaymentState.ACCEPTED),
    (BankPaymentState.ACCEPTED, BankPaymentState.UNKNOWN),
    *(
        (known, final)
        for known in (
            BankPaymentState.SENDING,
            BankPaymentState.PRESENTED,
            BankPaymentState.ACCEPTED,
            BankPaymentState.UNKNOWN,
        )
        for final in (
            BankPaymentState.COMPLETED,
            BankPaymentState.REJECTED,
            BankPaymentState.CANCELLED,
        )
    ),
    (LetterState.WAITING, LetterState.SENDING),
    (LetterState.WAITING, LetterState.DROPPED),
    (LetterState.SENDING, LetterState.SENT),
    # The mail server did not take it; or the sender died, and nobody knows.
    (LetterState.SENDING, LetterState.WAITING),
    (LetterState.SENDING, LetterState.UNKNOWN),
)


class MoveNotAllowedError(ValueError):
    """A programming mistake, or a bank that contradicts itself: no such move is in the table."""


def require(source: State, target: State) -> None:
    """Raise ``MoveNotAllowedError`` unless the table has this move."""
    if not any(one is source and other is target for one, other in MOVES):
        message = f"{type(source).__name__}: no move from {source} to {target}"
        raise MoveNotAllowedError(message)


def sources(target: State) -> list[str]:
    """Return the states that may move to this one, for the WHERE of a conditional update."""
    found = [source.value for source, other in MOVES if other is target]
    if not found:
        message = f"{type(target).__name__}: nothing moves to {target}"
        raise MoveNotAllowedError(message)
    return found


BANK_SAYS: dict[str, BankPaymentState] = {
    **dict.fromkeys(("RCVD", "PATC", "PDNG"), BankPaymentState.PRESENTED),
    **dict.fromkeys(
        ("ACTC", "ACCP", "ACSP", "ACWC", "ACWP", "ACFC", "PART", "ACSC"), BankPaymentState.ACCEPTED
    ),
    "ACCC": BankPaymentState.COMPLETED,
    "RJCT": BankPaymentState.REJECTED,
    "CANC": BankPaymentState.CANCELLED,
}
"""What a bank's word on a payment means (ISO 20022 ExternalPaymentTransactionStatus1Code).

Only ACCC says that the creditor has the money: "settlement on the creditor's account has been
completed". ACSC is the debtor's side alone, and the bank's last word at many; then our statement
tells. Any other word means nothing to us, so nobody knows.
"""


class FollowUp(StrEnum):
    """What a returned collection leads to."""

    NONE = ""
    RETRY = "retry"
    NEW_MANDATE = "new_mandate"
    ASK_PERSON = "ask_person"
    LOOK = "look"
    REFUNDED = "refunded"


UNCERTAIN = frozenset({"AB01", "AB03", "AB05", "AB06", "AB07", "AB08", "AB09", "AB10"})
"""Codes by which a bank rejects a transfer that may happen all the same.

ISO 20022 ExternalStatusReason1Code: clearing or settlement aborted by a time-out (AB01, AB03), a
bank on the way that timed out, was offline or failed (AB05 to AB10). Only a statement is certain.
"""

# ISO 20022 ExternalReturnReason1Code, as the SEPA direct debit core scheme uses it (EPC016-06).
ONCE_MORE = frozenset({"AM04", "MS03"})
CLOSING = frozenset({"AC01", "AC04", "AC06", "MD01", "MD07"})
ASKING = frozenset({"MD06", "MS02"})


def follow_up(reason: str, *, attempt: int) -> FollowUp:
    """Say what follows when attempt number ``attempt`` (from 1) comes back for this reason.

    No funds (AM04) and a bank that gives no reason (MS03) are tried once more. A wrong, closed or
    blocked account (AC01, AC04, AC06), no mandate (MD01) and a death (MD07) end the mandate. Who
    had the money back (MD06) or refused (MS02) is asked. All else is for a person to look at.
    """
    if reason in ONCE_MORE and attempt == 1:
        return FollowUp.RETRY
    if reason in CLOSING:
        return FollowUp.NEW_MANDATE
    if reason in ASKING:
        return FollowUp.ASK_PERSON
    return FollowUp.LOOK
