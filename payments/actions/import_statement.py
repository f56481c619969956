"""Take in a file of the bank: its statements and their lines, or nothing of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db import DataError

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction
from okplatform.trade.copying import copy_rows, escaped
from payments.bankfiles.lines import (
    BankFileRefused,
    BankLine,
    Read,
    StatementClosed,
    StatementOpened,
)
from payments.models import BankStatement, EntryState, HouseAccount

CHUNK_LINES = 2_000
NAME_LENGTH = 255
LARGEST_AMOUNT = 10**15

FILE = """
INSERT INTO payments_bank_file (sha256, name, received_at, refusal, line, sentence)
VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT (sha256, refusal) DO NOTHING RETURNING id
"""
IMPORTED = "SELECT id FROM payments_bank_file WHERE sha256 = %s AND refusal = ''"
STATEMENT_ID = "SELECT nextval(pg_get_serial_sequence('payments_bank_statement', 'id'))"
COLUMNS = (
    "statement_id, house_account_id, mode, entry, part, amount, currency, booked_on, valued_on,"
    " end_to_end_id, batch_id, batch_size, mandate_id, bank_reference, structured, text, name,"
    " iban, reason, is_reversal, state"
)


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """A file that is in: its statements in order, and whether it was in before this call."""

    file_id: int
    statement_ids: tuple[int, ...]
    was_known: bool


def import_statement(
    *, lines: Read, file_name: str, file_hash: bytes, now: datetime, actor: Actor
) -> ImportedFile:
    """Import a file of which ``lines`` are read as they are asked for; return what is in it.

    All of its lines begin in the work queue; ``match_entries`` takes each statement from there. The
    same file (``file_hash``, the SHA-256 of its bytes) twice changes nothing and is not read again.
    Raises ``BankFileRefused``, of the reader or ours, having kept nothing but the refusal itself.
    """
    try:
        with transaction():
            return _import(lines, file_name, file_hash, now=now, actor=actor)
    except BankFileRefused as refused:
        keep_refused(refused, file_name, file_hash, now=now, actor=actor)
        raise
    except DataError as error:
        why = BankFileRefused("cannot_be_kept", f"The file holds what cannot be kept: {error}")
        keep_refused(why, file_name, file_hash, now=now, actor=actor)
        raise why from error


def _import(
    lines: Read, file_name: str, file_hash: bytes, *, now: datetime, actor: Actor
) -> ImportedFile:
    # Somebody who imports the same file now is waited for, and then has imported it.
    written = call(FILE, [file_hash, file_name[:NAME_LENGTH], now, "", None, ""])
    if not written:
        return _known(file_hash)
    file_id = int(written[0][0])
    statement_ids = tuple(_Statement(file_id, head).write(lines) for head in _heads(lines))
    if not statement_ids:
        raise BankFileRefused("no_statement", "The file holds no statement.")
    audit.record(
        actor=actor,
        action="bank_file_imported",
        object_type="bank_file",
        object_id=file_id,
        data={"sha256": file_hash.hex(), "statements": len(statement_ids)},
    )
    return ImportedFile(file_id, statement_ids, was_known=False)


def _known(file_hash: bytes) -> ImportedFile:
    file_id = int(call(IMPORTED, [file_hash])[0][0])
    ids = BankStatement.objects.filter(file_id=file_id).order_by("pk").values_list("pk", flat=True)
    return ImportedFile(file_id, tuple(ids), was_known=True)


def keep_refused(
    refused: BankFileRefused, file_name: str, file_hash: bytes, *, now: datetime, actor: Actor
) -> None:
    """Keep for inspection why a file was refused; once for each reason, however often it comes."""
    why = [refused.code, refused.line, str(refused)]
    with transaction():
        written = call(FILE, [file_hash, file_name[:NAME_LENGTH], now, *why])
        if written:
            audit.record(
                actor=actor,
                action="bank_file_refused",
                object_type="bank_file",
                object_id=written[0][0],
                data={"sha256": file_hash.hex(), "code": refused.code, "line": refused.line},
            )


def _heads(lines: Read) -> Iterator[StatementOpened]:
    """Yield each statement's head; whoever takes it reads on to its foot."""
    for head in lines:
        if not isinstance(head, StatementOpened):
            raise BankFileRefused("line_outside_statement", "A line stands outside any statement.")
        yield head


