"""camt.053.001.08 and camt.054.001.08: what the bank booked, as it tells the account's holder."""

from datetime import date, datetime, timedelta

from demo.bank.books import Books, Payment, Row
from demo.bank.clock import ZONE, start_of
from demo.bank.letters import put_out
from demo.bank.mangling import mangled
from demo.bank.values import euros
from demo.bank.xmltree import Node, document, maybe, node

BIC = "SANDNL2A"
TOLD = "camt.054.001.08"
STATED = "camt.053.001.08"

CODES = {
    "collection": ("IDDT", "ESDD"),
    "collection_back": ("IDDT", "UPDD"),
    "payout": ("ICDT", "ESCT"),
    "payout_instant": ("IRCT", "ESCT"),
    "payout_back": ("ICDT", "RRTN"),
    "incoming": ("RCDT", "ESCT"),
    "incoming_instant": ("RRCT", "ESCT"),
}
"""The family and sub-family of each kind of entry in the domain PMNT (ISO 20022 external codes)."""


class Reporter:
    """Writes reports; ``seed`` makes references and manglings repeatable."""

    def __init__(self, books: Books, *, seed: int) -> None:
        self._books = books
        self._seed = seed

    def notify(self, *, at: datetime) -> None:
        """Tell of every entry that no notification told of: one file per account."""
        for house in self._books.houses():
            entries = self._books.rows(
                "SELECT * FROM entry WHERE iban = ? AND is_notified = 0 ORDER BY id",
                house["iban"],
            )
            if not entries:
                continue
            report = node(
                "Ntfctn",
                node("Id", self.reference("N", entries[-1]["id"])),
                node("CreDtTm", _local(at)),
                _account(house),
                *[self._entry(row) for row in entries],
            )
            content = self._document(TOLD, "BkToCstmrDbtCdtNtfctn", report, at)
            put_out(self._books, "camt.054", content, at=at)
            self._books.change(
                "UPDATE entry SET is_notified = 1 WHERE iban = ? AND is_notified = 0", house["iban"]
            )

    def state(self, day: date, *, at: datetime) -> None:
        """Give every house account its statement of a day that has ended."""
        for house in self._books.houses():
            number = house["statements"] + 1
            entries = self._books.rows(
                "SELECT * FROM entry WHERE iban = ? AND statement IS NULL AND booked_on <= ?"
                " ORDER BY id",
                house["iban"],
                day.isoformat(),
            )
            closing = house["stated"] + sum(row["amount"] for row in entries)
            report = node(
                "Stmt",
                node("Id", f"{house['iban'][-10:]}-{day:%Y%m%d}-{number}"),
                node("ElctrncSeqNb", str(number)),
                node("CreDtTm", _local(at)),
                node(
                    "FrToDt",
                    node("FrDtTm", _local(start_of(day))),
                    node("ToDtTm", _local(_end_of(day))),
                ),
                _account(house),
                _balance("OPBD", house["stated"], day),
                _balance("CLBD", closing, day),
                *[self._entry(row) for row in entries],
            )
            content = self._document(STATED, "BkToCstmrStmt", report, at)
            put_out(self._books, "camt.053", content, at=at)
            self._books.change(
                "UPDATE account SET statements = ?, stated = ? WHERE iban = ?",
                number,
                closing,
                house["iban"],
            )
            self._books.connection.executemany(
                "UPDATE entry SET statement = ? WHERE id = ?",
                [(number, row["id"]) for row in entries],
            )

    def reference(self, letter: str, number: int) -> str:
        """Make a reference of the bank's own."""
        return f"{self._seed % 10_000:04d}{letter}{number:011d}"

    def _document(self, kind: str, root: str, report: Node, at: datetime) -> bytes:
        (number,) = self._books.rows("SELECT coalesce(max(id), 0) + 1 FROM letter")[0]
        head = node(
            "GrpHdr", node("MsgId", self.reference("M", number)), node("CreDtTm", _local(at))
        )
        return document(kind, node(root, head, report))

    def _entry(self, row: Row) -> Node:
        parts = self._books.payments("id IN (SELECT payment FROM part WHERE entry = ?)", row["id"])
        reference = self.reference("E", row["id"])
        return node(
            "Ntry",
            node("NtryRef", str(row["id"])),
            *_amount(row["amount"]),
            node("Sts", node("Cd", "BOOK")),
            node("BookgDt", node("Dt", row["booked_on"])),
            node("ValDt", node("Dt", row["booked_on"])),
            node("AcctSvcrRef", reference),
            _code(row, parts),
            self._details(row, parts, reference) if parts else None,
        )

    def _details(self, row: Row, parts: list[Payment], reference: str) -> Node:
        tells = row["booked_as"] != "bare_batch"
        return node(
            "NtryDtls",
            _batch(row, parts) if row["booked_as"] != "single" else None,
            *[self._transaction(row, part, reference) for part in parts if tells],
        )

    def _transaction(self, row: Row, payment: Payment, reference: str) -> Node:
        sign = 1 if row["amount"] > 0 else -1
        end_to_end_id = self._shown(payment, "end_to_end_id", longest=35) or "NOTPROVIDED"
        structured = self._shown(payment, "structured", longest=35)
        return node(
            "TxDtls",
            node(
                "Refs",
                maybe("MsgId", payment.message_id),
                node("AcctSvcrRef", reference),
                maybe("PmtInfId", payment.batch_id),
                node("EndToEndId", end_to_end_id),
                maybe("MndtId", payment.mandate_id),
            ),
            *_amount(sign * payment.amount),
            _parties(payment),
            maybe(
                "RmtInf",
                maybe("Ustrd", self._shown(payment, "text", longest=140)),
                maybe("Strd", maybe("CdtrRefInf", _scor(structured), maybe("Ref", structured))),
            ),
            maybe("RtrInf", maybe("Rsn", maybe("Cd", row["reason"]))),
        )

    def _shown(self, payment: Payment, name: str, *, longest: int) -> str:
        text: str = getattr(payment, name)
        order = payment.in_store.get("mangle")
        if order is None or not text:
            return text
        seed = f"{self._seed}-{payment.id}"
        return mangled(text, how=order["how"], longest=longest, seed=seed)


