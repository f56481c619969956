"""An address as a QR code (ISO/IEC 18004): a drawing in the page, or a file to keep."""

from functools import lru_cache
from io import BytesIO

import qrcode
from qrcode.constants import ERROR_CORRECT_M

QUIET = 4
"""The standard's quiet zone, in modules."""
PNG_PIXELS = 12
"""Of one module: large enough to print."""


@lru_cache(maxsize=256)
def path_of(content: str) -> tuple[int, str]:
    """Return the side in modules, quiet zone included, and the SVG path of the dark ones.

    Kept for a while: choosing a mask takes tens of milliseconds, and a page is opened again.
    """
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    code.add_data(content)
    code.make(fit=True)
    rows = code.get_matrix()
    path = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark
    )
    return len(rows), path


def svg(content: str) -> str:
    """Return the drawing as a file of its own, black on white."""
    side, path = path_of(content)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" width="{side * 8}"'
        f' height="{side * 8}" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}'
        f'H0z"/><path d="{path}"/></svg>\n'
    )


def png(content: str) -> bytes:
    """Return the picture as a file."""
    picture = qrcode.make(
        content, error_correction=ERROR_CORRECT_M, border=QUIET, box_size=PNG_PIXELS
    )
    file = BytesIO()
    picture.save(file)
    return file.getvalue()
