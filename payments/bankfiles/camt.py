"""Reads camt.053 (statement), camt.052 (report) and camt.054 (notification) of ISO 20022 (pure).

Versions 02 to 14, told apart only where they differ: a party stands in ``Pty`` since version 08, an
entry's status in ``Cd`` since 07, and a transaction has its own ``Amt`` since 03. What counts is
what is booked (status BOOK); what is only announced comes again when it is. An entry of any number
of transactions takes no more memory than one of a single transaction.
"""

from collections.abc import Iterator
from typing import BinaryIO

from payments.bankfiles import fields
from payments.bankfiles.lines import (
    BankFileRefused,
    BankLine,
    Read,
    StatementClosed,
    StatementOpened,
)
from payments.bankfiles.opening import Form
from payments.bankfiles.records import Place, Record, layout, records

MAX_BALANCES = 50
"""Kinds of balance that are kept of a statement; ISO 20022 knows some twenty."""

_BODIES = {
    Form.CAMT_052: "BkToCstmrAcctRpt/Rpt",
    Form.CAMT_053: "BkToCstmrStmt/Stmt",
    Form.CAMT_054: "BkToCstmrDbtCdtNtfctn/Ntfctn",
}
_STATEMENTS = {body.rpartition("/")[2] for body in _BODIES.values()}
_STATEMENT = ("Id", "FrToDt/FrDtTm", "FrToDt/ToDtTm", "Acct/Id/IBAN", "Acct/Ccy")
_BALANCE = ("Tp/CdOrPrtry/Cd", "Amt", "Amt/@Ccy", "CdtDbtInd", "Dt/Dt", "Dt/DtTm")
_ENTRY = (
    *("NtryRef", "Amt", "Amt/@Ccy", "CdtDbtInd", "RvslInd", "Sts", "Sts/Cd", "AcctSvcrRef"),
    *("BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm", "AddtlNtryInf"),
    *("NtryDtls/Btch/PmtInfId", "NtryDtls/Btch/NbOfTxs"),
)
_TRANSACTION = (
    *("Refs/EndToEndId", "Refs/PmtInfId", "Refs/MndtId", "Refs/AcctSvcrRef", "AddtlTxInf"),
    *("Amt", "Amt/@Ccy", "CdtDbtInd", "AmtDtls/TxAmt/Amt", "AmtDtls/TxAmt/Amt/@Ccy"),
    *("RltdPties/Dbtr/Nm", "RltdPties/Dbtr/Pty/Nm", "RltdPties/DbtrAcct/Id/IBAN"),
    *("RltdPties/Cdtr/Nm", "RltdPties/Cdtr/Pty/Nm", "RltdPties/CdtrAcct/Id/IBAN"),
    *("RmtInf/Ustrd", "RmtInf/Strd/CdtrRefInf/Ref", "RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry"),
)
_SIGNS = {"CRDT": 1, "DBIT": -1}
_OPENING = ("OPBD", "PRCD")
_CLOSING = ("CLBD",)


def read(stream: BinaryIO, *, form: Form, namespace: str) -> Read:
    """Yield what the bank tells; nothing of a file that is refused may be booked.

    Raises ``BankFileRefused``: what ``records`` and ``fields`` refuse, and "wrong_iban",
    "other_currency", "unreadable_direction", "unreadable_count", "amount_missing",
    "entry_does_not_add_up", "balance_missing", "balances_do_not_add_up", "empty".
    """
    message_id, statement, statements = "", None, 0
    for record in records(stream, _layout(form, namespace)):
        if record.name == "GrpHdr":
            message_id = record.text("MsgId")
            continue
        statement = statement or _Statement(form, message_id, record)
        yield from statement.take(record)
        if record.name in _STATEMENTS:
            statement, statements = None, statements + 1
    if not statements:
        raise BankFileRefused("empty", f"The file holds no statement of the form {form}.")


def _layout(form: Form, namespace: str) -> Place:
    message, _, body = _BODIES[form].partition("/")
    statement = f"Document/{message}/{body}"
    return layout(
        namespace,
        {
            f"Document/{message}/GrpHdr": ("MsgId",),
            statement: _STATEMENT,
            f"{statement}/Bal": _BALANCE,
            f"{statement}/Ntry": _ENTRY,
            f"{statement}/Ntry/NtryDtls/TxDtls": _TRANSACTION,
        },
    )