def _local(moment: datetime) -> str:
    return moment.astimezone(ZONE).isoformat(timespec="seconds")


def _end_of(day: date) -> datetime:
    return start_of(day + timedelta(days=1)) - timedelta(seconds=1)


def _account(house: Row) -> Node:
    return node(
        "Acct",
        node("Id", node("IBAN", house["iban"])),
        node("Ccy", "EUR"),
        maybe("Ownr", maybe("Nm", house["name"])),
        node("Svcr", node("FinInstnId", node("BICFI", BIC))),
    )


def _amount(amount: int) -> tuple[Node, Node]:
    side = node("CdtDbtInd", "DBIT" if amount < 0 else "CRDT")
    return node("Amt", euros(amount), Ccy="EUR"), side


def _balance(kind: str, amount: int, day: date) -> Node:
    return node(
        "Bal",
        node("Tp", node("CdOrPrtry", node("Cd", kind))),
        *_amount(amount),
        node("Dt", node("Dt", day.isoformat())),
    )


def _code(row: Row, parts: list[Payment]) -> Node:
    is_instant = any(part.is_instant for part in parts)
    extra = "_back" if row["reason"] else "_instant" if is_instant else ""
    family, sub = CODES[row["kind"] + extra]
    domain = node("Fmly", node("Cd", family), node("SubFmlyCd", sub))
    return node("BkTxCd", node("Domn", node("Cd", "PMNT"), domain))


def _batch(row: Row, parts: list[Payment]) -> Node:
    amount, side = _amount(row["amount"])
    amount.tag = "TtlAmt"
    return node(
        "Btch",
        node("MsgId", parts[0].message_id),
        node("PmtInfId", parts[0].batch_id),
        node("NbOfTxs", str(len(parts))),
        amount,
        side,
    )


def _parties(payment: Payment) -> Node:
    # A return keeps the roles of what it returns.
    side = "Cdtr" if payment.kind == "payout" else "Dbtr"
    return node(
        "RltdPties",
        maybe(side, maybe("Pty", maybe("Nm", payment.name))),
        node(f"{side}Acct", node("Id", node("IBAN", payment.iban))),
    )


def _scor(structured: str) -> Node | None:
    return node("Tp", node("CdOrPrtry", node("Cd", "SCOR"))) if structured else None
