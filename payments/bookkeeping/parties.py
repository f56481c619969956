"""Who stands on an invoice or in a bookkeeper's file (pure)."""

import re
from dataclasses import dataclass

KVK_NUMBER = re.compile(r"[0-9]{8}")
COUNTRY = re.compile(r"[A-Z]{2}")


class PartyRefusedError(ValueError):
    """What the law asks of a party on an invoice is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address; ``street`` with the number, ``country`` by ISO 3166-1."""

    street: str
    postal_code: str
    city: str
    country: str = "NL"

    def __post_init__(self) -> None:
        if not (self.street and self.postal_code and self.city):
            # Peppol BIS Billing 3.0, NL-R-002 and NL-R-004.
            message = "an address has a street, a postal code and a city"
            raise PartyRefusedError(message)
        if not COUNTRY.fullmatch(self.country):
            message = f"{self.country!r} is not a country code"
            raise PartyRefusedError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A company: its name in law, where it is, its KvK number and its VAT number.

    ``address`` is None where nobody told us: paper can do without, an electronic invoice cannot.
    ``vat_number`` starts with its country (EN 16931, BR-CO-09). Raises ``PartyRefusedError`` for
    what no invoice may lack.
    """

    name: str
    address: Address | None
    kvk: str
    vat_number: str = ""

    def __post_init__(self) -> None:
        if not self.name.strip():
            message = "a party has a name"
            raise PartyRefusedError(message)
        if not KVK_NUMBER.fullmatch(self.kvk):
            message = f"{self.kvk!r} is not a KvK number"
            raise PartyRefusedError(message)
        if self.vat_number and not COUNTRY.fullmatch(self.vat_number[:2]):
            message = f"{self.vat_number!r} does not start with a country"
            raise PartyRefusedError(message)

    @property
    def country(self) -> str:
        """Return where it is: a company with a KvK number and no address is Dutch."""
        return self.address.country if self.address else "NL"
