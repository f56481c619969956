"""Take in a file about a merchant's card payments, of its acquirer or its bank, or nothing."""

import hashlib
import io
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain

from django.db.models import F

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction, transaction_required
from okplatform.kernel.tenancy import merchant_scope
from payments.acquiring import AcquirerUnknown, hold_acquirers
from payments.bankfiles import acquirer, statements
from payments.bankfiles.acquirer import AcquirerMapping
from payments.bankfiles.fields import shown
from payments.bankfiles.lines import (
    BankFileRefused,
    BankLine,
    StatementClosed,
    StatementOpened,
)
from payments.bankfiles.opening import documents
from payments.models import (
    AcquirerAccount,
    AcquirerArrival,
    AcquirerBatch,
    AcquirerFile,
    AcquirerLine,
    SettledState,
)
from payments.references import stands_in

CSV = "csv"
BOOKS = ("camt.053", "MT940")
"""A merchant's bank may announce a line in other forms; it counts when it is booked."""
LONGEST_REFERENCE = 64
AT_ONCE = 2_000
LARGEST_AMOUNT = 10**15


@dataclass(frozen=True, slots=True)
class ImportedCards:
    """A file that is in: how much of it, from which day on, and whether it was in before."""

    file_id: int
    lines: int
    first_day: date | None
    was_known: bool


@dataclass(frozen=True, slots=True)
class _Arrived:
    """A line of the merchant's bank, and in which statement it stands."""

    statement: str
    line: BankLine

    @property
    def text(self) -> str:
        said = (self.line.name, self.line.text, self.line.structured, self.line.end_to_end_id)
        return " ".join(part for part in (*said, self.line.batch_id) if part)


def import_acquirer_file(
    *,
    merchant_id: int,
    mode: str,
    account_id: int,
    name: str,
    content: bytes,
    now: datetime,
    actor: Actor,
) -> ImportedCards:
    """Import an acquirer's CSV, or the lines of a bank statement that name the acquirer.

    What else stands in the statement is not kept: it is none of our business. The same file twice
    changes nothing. Raises ``AcquirerUnknown``, and ``BankFileRefused`` of the reader or ours,
    having kept nothing but the refusal, with the file.
    """
    with merchant_scope(merchant_id):
        account = AcquirerAccount.objects.filter(
            pk=account_id, merchant_id=merchant_id, mode=mode
        ).first()
        if account is None:
            raise AcquirerUnknown
        form = _form(content)
        file = AcquirerFile(
            account=account,
            merchant_id=merchant_id,
            mode=mode,
            form=form,
            sha256=hashlib.sha256(content).digest(),
            name=name[:255],
            received_at=now,
        )
        try:
            return _import(account, file, content, actor)
        except BankFileRefused as refused:
            _keep(file, content, refused, actor)
            raise


