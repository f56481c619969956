"""A VAT rate is what the law said on that day, and a treatment hangs together."""

from datetime import date

import pytest

from payments.bookkeeping.vat import (
    NoVatRateError,
    Vat,
    VatCategory,
    VatRate,
    VatTreatmentError,
    rate_on,
    standard,
)


@pytest.mark.parametrize(
    ("day", "rate", "basis_points"),
    [
        (date(2012, 9, 30), VatRate.STANDARD, 1900),
        (date(2012, 10, 1), VatRate.STANDARD, 2100),
        (date(2026, 11, 1), VatRate.STANDARD, 2100),
        (date(2018, 12, 31), VatRate.REDUCED, 600),
        (date(2019, 1, 1), VatRate.REDUCED, 900),
    ],
)
def test_a_rate_holds_from_its_day(day: date, rate: VatRate, basis_points: int) -> None:
    assert rate_on(day, rate=rate) == basis_points


@pytest.mark.parametrize(("day", "country"), [(date(1999, 1, 1), "NL"), (date(2026, 1, 1), "BE")])
def test_a_rate_that_nobody_wrote_down_is_not_guessed(day: date, country: str) -> None:
    with pytest.raises(NoVatRateError):
        standard(day, country=country)


@pytest.mark.parametrize(
    ("category", "basis_points", "exemption"),
    [
        (VatCategory.STANDARD, 0, ""),
        (VatCategory.STANDARD, -900, ""),
        (VatCategory.STANDARD, 2100, "VATEX-EU-AE"),
        (VatCategory.ZERO, 2100, ""),
        (VatCategory.ZERO, 0, "VATEX-EU-AE"),
        (VatCategory.EXEMPT, 0, ""),
        (VatCategory.REVERSE_CHARGE, 0, ""),
        (VatCategory.REVERSE_CHARGE, 2100, "VATEX-EU-AE"),
    ],
)
def test_a_treatment_that_contradicts_itself_is_refused(
    category: VatCategory, basis_points: int, exemption: str
) -> None:
    with pytest.raises(VatTreatmentError):
        Vat(category, basis_points, exemption)
