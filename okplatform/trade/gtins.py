"""Bar codes of products, GS1 General Specifications section 7.9 (check digit). Pure."""

from stdnum import ean

LENGTHS = {8, 12, 13, 14}


def normalised(text: str) -> str | None:
    """Return the 14-digit form of a bar code; None for what is none, or is misread."""
    digits = text.strip()
    if len(digits) not in LENGTHS or not ean.is_valid(digits):
        return None
    return digits.zfill(14)
