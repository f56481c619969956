"""The symbologies of plastic cards: what each is called elsewhere, and what it can carry (pure).

``bwip`` is the name in bwip-js, which draws; ``detector`` the one of the Barcode Detection API
(https://wicg.github.io/shape-detection-api/#barcodeformat-section, with the additions of the
barcode-detector package), which reads; ``catima`` the one of ZXing, which Catima's files use;
``pkpass`` the one of Apple's pass.json (PassKit, "Barcodes"). Empty: not known there.

A text is drawn as ISO 8859-1 without saying so (no ECI): real scanners choke on the announcement
(Catima #2921, #2932). Whatever does not fit in that is drawn as UTF-8, equally unannounced.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

LATIN_1 = "iso-8859-1"
UTF_8 = "utf-8"
ENCODINGS = (LATIN_1, UTF_8)

GS = "\x1d"
"""Group separator: what a scanner says for FNC1 between two GS1 elements."""

LONGEST = 2000
"""Bytes; no payload of any symbology is longer."""

DIGITS = r"\d+"
ASCII = r"[\x01-\x7f]+"
BYTES = r"[\x01-\U0010ffff]+"


class Unfit(StrEnum):
    """Why a symbology cannot carry a payload."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    LENGTH = "length"
    CHARACTERS = "characters"
    CHECK_DIGIT = "check_digit"
    EVEN = "even"


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbology:
    """One symbology; lengths in characters, those of ``is_square`` ones in encoded bytes.

    ``lengths`` is set where only these fit.
    """

    name: str
    label: str
    bwip: str
    detector: str
    catima: str = ""
    pkpass: str = ""
    pattern: str = BYTES
    shortest: int = 1
    longest: int = 80
    lengths: tuple[int, ...] = ()
    has_check_digit: bool = False
    is_square: bool = False
    is_gs1: bool = False


# 80 is what ZXing writes of a linear symbology, and so what Catima keeps. GS1-128 takes 48 (GS1
# General Specifications 5.4.1). The others are capped where a phone can still draw them sharply.
_ALL = (
    Symbology(
        name="aztec",
        label="Aztec",
        bwip="azteccode",
        detector="aztec",
        catima="AZTEC",
        pkpass="PKBarcodeFormatAztec",
        longest=1500,
        is_square=True,
    ),
    Symbology(
        name="codabar",
        label="Codabar",
        bwip="rationalizedCodabar",
        detector="codabar",
        catima="CODABAR",
        pattern=r"[0-9\-$:/.+]+|[A-D][0-9\-$:/.+]+[A-D]",
        shortest=3,
    ),
    Symbology(
        name="code_39",
        label="Code 39",
        bwip="code39",
        detector="code_39",
        catima="CODE_39",
        pattern=r"[0-9A-Z\-. $/+%]+",
    ),
    Symbology(
        name="code_93",
        label="Code 93",
        bwip="code93ext",
        detector="code_93",
        catima="CODE_93",
        pattern=ASCII,
    ),
    Symbology(
        name="code_128",
        label="Code 128",
        bwip="code128",
        detector="code_128",
        catima="CODE_128",
        pkpass="PKBarcodeFormatCode128",
        pattern=ASCII,
    ),
    Symbology(
        name="data_matrix",
        label="Data Matrix",
        bwip="datamatrix",
        detector="data_matrix",
        catima="DATA_MATRIX",
        longest=1500,
        is_square=True,
    ),
    Symbology(
        name="ean_8",
        label="EAN-8",
        bwip="ean8",
        detector="ean_8",
        catima="EAN_8",
        pattern=DIGITS,
        lengths=(8,),
        has_check_digit=True,
    ),
    Symbology(
        name="ean_13",
        label="EAN-13",
        bwip="ean13",
        detector="ean_13",
        catima="EAN_13",
        pattern=DIGITS,
        lengths=(13,),
        has_check_digit=True,
    ),
    Symbology(
        name="itf",
        label="ITF",
        bwip="interleaved2of5",
        detector="itf",
        catima="ITF",
        pattern=DIGITS,
        shortest=6,  # readers take anything shorter for a part of something else
    ),
    Symbology(
        name="pdf417",
        label="PDF417",
        bwip="pdf417",
        detector="pdf417",
        catima="PDF_417",
        pkpass="PKBarcodeFormatPDF417",
        longest=800,
        is_square=True,
    ),
    Symbology(
        name="qr_code",
        label="QR",
        bwip="qrcode",
        detector="qr_code",
        catima="QR_CODE",
        pkpass="PKBarcodeFormatQR",
        longest=LONGEST,
        is_square=True,
    ),
    Symbology(
        name="upc_a",
        label="UPC-A",
        bwip="upca",
        detector="upc_a",
        catima="UPC_A",
        pattern=DIGITS,
        lengths=(12,),
        has_check_digit=True,
    ),
    Symbology(
        name="upc_e",
        label="UPC-E",
        bwip="upce",
        detector="upc_e",
        catima="UPC_E",
        pattern=r"[01]\d+",
        lengths=(8,),
        has_check_digit=True,
    ),
    Symbology(
        name="gs1_128",
        label="GS1-128",
        bwip="code128",
        detector="code_128",
        pattern=r"[\x1d!-\x7e]+",
        longest=48,
        is_gs1=True,
    ),
    Symbology(
        name="gs1_data_matrix",
        label="GS1 DataMatrix",
        bwip="datamatrix",
        detector="data_matrix",
        pattern=r"[\x1d!-\x7e]+",
        longest=300,
        is_square=True,
        is_gs1=True,
    ),
    Symbology(
        name="databar",
        label="GS1 DataBar",
        bwip="databaromni",
        detector="databar",
        catima="RSS_14",
        pattern=DIGITS,
        lengths=(14,),
        has_check_digit=True,
    ),
)
SYMBOLOGIES = {symbology.name: symbology for symbology in _ALL}
BY_CATIMA = {symbology.catima: symbology.name for symbology in _ALL if symbology.catima}
BY_PKPASS = {symbology.pkpass: symbology.name for symbology in _ALL if symbology.pkpass}


