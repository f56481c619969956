"""Put the cents that shoppers asked for into a file for the bank."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction, transaction_required
from payments import proof_codes
from payments.actions.expect import expect
from payments.actions.request_proof import VALID
from payments.bankfiles import pain001
from payments.bankfiles.orders import OwnAccount, Transfer, batches
from payments.calendar import local_day, on_or_after
from payments.chart import (
    EUR,
    PROOF_COSTS,
    PROOFS_IN_TRANSIT,
)
from payments.ledger import AccountRef, post
from payments.models import (
    ExpectationKind,
    FileKind,
    HouseAccount,
    OwnershipProof,
)
from payments.postings import (
    PROOF_SENT,
)
from payments.settlement import holder_of, keep_file, move_one, next_id, settling_accounts
from payments.states import ProofState

CENT = 1
MOST_IN_A_FILE = 500


@dataclass(frozen=True, slots=True)
class _Cent:
    """A proof with the code it will carry, which stands nowhere else in clear but in the file."""

    proof: OwnershipProof
    code: str
    transfer: Transfer


def send_proofs(*, now: datetime, actor: Actor) -> list[int]:
    """Write the cents that wait into files, one per account of ours; return the files' ids.

    Each is booked at OK's own cost (``proof_sent``), expected on our account, and carries a code
    drawn now. The files go out by ``deliver_file``.
    """
    made = []
    for account in settling_accounts():
        while (file_id := _make_file(account, now=now, actor=actor)) is not None:
            made.append(file_id)
    return made


def _make_file(account: HouseAccount, *, now: datetime, actor: Actor) -> int | None:
    due_on = on_or_after(local_day(now))
    with transaction():
        waiting = OwnershipProof.objects.filter(mode=account.mode, state=ProofState.REQUESTED)
        proofs = list(
            waiting.select_related("bank_account")
            .order_by("pk")
            .select_for_update(no_key=True, of=("self",), skip_locked=True)[:MOST_IN_A_FILE]
        )
        if not proofs:
            return None
        file_id = next_id("payments_outgoing_file")
        message_id = f"OKV{file_id}"
        cents = [_cent(proof, due_on) for proof in proofs]
        transfers = [cent.transfer for cent in cents]
        content = pain001.write(
            message_id=message_id,
            created_at=now,
            debtor=OwnAccount(name=account.holder, iban=account.iban),
            transfers=transfers,
        )
        keep_file(
            file_id=file_id,
            account=account,
            kind=FileKind.TRANSFERS,
            message_id=message_id,
            content=content,
            orders=transfers,
            now=now,
        )
        _send(account, file_id, message_id, cents, now=now)
        audit.record(
            actor=actor,
            action="proofs_sent",
            object_type="outgoing_file",
            object_id=file_id,
            mode=account.mode,
            data={"proofs": len(cents)},
        )
    return file_id


def _cent(proof: OwnershipProof, due_on: date) -> _Cent:
    code, account = proof_codes.draw(), proof.bank_account
    transfer = Transfer(
        end_to_end_id=f"OKV{proof.pk}",
        amount=CENT,
        name=holder_of(account.holder, account.iban),
        iban=account.iban,
        requested_on=due_on,
        text=f"OK code {code}",
    )
    return _Cent(proof, code, transfer)


def _send(
    account: HouseAccount, file_id: int, message_id: str, cents: Sequence[_Cent], *, now: datetime
) -> None:
    batch_ids = {
        order.end_to_end_id: batch.batch_id
        for batch in batches(message_id, [cent.transfer for cent in cents])
        for order in batch.orders
    }
    for cent in cents:
        move_one(
            OwnershipProof.objects.filter(pk=cent.proof.pk),
            ProofState.SENT,
            house_account=account,
            outgoing_file_id=file_id,
            end_to_end_id=cent.transfer.end_to_end_id,
            code_hash=proof_codes.hashed(cent.proof.pk, cent.code),
            expires_at=now + VALID,
        )
        book_cent(cent.proof.pk, account, PROOF_SENT, CENT, now=now)
        expect(
            mode=account.mode,
            house_account_id=account.pk,
            kind=ExpectationKind.PROOF,
            subject_id=cent.proof.pk,
            amount=-CENT,
            currency=EUR,
            end_to_end_id=cent.transfer.end_to_end_id,
            reference=cent.transfer.end_to_end_id,
            iban=cent.transfer.iban,
            due_on=cent.transfer.requested_on,
            batch_id=batch_ids[cent.transfer.end_to_end_id],
            now=now,
        )


@transaction_required
def book_cent(
    proof_id: int, account: HouseAccount, kind: str, cents: int, *, now: datetime
) -> None:
    """Book what OK bears for a proof; below zero it no longer does."""
    post(
        kind=kind,
        reference=str(proof_id),
        mode=account.mode,
        entries=[
            (AccountRef(PROOF_COSTS.kind, account.pk, EUR), -cents),
            (AccountRef(PROOFS_IN_TRANSIT.kind, account.pk, EUR), cents),
        ],
        now=now,
    )