class _Statement:
    """One statement on its way into the tables."""

    def __init__(self, file_id: int, head: StatementOpened) -> None:
        self.file_id, self.head = file_id, head
        self.account = _account(head)
        self.lines = self.total = 0
        self.foot: StatementClosed | None = None
        books = head.kind == self.account.statement_kind
        self.begins_in = EntryState.QUEUED if books else EntryState.NOTICE

    def write(self, lines: Read) -> int:
        """Copy the lines, then write the statement that they turned out to be; return its id."""
        statement_id = int(call(STATEMENT_ID)[0][0])
        whose = f"{statement_id}\t{self.account.pk}\t{self.account.mode}"
        rows = self._rows(lines, whose)
        # By the chunk: what a reader raises inside COPY would come out as an error of the driver.
        while chunk := list(islice(rows, CHUNK_LINES)):
            copy_rows("payments_bank_entry", COLUMNS, chunk)
        head = self.head
        BankStatement.objects.create(
            pk=statement_id,
            file_id=self.file_id,
            house_account=self.account,
            mode=self.account.mode,
            kind=head.kind,
            number=head.number,
            message_id=head.message_id,
            first_day=head.first_day,
            last_day=head.last_day,
            opening=head.opening,
            closing=self._closing(),
            lines=self.lines,
            total=self.total,
        )
        return statement_id

    def _rows(self, lines: Read, whose: str) -> Iterator[str]:
        for line in lines:
            if isinstance(line, StatementClosed):
                self.foot = line
                return
            if isinstance(line, StatementOpened):
                break
            if line.currency != self.account.currency:
                sentence = (
                    f"A line in {line.currency} stands on an account in {self.head.currency}."
                )
                raise BankFileRefused("currency_differs", sentence)
            if abs(line.amount) >= LARGEST_AMOUNT:
                sentence = f"A line of {line.amount} is more than any bank has."
                raise BankFileRefused("amount_out_of_range", sentence)
            self.lines += 1
            self.total += line.amount
            state = self.begins_in if line.amount else EntryState.NOTICE
            yield f"{whose}\t{_fields(line)}\t{state}\n"
        sentence = f"Statement {self.head.number} has no end: the file was cut off."
        raise BankFileRefused("statement_not_closed", sentence)

    def _closing(self) -> int | None:
        """Return the balance after the last line; raises ``BankFileRefused`` where sums differ."""
        opening, foot = self.head.opening, self.foot
        if foot is None or (foot.lines, foot.total) != (self.lines, self.total):
            sentence = f"Statement {self.head.number} says another number or sum of its lines."
            raise BankFileRefused("totals_differ", sentence)
        if opening is None or foot.closing is None:
            if self.begins_in is EntryState.QUEUED:
                sentence = f"Statement {self.head.number} has no balance before or after its lines."
                raise BankFileRefused("balance_missing", sentence)
        elif opening + self.total != foot.closing:
            sentence = (
                f"Statement {self.head.number} opens at {opening}, its lines sum to {self.total},"
                f" and it closes at {foot.closing}."
            )
            raise BankFileRefused("balances_do_not_add_up", sentence)
        return foot.closing


def _account(head: StatementOpened) -> HouseAccount:
    """Return the account of ours that a statement is about, locked: one statement at a time."""
    account = (
        HouseAccount.objects.select_for_update(no_key=True)
        .filter(iban=head.iban, currency=head.currency)
        .first()
    )
    if account is None:
        sentence = f"No account of ours has the number {head.iban} in {head.currency}."
        raise BankFileRefused("account_unknown", sentence)
    if BankStatement.objects.filter(
        house_account=account, kind=head.kind, number=head.number
    ).exists():
        sentence = f"Statement {head.number} of {head.iban} came before, in another file."
        raise BankFileRefused("statement_known", sentence)
    return account


def _fields(line: BankLine) -> str:
    """Return what the bank says of a line, as COPY reads it."""
    return "\t".join(
        (
            f"{line.entry}\t{line.part}\t{line.amount}\t{line.currency}\t{line.booked_on}",
            r"\N" if line.valued_on is None else str(line.valued_on),
            escaped(line.end_to_end_id),
            escaped(line.batch_id),
            str(line.batch_size),
            escaped(line.mandate_id),
            escaped(line.bank_reference),
            escaped(line.structured),
            escaped(line.text),
            escaped(line.name),
            escaped(line.iban),
            escaped(line.reason),
            "t" if line.is_reversal else "f",
        )
    )
