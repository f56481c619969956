"""Every text has its Dutch, and the tool that sees to it notices what is wrong."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

TOOL = settings.BASE_DIR / "locale" / "texts.py"


def _run(command: str, *, tool: Path = TOOL, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, tool, command], input=stdin, capture_output=True, text=True, check=False
    )


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A small project of its own, with the tool in it."""
    (tmp_path / "locale" / "nl" / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "templates").mkdir()
    (tmp_path / "wallet").mkdir()
    (tmp_path / "locale" / "texts.py").write_text(TOOL.read_text())
    (tmp_path / "templates" / "page.html").write_text(
        '<p>{% translate "Pay" %}</p>\n'
        "    {% blocktranslate trimmed %}Hello {{ name }}{% endblocktranslate %}\n"
        "  {% blocktranslate count n=n %}{{ n }} card{% plural %}{{ n }} cards"
        "{% endblocktranslate %}"
    )
    (tmp_path / "wallet" / "code.py").write_text('sentence = _("Scan {name} again.")\n')
    return tmp_path


ALL = (
    "Pay\tBetalen\nHello %(name)s\tDag %(name)s\nScan {name} again.\tScan {name} opnieuw.\n"
    "%(n)s card\t%(n)s cards\t%(n)s kaart\t%(n)s kaarten\n"
)


def test_every_text_of_ok_has_its_dutch() -> None:
    result = _run("check")
    assert result.returncode == 0, result.stdout


def test_complete_texts_pass_and_compile(house: Path) -> None:
    tool = house / "locale" / "texts.py"
    assert _run("add", tool=tool, stdin=ALL).returncode == 0
    assert _run("check", tool=tool).returncode == 0
    assert _run("compile", tool=tool).returncode == 0
    assert (house / "locale/nl/LC_MESSAGES/django.mo").stat().st_size > 0


@pytest.mark.parametrize(
    ("texts", "fault"),
    [
        (ALL.replace("Pay\tBetalen\n", ""), "no Dutch: templates/page.html:1: 'Pay'"),
        (ALL + "Gone\tWeg\n", "not used any more: 'Gone'"),
        (ALL.replace("Scan {name} opnieuw.", "Scan opnieuw."), "placeholders differ"),
    ],
)
def test_what_is_missing_left_over_or_broken_is_named(house: Path, texts: str, fault: str) -> None:
    tool = house / "locale" / "texts.py"
    _run("add", tool=tool, stdin=texts)
    result = _run("check", tool=tool)
    assert result.returncode == 1
    assert fault in result.stdout


def test_a_line_that_is_no_text_adds_nothing(house: Path) -> None:
    tool = house / "locale" / "texts.py"
    result = _run("add", tool=tool, stdin="Pay\tBetalen\njust a line\n")
    assert result.returncode != 0
    assert "just a line" in result.stderr
    assert not (house / "locale/nl/LC_MESSAGES/django.po").exists()


def test_somebody_elses_dutch_is_changed_on_purpose_only(house: Path) -> None:
    tool = house / "locale" / "texts.py"
    _run("add", tool=tool, stdin=ALL)
    result = _run("add", tool=tool, stdin="Pay\tAfrekenen\n")
    assert result.returncode == 1
    assert "'Pay' is 'Betalen' already" in result.stdout
    catalogue = house / "locale/nl/LC_MESSAGES/django.po"
    assert 'msgstr "Betalen"' in catalogue.read_text()
    assert _run("change", tool=tool, stdin="Pay\tAfrekenen\n").returncode == 0
    assert 'msgstr "Afrekenen"' in catalogue.read_text()