class _Statement:
    """One statement while it is read: what must be known of the lines that have gone by."""

    def __init__(self, form: Form, message_id: str, first: Record) -> None:
        self.form, self.message_id = form, message_id
        self.currency, self.iban = "", ""
        self.head = first
        while self.head.parent is not None:
            self.head = self.head.parent
        self.balances: dict[str, Record] = {}
        self.entries = self.lines = self.total = 0
        # Of the entry being read: its last transaction, how many came before it, and their sum.
        self.held: Record | None = None
        self.parts = self.parts_total = 0

    def take(self, record: Record) -> Read:
        if record.name == "Bal":
            if len(self.balances) < MAX_BALANCES:
                self.balances.setdefault(record.text("Tp/CdOrPrtry/Cd"), record)
            return
        if not self.iban:
            yield self._opened(record)
        if record.name == "TxDtls":
            yield from self._transaction(record)
        elif record.name == "Ntry":
            yield from self._entry(record)
        else:
            yield self._closed(record)

    def _opened(self, first: Record) -> StatementOpened:
        head, line = self.head, self.head.line
        entry = first.parent if first.name == "TxDtls" and first.parent else first
        told_by = next(iter(self.balances.values()), entry)
        self.currency = head.text("Acct/Ccy") or told_by.text("Amt/@Ccy")
        fields.check_currency(self.currency, line=line)
        self.iban = fields.iban(head.text("Acct/Id/IBAN"), line=line)
        first_day, last_day = head.text("FrToDt/FrDtTm"), head.text("FrToDt/ToDtTm")
        return StatementOpened(
            kind=self.form,
            message_id=self.message_id,
            number=head.text("Id"),
            iban=self.iban,
            currency=self.currency,
            opening=self._balance(*_OPENING),
            first_day=fields.day(first_day, line=line) if first_day else None,
            last_day=fields.day(last_day, line=line) if last_day else None,
        )

    def _balance(self, *kinds: str) -> int | None:
        """Return the first balance there is of these kinds; only a statement must have one."""
        if self.form is not Form.CAMT_053:
            return None
        for kind in kinds:
            if kind in self.balances:
                return self._signed(self.balances[kind])
        sentence = f"The statement has no booked balance of the kind {' or '.join(kinds)}."
        raise BankFileRefused("balance_missing", sentence, self.head.line)

    def _closed(self, record: Record) -> StatementClosed:
        opening, closing = self._balance(*_OPENING), self._balance(*_CLOSING)
        if opening is not None and closing is not None and opening + self.total != closing:
            raise BankFileRefused(
                "balances_do_not_add_up",
                f"Opening {opening} and entries {self.total} do not make closing {closing}.",
                record.line,
            )
        return StatementClosed(lines=self.lines, total=self.total, closing=closing)

    def _transaction(self, record: Record) -> Iterator[BankLine]:
        """Hold each transaction until it is known whether it is the only one of its entry."""
        entry = record.parent
        if entry is None or not _is_booked(entry):
            return
        if self.held is not None:
            yield self._part(entry, self.held)
        self.held = record

    def _entry(self, entry: Record) -> Iterator[BankLine]:
        amount = self._signed(entry)
        if _is_booked(entry):
            if self.parts and self.held is not None:
                yield self._part(entry, self.held)
            else:
                yield self._alone(entry, self.held or Record("TxDtls", entry.line, entry), amount)
            if self.parts_total != amount:
                raise BankFileRefused(
                    "entry_does_not_add_up",
                    f"The transactions make {self.parts_total}, their entry {amount}.",
                    entry.line,
                )
        self.entries += 1
        self.held, self.parts, self.parts_total = None, 0, 0

    def _part(self, entry: Record, transaction: Record) -> BankLine:
        """Return one of several transactions: each must say its own amount."""
        amount = self._own_amount(entry, transaction)
        if amount is None:
            sentence = "One of several transactions of an entry does not say its amount."
            raise BankFileRefused("amount_missing", sentence, transaction.line)
        return self._line(entry, transaction, amount, batch_size=1)

    def _alone(self, entry: Record, transaction: Record, booked: int) -> BankLine:
        """Return the only transaction of an entry, or an entry that tells of none.

        What it says in another currency is what was sent; the entry is what was booked.
        """
        currency = transaction.text("Amt/@Ccy", "AmtDtls/TxAmt/Amt/@Ccy") or self.currency
        fields.check_currency(currency, line=transaction.line)
        own = self._own_amount(entry, transaction) if currency == self.currency else None
        count = entry.text("NtryDtls/Btch/NbOfTxs") or "1"
        if not (count.isascii() and count.isdecimal()):
            sentence = f"{fields.shown(count)} is not a number of transactions."
            raise BankFileRefused("unreadable_count", sentence, entry.line)
        amount = booked if own is None else own
        return self._line(entry, transaction, amount, batch_size=max(1, int(count)))

    def _own_amount(self, entry: Record, transaction: Record) -> int | None:
        for path in ("Amt", "AmtDtls/TxAmt/Amt"):
            if transaction.text(path):
                return self._signed(transaction, path, entry)
        return None

    def _signed(self, record: Record, path: str = "Amt", entry: Record | None = None) -> int:
        """Return an amount in the account's currency, with the sign the account gives it."""
        line = record.line
        currency = record.text(f"{path}/@Ccy")
        amount = fields.minor_units(record.text(path), currency=currency, line=line)
        if currency != self.currency:
            sentence = f"The account is in {self.currency}, an amount on it in {currency}."
            raise BankFileRefused("other_currency", sentence, line)
        direction = record.text("CdtDbtInd") or (entry.text("CdtDbtInd") if entry else "")
        if direction not in _SIGNS:
            sentence = f"{fields.shown(direction)} is neither credit nor debit."
            raise BankFileRefused("unreadable_direction", sentence, line)
        return _SIGNS[direction] * amount

    def _line(
        self, entry: Record, transaction: Record, amount: int, *, batch_size: int
    ) -> BankLine:
        part = self.parts
        self.lines, self.parts = self.lines + 1, self.parts + 1
        self.total, self.parts_total = self.total + amount, self.parts_total + amount
        is_reversal = entry.text("RvslInd") in ("true", "1")
        name, iban = self._counterparty(transaction, is_credit=(amount >= 0) != is_reversal)
        structured, *more = transaction.all("RmtInf/Strd/CdtrRefInf/Ref") or [""]
        valued_on = entry.text("ValDt/Dt", "ValDt/DtTm")
        booked_on = entry.text("BookgDt/Dt", "BookgDt/DtTm") or valued_on
        return BankLine(
            entry=self.entries + 1,
            part=part,
            amount=amount,
            currency=self.currency,
            booked_on=fields.day(booked_on, line=entry.line),
            valued_on=fields.day(valued_on, line=entry.line) if valued_on else None,
            end_to_end_id=fields.reference(transaction.text("Refs/EndToEndId")),
            batch_id=transaction.text("Refs/PmtInfId") or _batch(entry),
            batch_size=batch_size,
            mandate_id=transaction.text("Refs/MndtId"),
            bank_reference=transaction.text("Refs/AcctSvcrRef")
            or entry.text("AcctSvcrRef", "NtryRef"),
            structured=structured,
            text=" ".join([*transaction.all("RmtInf/Ustrd"), *more])
            or transaction.text("AddtlTxInf")
            or entry.text("AddtlNtryInf"),
            name=name,
            iban=iban,
            reason=transaction.text("RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry"),
            is_reversal=is_reversal,
        )

    def _counterparty(self, transaction: Record, *, is_credit: bool) -> tuple[str, str]:
        """Return name and IBAN of the other side: who paid us, or whom we paid.

        A return keeps the parties of what it returns, so whoever has our own account is passed by.
        """
        for role in ("Dbtr", "Cdtr") if is_credit else ("Cdtr", "Dbtr"):
            name = transaction.text(f"RltdPties/{role}/Pty/Nm", f"RltdPties/{role}/Nm")
            iban = transaction.text(f"RltdPties/{role}Acct/Id/IBAN")
            iban = fields.iban(iban, line=transaction.line) if iban else ""
            if (name or iban) and iban != self.iban:
                return name, iban
        return "", ""


def _is_booked(entry: Record) -> bool:
    return entry.text("Sts/Cd", "Sts") == "BOOK"


def _batch(entry: Record) -> str:
    """Return the batch an entry was booked for; none when it was booked for several."""
    batches = entry.all("NtryDtls/Btch/PmtInfId")
    return batches[0] if len(batches) == 1 else ""