def _form(content: bytes) -> str:
    """Say what a file is by how it begins: a statement of a bank, or else a CSV."""
    head = content[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()
    is_statement = head.startswith((b"<", b"PK", b"\xff\xfe", b"\xfe\xff")) or b":20:" in head
    return "bank" if is_statement else CSV


def _import(
    account: AcquirerAccount, file: AcquirerFile, content: bytes, actor: Actor
) -> ImportedCards:
    if known := AcquirerFile.objects.filter(
        account=account, sha256=file.sha256, refusal=""
    ).first():
        return ImportedCards(known.pk, known.lines, None, was_known=True)
    lines = _csv_lines(account, content) if file.form == CSV else []
    arrived = _arrived(account, content) if file.form != CSV else []
    with transaction():
        hold_acquirers(file.merchant_id, file.mode)
        if known := AcquirerFile.objects.filter(
            account=account, sha256=file.sha256, refusal=""
        ).first():
            return ImportedCards(known.pk, known.lines, None, was_known=True)
        if file.form != CSV:
            arrived = _ours(account, arrived)
        file.lines = len(lines) + len(arrived)
        file.save(force_insert=True)
        _write_lines(file, lines)
        _write_arrivals(file, arrived)
        audit.record(
            actor=actor,
            action="acquirer_file_imported",
            object_type="acquirer_file",
            object_id=file.pk,
            merchant_id=file.merchant_id,
            mode=file.mode,
            data={"sha256": bytes(file.sha256).hex(), "lines": file.lines},
        )
    return ImportedCards(
        file.pk,
        file.lines,
        min((line.booked_on for line in lines), default=None),
        was_known=False,
    )


def _keep(file: AcquirerFile, content: bytes, refused: BankFileRefused, actor: Actor) -> None:
    """Keep a refused file for inspection, once for each reason, however often it comes."""
    why = {"line": refused.line, "sentence": str(refused), "content": content}
    with transaction():
        kept, is_new = AcquirerFile.objects.get_or_create(
            account_id=file.account_id,
            sha256=file.sha256,
            refusal=refused.code,
            defaults={
                "merchant_id": file.merchant_id,
                "mode": file.mode,
                "form": file.form,
                "name": file.name,
                "received_at": file.received_at,
                **why,
            },
        )
        if is_new:
            audit.record(
                actor=actor,
                action="acquirer_file_refused",
                object_type="acquirer_file",
                object_id=kept.pk,
                merchant_id=file.merchant_id,
                mode=file.mode,
                data={"code": refused.code, "line": refused.line},
            )


def _csv_lines(account: AcquirerAccount, content: bytes) -> list[BankLine]:
    read = acquirer.read(
        io.BytesIO(content),
        AcquirerMapping.from_json(account.mapping),
        number=account.name,
        iban=account.iban,
        currency=account.currency,
    )
    lines = [line for line in read if isinstance(line, BankLine)]
    seen: set[str] = set()
    for line in lines:
        if abs(line.amount) >= LARGEST_AMOUNT or abs(line.fee) >= LARGEST_AMOUNT:
            sentence = f"An amount of {line.amount} is more than anybody has."
            raise BankFileRefused("amount_out_of_range", sentence, line.entry + 1)
        if len(line.batch_id) > LONGEST_REFERENCE:
            sentence = f"{shown(line.batch_id)} is too long for the name of a batch."
            raise BankFileRefused("unreadable_row", sentence, line.entry + 1)
        if line.bank_reference and line.bank_reference in seen:
            sentence = f"Payment {shown(line.bank_reference)} stands in the file twice."
            raise BankFileRefused("line_twice", sentence, line.entry + 1)
        seen.add(line.bank_reference)
    return lines


def _arrived(account: AcquirerAccount, content: bytes) -> list[_Arrived]:
    """Read every line of the bank's statements, each of which must add up."""
    found: list[_Arrived] = []
    head: StatementOpened | None = None
    total = 0
    for event in chain.from_iterable(map(statements.read, documents(io.BytesIO(content)))):
        if isinstance(event, StatementOpened):
            _check_head(account, event)
            head, total = event, 0
        elif isinstance(event, StatementClosed):
            if (
                head is None
                or None in (head.opening, event.closing)
                or ((head.opening or 0) + total != event.closing)
            ):
                sentence = "The balances of the statement do not add up with its lines."
                raise BankFileRefused("balances_do_not_add_up", sentence)
        elif head is not None:
            total += event.amount
            found.append(_Arrived(f"{head.kind} {head.number}", event))
    if head is None:
        raise BankFileRefused("no_statement", "The file holds no statement.")
    return found


def _check_head(account: AcquirerAccount, head: StatementOpened) -> None:
    if head.kind not in BOOKS:
        sentence = f"{head.kind} announces; a statement (camt.053 or MT940) says what was booked."
        raise BankFileRefused("not_a_statement", sentence)
    if (head.iban, head.currency) != (account.iban, account.currency):
        sentence = f"{account.name} does not pay to {shown(head.iban)} in {head.currency}."
        raise BankFileRefused("account_unknown", sentence)


@transaction_required
def _ours(account: AcquirerAccount, arrived: Sequence[_Arrived]) -> list[_Arrived]:
    """Return what names the acquirer, or a batch that is still to come."""
    to_come = AcquirerBatch.objects.filter(account=account).exclude(arrived=F("gross") - F("fee"))
    batches = list(to_come.values_list("reference", flat=True))
    name = account.name.casefold()
    ours = [
        one
        for one in arrived
        if one.line.amount
        and (
            name in one.text.casefold()
            or any(stands_in(reference, one.text) for reference in batches)
        )
    ]
    known = AcquirerArrival.objects.filter(
        account=account, statement__in={one.statement for one in ours}
    ).first()
    if known is not None:
        sentence = f"Statement {known.statement} came before, in another file."
        raise BankFileRefused("statement_known", sentence)
    return ours


@transaction_required
def _write_lines(file: AcquirerFile, lines: Sequence[BankLine]) -> None:
    batches = _write_batches(file, lines)
    numbers = [line.bank_reference for line in lines if line.bank_reference]
    known = AcquirerLine.objects.filter(account_id=file.account_id, bank_reference__in=numbers)
    if (twice := known.first()) is not None:
        sentence = f"Payment {shown(twice.bank_reference)} came before, in another file."
        raise BankFileRefused("line_known", sentence)
    AcquirerLine.objects.bulk_create(
        (
            AcquirerLine(
                account_id=file.account_id,
                merchant_id=file.merchant_id,
                mode=file.mode,
                file=file,
                batch=batches[_batch(line)],
                number=line.entry,
                amount=line.amount,
                fee=line.fee,
                booked_on=line.booked_on,
                reference=line.end_to_end_id,
                bank_reference=line.bank_reference,
                text=line.text,
                # Of nothing there is no sale: a line that only brings a fee.
                state=SettledState.OPEN if line.amount else SettledState.EXPLAINED,
            )
            for line in lines
        ),
        batch_size=AT_ONCE,
    )


def _batch(line: BankLine) -> str:
    """Return the batch of a line; an acquirer that names none pays by the day."""
    return line.batch_id or line.booked_on.isoformat()


@transaction_required
def _write_batches(file: AcquirerFile, lines: Sequence[BankLine]) -> dict[str, AcquirerBatch]:
    by_batch: dict[str, list[BankLine]] = defaultdict(list)
    for line in lines:
        by_batch[_batch(line)].append(line)
    known = AcquirerBatch.objects.filter(account_id=file.account_id, reference__in=by_batch)
    if (twice := known.first()) is not None:
        sentence = f"Batch {shown(twice.reference)} came before, in another file."
        raise BankFileRefused("batch_known", sentence)
    return {
        reference: AcquirerBatch.objects.create(
            account_id=file.account_id,
            merchant_id=file.merchant_id,
            mode=file.mode,
            reference=reference,
            last_day=max(line.booked_on for line in of_batch),
            lines=len(of_batch),
            gross=sum(line.amount for line in of_batch),
            fee=sum(line.fee for line in of_batch),
        )
        for reference, of_batch in by_batch.items()
    }


@transaction_required
def _write_arrivals(file: AcquirerFile, arrived: Sequence[_Arrived]) -> None:
    AcquirerArrival.objects.bulk_create(
        (
            AcquirerArrival(
                account_id=file.account_id,
                merchant_id=file.merchant_id,
                mode=file.mode,
                file=file,
                statement=one.statement,
                entry=one.line.entry,
                part=one.line.part,
                amount=one.line.amount,
                booked_on=one.line.booked_on,
                text=one.text,
            )
            for one in arrived
        ),
        batch_size=AT_ONCE,
    )
