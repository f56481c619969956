"""Reads pain.001.001.09 and pain.008.001.08 as OK sends them.

What is not such a file at all is ``Unreadable``; whether the bank agrees with what it says is
decided in ``demo.bank.checks``.
"""

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

import xmlschema
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:"
KINDS = {"pain.001.001.09": "payout", "pain.008.001.08": "collection"}


class Unreadable(Exception):  # noqa: N818 -- it is the file that is unreadable
    """A file the bank cannot read: not well-formed, of another kind, or against its schema."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """One transaction as asked; the amount as it is written."""

    end_to_end_id: str
    amount: str
    currency: str
    iban: str
    name: str
    text: str
    structured: str
    mandate_id: str
    is_instant: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One PmtInf: transactions from or to one account on one day."""

    id: str
    iban: str
    name: str
    day: date
    is_batch_booked: bool
    count: int | None
    control_sum: str
    wishes: tuple[Wish, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PainFile:
    """A whole file; ``kind`` is "payout" or "collection"."""

    name: str
    kind: str
    message_id: str
    count: int
    control_sum: str
    batches: tuple[Batch, ...]


@cache
def schema_of(name: str) -> xmlschema.XMLSchema:
    """Load a message's schema from the folder of sepaxml, whose code is not run."""
    found = importlib.util.find_spec("sepaxml")
    if found is None or not found.submodule_search_locations:
        raise FileNotFoundError("The schemas of sepaxml are not installed.")
    folder = Path(found.submodule_search_locations[0])
    return xmlschema.XMLSchema(folder / "schemas" / f"{name}.xsd")


def read_pain(content: bytes) -> PainFile:
    """Read a file; raises ``Unreadable`` with what is wrong."""
    try:
        root: Element = fromstring(content)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise Unreadable(f"This is no XML the bank reads: {error}") from error
    name = root.tag.removeprefix(f"{{{NAMESPACE}").removesuffix("}Document")
    if name not in KINDS:
        raise Unreadable(f"The bank takes {' and '.join(KINDS)}, not {root.tag}.")
    wrong = next(schema_of(name).iter_errors(root), None)
    if wrong is not None:
        raise Unreadable(f"Against the schema at {wrong.path}: {wrong.reason}")
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    try:
        return _file(name, root[0])
    except ValueError as error:
        # The schema allows days that no calendar of ours has, such as in the year 12026.
        raise Unreadable(str(error)) from error


def _file(name: str, root: Element) -> PainFile:
    return PainFile(
        name=name,
        kind=KINDS[name],
        message_id=_text(root, "GrpHdr/MsgId"),
        count=int(_text(root, "GrpHdr/NbOfTxs")),
        control_sum=_text(root, "GrpHdr/CtrlSum"),
        batches=tuple(_batch(KINDS[name], each) for each in root.iterfind("PmtInf")),
    )


def _batch(kind: str, element: Element) -> Batch:
    is_collection = kind == "collection"
    side = "Cdtr" if is_collection else "Dbtr"
    days = ("ReqdColltnDt", "ReqdExctnDt/Dt", "ReqdExctnDt/DtTm")
    as_batch = _text(element, "BtchBookg")
    count = _text(element, "NbOfTxs")
    return Batch(
        id=_text(element, "PmtInfId"),
        iban=_text(element, f"{side}Acct/Id/IBAN"),
        name=_text(element, f"{side}/Nm"),
        day=date.fromisoformat("".join(_text(element, day) for day in days)[:10]),
        is_batch_booked=as_batch in ("true", "1") if as_batch else is_collection,
        count=int(count) if count else None,
        control_sum=_text(element, "CtrlSum"),
        wishes=tuple(_wishes(kind, element)),
    )


def _wishes(kind: str, batch: Element) -> Iterator[Wish]:
    is_collection = kind == "collection"
    side = "Dbtr" if is_collection else "Cdtr"
    instrument = "PmtTpInf/LclInstrm/Cd"
    for element in batch.iterfind("DrctDbtTxInf" if is_collection else "CdtTrfTxInf"):
        amount = element.find("InstdAmt" if is_collection else "Amt/InstdAmt")
        instruments = (_text(batch, instrument), _text(element, instrument))
        yield Wish(
            end_to_end_id=_text(element, "PmtId/EndToEndId"),
            amount="" if amount is None else (amount.text or "").strip(),
            currency="" if amount is None else amount.get("Ccy", ""),
            iban=_text(element, f"{side}Acct/Id/IBAN"),
            name=_text(element, f"{side}/Nm"),
            text=" ".join(each.text or "" for each in element.iterfind("RmtInf/Ustrd")),
            structured=_text(element, "RmtInf/Strd/CdtrRefInf/Ref"),
            mandate_id=_text(element, "DrctDbtTx/MndtRltdInf/MndtId"),
            is_instant=not is_collection and "INST" in instruments,
        )


def _text(element: Element, path: str) -> str:
    return (element.findtext(path) or "").strip()
