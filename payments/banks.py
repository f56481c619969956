"""What a bank is called by those who bank there, from an IBAN."""

from schwifty import IBAN

# The registry has their names in law ("ABN AMRO BANK N.V."); these are the ones on their apps.
DUTCH_BANKS = {
    "ABNA": "ABN AMRO",
    "ASNB": "ASN Bank",
    "BUNQ": "bunq",
    "INGB": "ING",
    "KNAB": "Knab",
    "RABO": "Rabobank",
    "RBRB": "RegioBank",
    "REVO": "Revolut",
    "SNSB": "SNS",
    "TRIO": "Triodos Bank",
    "VDLB": "Van Lanschot",
}


def bank_name(iban: IBAN) -> str:
    """Return the bank's everyday name; its country where the registry does not know the bank."""
    everyday = DUTCH_BANKS.get(iban.bank_code) if iban.country_code == "NL" else None
    return str(everyday or iban.bank_short_name or iban.bank_name or iban.country_code)
