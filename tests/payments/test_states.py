"""What may follow what, in Python's table and in PostgreSQL's."""

from itertools import product

import pytest

from okplatform.kernel.db import call
from payments.states import (
    MOVES,
    BankPaymentState,
    CollectionState,
    ConfirmationState,
    FileState,
    FollowUp,
    LetterState,
    MandateState,
    MoveNotAllowedError,
    PayoutState,
    ProofState,
    PushState,
    RefundState,
    State,
    follow_up,
    require,
    sources,
)

KINDS: tuple[type[State], ...] = (
    MandateState,
    CollectionState,
    PayoutState,
    RefundState,
    FileState,
    ConfirmationState,
    PushState,
    ProofState,
    BankPaymentState,
    LetterState,
)
TABLES = {
    "payments_mandate": MandateState,
    "payments_collection": CollectionState,
    "payments_payout": PayoutState,
    "payments_refund": RefundState,
    "payments_outgoing_file": FileState,
    "payments_confirmation": ConfirmationState,
    "payments_bookkeeping_push": PushState,
    "payments_ownership_proof": ProofState,
    "payments_bank_payment": BankPaymentState,
    "payments_letter": LetterState,
}
GUARDS = """
SELECT tgrelid::regclass::text, tgargs FROM pg_trigger
WHERE tgfoid = 'settlement_move'::regproc AND tgenabled IN ('O', 'A')
"""


PAIRS = [pair for kind in KINDS for pair in product(kind, kind)]


@pytest.mark.parametrize(("source", "target"), PAIRS, ids=repr)
def test_a_move_raises_unless_it_is_in_the_table(source: State, target: State) -> None:
    if any(source is one and target is other for one, other in MOVES):
        require(source, target)
        assert source.value in sources(target)
    else:
        with pytest.raises(MoveNotAllowedError):
            require(source, target)


def test_a_state_of_another_kind_is_no_move() -> None:
    with pytest.raises(MoveNotAllowedError):
        require(FileState.SENDING, CollectionState.SENT)


def test_nothing_moves_back_to_where_it_began() -> None:
    for first in (MandateState.ACTIVE, CollectionState.ANNOUNCED):
        with pytest.raises(MoveNotAllowedError):
            sources(first)


@pytest.mark.django_db
def test_postgresql_holds_the_same_table() -> None:
    held = {
        TABLES[table]: {
            tuple(move.split(">")) for move in bytes(moves).decode().split("\0") if move
        }
        for table, moves in call(GUARDS)
    }
    assert held == {
        kind: {(one.value, other.value) for one, other in MOVES if type(one) is kind}
        for kind in KINDS
    }


@pytest.mark.parametrize("reason", ["AM04", "MS03"])
def test_no_funds_and_no_reason_are_tried_once_more(reason: str) -> None:
    assert follow_up(reason, attempt=1) is FollowUp.RETRY
    assert follow_up(reason, attempt=2) is FollowUp.LOOK


@pytest.mark.parametrize("reason", ["AC01", "AC04", "AC06", "MD01", "MD07"])
def test_an_account_that_cannot_be_collected_from_ends_the_mandate(reason: str) -> None:
    assert follow_up(reason, attempt=1) is FollowUp.NEW_MANDATE


@pytest.mark.parametrize("reason", ["MD06", "MS02"])
def test_who_had_it_back_is_asked(reason: str) -> None:
    assert follow_up(reason, attempt=1) is FollowUp.ASK_PERSON


@pytest.mark.parametrize("reason", ["AG01", "AM05", "BE05", "RC01", "RR04", "SL01", "ZZ99", ""])
def test_all_else_is_for_a_person_to_look_at(reason: str) -> None:
    assert follow_up(reason, attempt=1) is FollowUp.LOOK
