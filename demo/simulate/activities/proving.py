"""People prove whose an account is, by the code that a cent brings; some type it wrong."""

from demo.simulate.activities.people import MOST_ACCOUNTS
from demo.simulate.breaches import Breach
from demo.simulate.cast import Shopper
from demo.simulate.town import Town
from okplatform.kernel.errors import Refusal
from payments.actions.enter_proof_code import enter_proof_code
from payments.actions.request_proof import TooManyProofs, request_proof
from payments.models import MOST_TRIES, OwnershipProof
from payments.proof_codes import CODES, DIGITS
from payments.states import ProofState

WRONG, USED, EARLY = "proof_code_wrong", "proof_tries_used", "proof_code_not_sent"


def add_account(town: Town) -> None:
    """Let a shopper add an account, ask for its cent, and guess the code before it has gone."""
    shopper = town.chance.pick(town.cast.shoppers)
    if len(shopper.accounts) + len(shopper.unproved) >= MOST_ACCOUNTS:
        return
    account_id = shopper.add_unproved(town.cast.new_iban("INGB"), now=town.now)
    if _ask_for_a_cent(town, shopper, account_id):
        _type(town, shopper, account_id, "000000", EARLY)
        town.faults.meet("proof_code_early")


def type_codes(town: Town) -> None:
    """Let everybody type the code who reads one on a statement; whoever cannot asks anew."""
    for shopper in town.cast.shoppers:
        for account_id in sorted(shopper.unproved):
            waiting = OwnershipProof.objects.filter(
                bank_account_id=account_id,
                state__in=(ProofState.REQUESTED, ProofState.SENT),
            )
            proof = waiting.first()
            if proof is None or (proof.expires_at is not None and proof.expires_at <= town.now):
                _ask_for_a_cent(town, shopper, account_id)
            elif proof.state == ProofState.SENT:
                said = town.bankside.witness.said(proof.end_to_end_id)
                if said:
                    _prove(town, shopper, account_id, said[-DIGITS:])


def _prove(town: Town, shopper: Shopper, account_id: int, code: str) -> None:
    wrong = f"{(int(code) + 1) % CODES:0{DIGITS}d}"
    typed = town.deal("codes typed", ["right", "wrong", "wrong until none works"])
    if typed == "wrong until none works":
        for _ in range(MOST_TRIES - 1):
            _type(town, shopper, account_id, wrong, WRONG)
        _type(town, shopper, account_id, wrong, USED)
        _type(town, shopper, account_id, code, "no_code_expected")
        town.faults.meet("proof_tries_used")
        return
    if typed == "wrong":
        _type(town, shopper, account_id, wrong, WRONG)
        town.faults.meet("proof_code_wrong")
    _type(town, shopper, account_id, code, "")
    shopper.has_proved(account_id, now=town.now)
    shopper.sign(account_id, now=town.now)


def _ask_for_a_cent(town: Town, shopper: Shopper, account_id: int) -> bool:
    try:
        request_proof(
            person_id=shopper.person_id,
            bank_account_id=account_id,
            now=town.now,
            actor=shopper.phone.actor,
        )
    except TooManyProofs:
        return False
    return True


def _type(town: Town, shopper: Shopper, account_id: int, code: str, expected: str) -> None:
    """Type a code; raises ``Breach`` unless it is answered like this, empty for a proof."""
    told = ""
    try:
        enter_proof_code(
            person_id=shopper.person_id,
            bank_account_id=account_id,
            code=code,
            now=town.now,
            actor=shopper.phone.actor,
        )
    except Refusal as refusal:
        told = refusal.code
    if told != expected:
        message = f"A code for account {account_id} was told {told!r}, not {expected!r}."
        raise Breach(message)
