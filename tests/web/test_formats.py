"""Amounts, rates and moments read as a Dutch and an English reader write them."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.utils import timezone, translation

from okplatform.web import formats

MINUS = "\N{MINUS SIGN}_"
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture(params=["nl", "en"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    with translation.override(request.param), timezone.override("Europe/Amsterdam"):
        yield request.param


def _said(language: str, dutch: str, english: str) -> str:
    return (dutch if language == "nl" else english).replace("_", "\N{NO-BREAK SPACE}")


def test_an_amount_is_written_with_its_currency(language: str) -> None:
    assert formats.money(1840, "EUR") == _said(language, "€_18,40", "€18.40")
    assert formats.money(4128600, "EUR") == _said(language, "€_41.286,00", "€41,286.00")


def test_a_minus_stands_before_the_currency(language: str) -> None:
    assert formats.money(-100, "EUR") == _said(language, f"{MINUS}€_1,00", f"{MINUS}€1.00")


def test_a_rate_is_written_as_a_percentage(language: str) -> None:
    assert formats.percent(900) == _said(language, "9_%", "9%")
    assert formats.percent(1250) == _said(language, "12,5_%", "12.5%")


@pytest.mark.parametrize(
    ("moment", "dutch", "english"),
    [
        (datetime(2026, 11, 21, 13, 2, tzinfo=UTC), "vandaag 14:02", "today 14:02"),
        # 23:30 in London is tomorrow in Amsterdam: the reader's day counts.
        (datetime(2026, 11, 20, 23, 30, tzinfo=UTC), "vandaag 00:30", "today 00:30"),
        (datetime(2026, 11, 20, 8, 5, tzinfo=UTC), "gisteren 09:05", "yesterday 09:05"),
        (datetime(2026, 11, 3, 8, 5, tzinfo=UTC), "3 nov 09:05", "3 Nov 09:05"),
        (datetime(2025, 7, 3, 8, 5, tzinfo=UTC), "3 jul 2025 10:05", "3 Jul 2025 10:05"),
    ],
)
def test_a_moment_is_told_as_one_speaks(
    language: str, moment: datetime, dutch: str, english: str
) -> None:
    assert formats.day_and_time(moment, now=NOON) == (dutch if language == "nl" else english)
