"""What may be written in a SEPA file or a SWIFT message (pure).

Every bank in SEPA takes the basic Latin set of the Implementation Guidelines (EPC217-08), which is
SWIFT's character set x without its line ends; a bank may refuse, or change, what is outside it.
"""

import re

from text_unidecode import unidecode

_OUTSIDE = re.compile(r"[^A-Za-z0-9/?:().,'+ -]")
_NEAREST = str.maketrans({"&": "+", "_": "-", '"': "'", "`": "'", ";": ",", "|": "/", "\\": "/"})
_BRACKETS = str.maketrans("[]{}<>", "()()()")
_REFERENCE = re.compile(r"(?!/)(?!.*//)[A-Za-z0-9/?:().,'+-]{1,35}(?<!/)")


def reduced(text: str, length: int) -> str:
    """Write a text in the SEPA character set, at most ``length`` long: "Café Żółw" is "Cafe Zolw".

    What has no letters of its own there becomes a full stop.
    """
    latin = unidecode(text).translate(_NEAREST).translate(_BRACKETS)
    return " ".join(_OUTSIDE.sub(".", latin).split())[:length].strip()


def is_reference(text: str) -> bool:
    """Say whether banks carry this through unchanged as a reference.

    At most 35 of the characters, no space, no slash first or last, and no two in a row.
    """
    return _REFERENCE.fullmatch(text) is not None