# What Catima has no kind for is nearest to these; FNC1 is lost to it, not to us.
NEAREST = {"gs1_128": "CODE_128", "gs1_data_matrix": "DATA_MATRIX"}


def catima_kind(symbology: str) -> str:
    """Return what Catima calls a symbology of ours, or the nearest it has; empty for none."""
    return NEAREST.get(symbology) or (SYMBOLOGIES[symbology].catima if symbology else "")


def encoding_for(payload: str) -> str:
    """Return the encoding a payload is drawn in: ISO 8859-1 wherever it fits."""
    return LATIN_1 if max(payload, default="") <= "\xff" else UTF_8


def unfit(symbology: Symbology, payload: str, encoding: str) -> Unfit | None:
    """Return why ``symbology`` cannot carry ``payload``; None when it can."""
    length = _length(symbology, payload, encoding)
    if not payload:
        return Unfit.EMPTY
    if length is None or not re.fullmatch(symbology.pattern, payload):
        return Unfit.CHARACTERS
    if (symbology.lengths and length not in symbology.lengths) or length < symbology.shortest:
        return Unfit.LENGTH
    if length > symbology.longest:
        return Unfit.TOO_LONG
    if symbology.name == "itf" and length % 2:
        return Unfit.EVEN
    if symbology.has_check_digit and payload[-1] != check_digit(symbology, payload):
        return Unfit.CHECK_DIGIT
    return None


def _length(symbology: Symbology, payload: str, encoding: str) -> int | None:
    """Count what counts; None when the encoding does not have a character."""
    if not symbology.is_square:
        return len(payload)
    try:
        return len(payload.encode(encoding))
    except UnicodeEncodeError:
        return None


def check_digit(symbology: Symbology, payload: str) -> str:
    """Return what the last digit has to be (GS1 General Specifications 7.9.1)."""
    digits = upc_a_of(payload) if symbology.name == "upc_e" else payload
    weighted = sum(
        int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(digits[-2::-1])
    )
    return str(-weighted % 10)


def upc_a_of(upc_e: str) -> str:
    """Write out eight digits of UPC-E as the twelve they stand for (ISO/IEC 15420, 4.2.4)."""
    system, body, check = upc_e[0], upc_e[1:7], upc_e[7]
    last = body[5]
    if last in "012":
        inside = f"{body[:2]}{last}0000{body[2:5]}"
    elif last == "3":
        inside = f"{body[:3]}00000{body[3:5]}"
    elif last == "4":
        inside = f"{body[:4]}00000{body[4]}"
    else:
        inside = f"{body[:5]}0000{last}"
    return f"{system}{inside}{check}"


_PICTURES = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "␡"}
_CONTROLS = {ord(picture): chr(code) for code, picture in _PICTURES.items()} | {ord("␠"): " "}


def readable(payload: str) -> str:
    """Return a payload as people compare and type it: what cannot be seen has its picture."""
    inside = payload.strip(" ")
    start = len(payload) - len(payload.lstrip(" "))
    end = len(payload) - len(inside) - start
    return "␠" * start + inside.translate(_PICTURES) + "␠" * end


def from_readable(text: str) -> str:
    """Return the payload of what ``readable`` made, or somebody typed; spaces around it go."""
    return text.strip().translate(_CONTROLS)
