"""Field 86 of an MT940: what a line is about, as Dutch banks write it (pure).

``/EREF/…/MARF/…/REMI/…``: keywords between slashes, each with what follows up to the next, wrapped
at 65 characters wherever that falls. ING, Rabobank and ABN AMRO use the same keywords with small
differences (their format descriptions of MT940 Structured); what has none is plain text.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from payments.bankfiles import fields

WIDTH = 65
LINES = 6

# Longer than what we use: a keyword we did not know would become part of the one before it.
_KEYWORDS = (
    *("EREF", "PREF", "MARF", "CSID", "CREF", "IREF", "UREF", "NRTX", "PIND", "CNTP", "IBAN"),
    *("BIC", "NAME", "ADDR", "ORDP", "BENM", "ULTD", "ULTC", "ULTB", "UDTR", "UCRD", "REMI"),
    *("PURP", "RTRN", "RTYP", "TRTP", "TRCD", "SVCL", "ISDT", "OCMT", "EXCH"),
)
KEYWORD = re.compile(f"/({'|'.join(_KEYWORDS)})/")
_STRUCTURED = re.compile(r"STRD/(?:.*/CDTRREF|[A-Z]{3}|)/(?P<reference>[^/ ]+)")
_LIKE_AN_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9 ]{11,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What field 86 says of one line, in the words of ``BankLine``."""

    end_to_end_id: str = ""
    batch_id: str = ""
    batch_size: int = 1
    mandate_id: str = ""
    structured: str = ""
    text: str = ""
    name: str = ""
    iban: str = ""
    reason: str = ""


def parse(written: Sequence[str], *, line: int) -> Details:
    """Read the lines of one field 86; raises ``BankFileRefused`` ("wrong_iban")."""
    joined = "".join(written)
    starts = list(KEYWORD.finditer(joined))
    if not starts or not joined.startswith("/"):
        return Details(text=" ".join(part.strip() for part in written if part.strip()))
    found: dict[str, list[str]] = {}
    ends = [start.start() for start in starts[1:]] + [len(joined)]
    for start, end in zip(starts, ends, strict=True):
        value = joined[start.end() : end].strip(" /")
        if value:
            found.setdefault(start[1], []).append(value)
    return _details(found, before=joined[: starts[0].start()].strip(" /"), line=line)


def _details(found: dict[str, list[str]], *, before: str, line: int) -> Details:
    first = {keyword: values[0] for keyword, values in found.items()}
    # ING: account, BIC, name and town of the other side in one.
    iban, _, rest = first.get("CNTP", "").partition("/")
    _, _, rest = rest.partition("/")
    texts, structured = [before] if before else [], ""
    for remittance in found.get("REMI", []):
        match = _STRUCTURED.match(remittance)
        if match:
            structured = structured or match["reference"]
        else:
            texts.append(remittance.removeprefix("USTD").strip(" /"))
    iban = first.get("IBAN", iban)
    count = first.get("NRTX", "1")
    return Details(
        end_to_end_id=fields.reference(first.get("EREF", "")),
        batch_id=first.get("PREF", ""),
        batch_size=max(1, int(count)) if count.isascii() and count.isdecimal() else 1,
        mandate_id=first.get("MARF", ""),
        structured=structured,
        text=" ".join(texts),
        name=first.get("NAME", rest.partition("/")[0]),
        # The other side may bank where there are no IBANs; then there is none to match by.
        iban=fields.iban(iban, line=line) if _LIKE_AN_IBAN.fullmatch(iban) else "",
        reason=first.get("RTRN", "").partition("/")[0],
    )
