"""docs/sandbox.md says what the sandbox does: its tables are those of ``merchants.magic``."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation import override

from merchants.magic import CODES, MAGIC

PAGE = Path(__file__).resolve().parents[3] / "docs" / "sandbox.md"


def amounts() -> Iterator[str]:
    yield "| amount | what happens, and what to do | `code` |"
    yield "| --- | --- | --- |"
    for magic in MAGIC:
        yield f"| {magic.amount} | {magic.says} | {quoted(magic.code)} |"


def codes() -> Iterator[str]:
    yield "| `situation` | what it is, and what to do | `code` |"
    yield "| --- | --- | --- |"
    for row in CODES:
        yield f"| `{row.situation}` | {row.says} | {quoted(row.code)} |"


def quoted(code: str) -> str:
    return f"`{code}`" if code else ""


def said(name: str) -> re.Pattern[str]:
    return re.compile(rf"(<!-- {name}: [^\n]*-->\n)(.*?)(<!-- end -->)", re.DOTALL)


TABLES = {"amounts": amounts, "codes": codes}


@pytest.mark.parametrize("name", TABLES)
def test_the_page_shows_the_table_that_the_code_acts_by(name: str) -> None:
    found = said(name).search(PAGE.read_text())
    assert found is not None
    with override("en"):
        assert found.group(2).splitlines() == list(TABLES[name]())
