"""FidMe's export: ``loyalty_programs.csv`` in a zip, with semicolons (pure).

Columns after CatimaLoyalty/Android, FidmeImporter: Retailer, Program, Added At, Reference,
Firstname, Lastname. FidMe says no kind of barcode, and empties the number of a card that ended
(Catima #1005).
"""

from wallet.imports.archive import Archive
from wallet.imports.rows import Found, Problem, Row, Unreadable, bounded
from wallet.imports.tables import Record, cells_of, named, text_of

NAME = "loyalty_programs.csv"


def read_archive(archive: Archive) -> Found:
    """Return the cards of FidMe's zip."""
    name = archive.find(NAME)
    if name is None:
        raise Unreadable("header_wrong")
    records = [(line, cells) for line, cells in cells_of(text_of(archive.read(name)), ";") if cells]
    header = records[0][1] if records else []
    if not {"Retailer", "Reference"} <= set(header):
        raise Unreadable("header_wrong")
    rows: list[Row] = []
    problems: list[Problem] = []
    for line, cells in records[1:]:
        one = named(header, cells)
        if one["Reference"].strip():
            rows.append(_row(line, one))
        else:
            problems.append(Problem(line, "number_gone", {"name": one["Retailer"][:80]}))
    return Found(source="fidme", rows=bounded(rows), problems=problems)


def _row(line: int, one: Record) -> Row:
    holder = f"{one.get('Firstname', '')} {one.get('Lastname', '')}".strip()
    said = (one.get("Program", "").strip(), one.get("Added At", "").strip(), holder)
    return Row(
        line=line,
        name=one["Retailer"],
        number=one["Reference"],
        note="\n".join(part for part in said if part),
    )
