"""The code of a card as SVG, for a browser without JavaScript."""

from dataclasses import dataclass

import qrcode
from barcode import get_barcode_class
from barcode.errors import BarcodeError
from qrcode.constants import ERROR_CORRECT_M

from wallet.symbologies import LATIN_1

LINEAR = {
    "code_39": ("code39", {"add_checksum": False}),
    "code_128": ("code128", {}),
    "ean_8": ("ean8", {}),
    "ean_13": ("ean13", {}),
    "itf": ("itf", {}),
    "upc_a": ("upca", {}),
}
QUIET_ZONE = 11
QR_QUIET_ZONE = 4


@dataclass(frozen=True, slots=True)
class Symbol:
    """Dark modules as an SVG path in a box of ``width`` by ``height``; linear ones are 1 high."""

    path: str
    width: int
    height: int


def symbol_of(symbology: str, payload: str) -> Symbol | None:
    """Draw a code as python-barcode or qrcode do; None where neither knows how."""
    if symbology == "qr_code":
        return _qr(payload)
    if symbology not in LINEAR:
        return None
    name, options = LINEAR[symbology]
    try:
        modules = get_barcode_class(name)(payload, **options).build()[0]
    except (BarcodeError, KeyError, ValueError):
        return None
    bars = [f"M{x} 0h1v1h-1z" for x, dark in enumerate(modules, QUIET_ZONE) if dark == "1"]
    return Symbol("".join(bars), len(modules) + 2 * QUIET_ZONE, 1)


def _qr(payload: str) -> Symbol:
    drawing = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QR_QUIET_ZONE)
    fits = max(payload) <= "\xff"
    drawing.add_data(payload.encode(LATIN_1 if fits else "utf-8"))
    rows = drawing.get_matrix()
    dark = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, on in enumerate(row) if on]
    return Symbol("".join(dark), len(rows), len(rows))
