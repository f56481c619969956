"""VAT as dated data: which rate held on which day, and how an invoice names a treatment (pure).

Rates are in basis points (2100 is 21 %). A new rate is a new line with the day from which it
holds; nothing that was invoiced changes.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from okplatform.kernel.money import BASIS_POINTS, half_up


class VatCategory(StrEnum):
    """Why VAT is charged or not: the subset of UNCL5305 that Peppol allows and fees may need."""

    STANDARD = "S"
    """Taxed, at whatever rate above zero; a reduced rate too."""
    ZERO = "Z"
    EXEMPT = "E"
    REVERSE_CHARGE = "AE"
    """The buyer owes the VAT."""


class VatRate(StrEnum):
    """The rates that a country has beside each other."""

    STANDARD = "standard"
    REDUCED = "reduced"


@dataclass(frozen=True, slots=True)
class DatedRate:
    """A rate and the first day on which it holds; it holds until the next one."""

    country: str
    rate: VatRate
    since: date
    basis_points: int


RATES = (
    # Wet op de omzetbelasting 1968, article 9 paragraph 1; 19 % until the Wet uitwerking fiscale
    # maatregelen Begrotingsakkoord 2013.
    DatedRate("NL", VatRate.STANDARD, date(2001, 1, 1), 1900),
    DatedRate("NL", VatRate.STANDARD, date(2012, 10, 1), 2100),
    # The same act, article 9 paragraph 2 under a (table I); 6 % until the Belastingplan 2019.
    DatedRate("NL", VatRate.REDUCED, date(2001, 1, 1), 600),
    DatedRate("NL", VatRate.REDUCED, date(2019, 1, 1), 900),
)


class NoVatRateError(LookupError):
    """Nobody wrote down which rate held in that country on that day."""


def rate_on(day: date, *, country: str = "NL", rate: VatRate = VatRate.STANDARD) -> int:
    """Return the rate in basis points that held on a day.

    Raises ``NoVatRateError`` for a country or a day outside the table: a rate is never guessed.
    """
    valid = [
        line
        for line in RATES
        if line.country == country and line.rate is rate and line.since <= day
    ]
    if not valid:
        message = f"no {rate} VAT rate is known for {country} on {day}"
        raise NoVatRateError(message)
    return max(valid, key=lambda line: line.since).basis_points


def dated_rates(
    *, country: str = "NL", rate: VatRate = VatRate.STANDARD
) -> tuple[tuple[date, int], ...]:
    """Return a country's rates with their first days, for what computes on many days at once."""
    lines = (line for line in RATES if line.country == country and line.rate is rate)
    return tuple((line.since, line.basis_points) for line in lines)


class VatTreatmentError(ValueError):
    """A category, a rate and a reason that do not go together."""


@dataclass(frozen=True, slots=True, order=True)
class Vat:
    """How one line is taxed.

    ``exemption`` says why no VAT is charged, as a code of the CEF VATEX list
    ("VATEX-EU-AE", "VATEX-EU-132-1A"); exempt and reverse-charged lines need one, the others may
    have none (EN 16931, BR-E-10, BR-AE-10, BR-S-10, BR-Z-10). Raises ``VatTreatmentError``.
    """

    category: VatCategory
    rate_bp: int
    exemption: str = ""

    def __post_init__(self) -> None:
        is_taxed = self.category is VatCategory.STANDARD
        is_explained = self.category in {VatCategory.EXEMPT, VatCategory.REVERSE_CHARGE}
        if self.rate_bp < 0 or is_taxed != (self.rate_bp > 0):
            message = f"category {self.category} does not go with {self.rate_bp} basis points"
            raise VatTreatmentError(message)
        if is_explained != bool(self.exemption):
            message = f"category {self.category} {'needs' if is_explained else 'has no'} exemption"
            raise VatTreatmentError(message)

    def on(self, net: int) -> int:
        """Return the VAT on a net amount, in the same unit, rounded half up."""
        return half_up(net * self.rate_bp, BASIS_POINTS)


REVERSE_CHARGE = Vat(VatCategory.REVERSE_CHARGE, 0, "VATEX-EU-AE")


def standard(day: date, *, country: str = "NL") -> Vat:
    """Return the treatment of what is taxed at a country's standard rate on a day."""
    return Vat(VatCategory.STANDARD, rate_on(day, country=country))
