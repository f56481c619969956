"""A sheet of A4 with our mark, our letters and our colours, kept to PDF/A-3B (pure).

Measures are in millimetres, letters in points. Source Sans has the letters of the names that
merchants have (Şahin, Łukasz), the euro sign, and figures that are all equally wide.
"""

from datetime import datetime
from enum import Enum
from html import escape
from importlib.resources import files
from io import BytesIO
from typing import cast

import qrcode
from fpdf import FPDF
from fpdf.enums import Align, DocumentCompliance, MethodReturnValue
from qrcode.constants import ERROR_CORRECT_M

LEFT, RIGHT, TOP, BOTTOM = 22.0, 20.0, 16.0, 30.0
WIDTH = 210.0 - LEFT - RIGHT
SPACING = 1.35
"""The height of a line of text, in its own size."""
MM_PER_POINT = 25.4 / 72

PRODUCER = "OK"
FAMILY = "Source Sans"
FONTS = files("font_source_sans_pro") / "files"

# static/favicon.svg, word for word.
MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" '
    'rx="17" fill="#0a7f52"/><path d="M22 20.500a11.500 11.500 0 1 1 0 23 11.500 11.500 0 0 1 '
    "0-23Zm0 6.200a5.300 5.300 0 1 0 0 10.600 5.300 5.300 0 0 0 0-10.600ZM36 21h6.400v8.600L50 "
    '21h7.700l-8.600 9.500L58.300 43h-7.700l-5.900-8.200-2.300 2.600V43H36Z" fill="#fff"/></svg>'
)


class Ink(Enum):
    """The colours of static/css/tokens.css that paper needs."""

    BLACK = (0x12, 0x21, 0x1C)
    GREY = (0x4D, 0x5F, 0x58)
    LINE = (0xE4, 0xE3, 0xDC)
    GREEN = (0x06, 0x4D, 0x33)
    SOFT = (0xD9, 0xF2, 0xE5)


def _about(title: str, author: str, made_at: datetime) -> str:
    """Return what the document says of itself, as XMP (ISO 16684-1), which PDF/A asks for."""
    day = made_at.isoformat(timespec="seconds")
    return f"""<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<pdfaid:part>3</pdfaid:part>
<pdfaid:conformance>B</pdfaid:conformance>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{escape(author)}</rdf:li></rdf:Seq></dc:creator>
<pdf:Producer>{PRODUCER}</pdf:Producer>
<xmp:CreateDate>{day}</xmp:CreateDate>
<xmp:ModifyDate>{day}</xmp:ModifyDate>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>"""


class Sheet(FPDF):
    """A document of such sheets; its times are given, so that it is the same file every time."""

    def __init__(self, *, title: str, author: str, language: str, made_at: datetime) -> None:
        super().__init__(enforce_compliance=DocumentCompliance.PDFA_3B)
        for style, name in (("", "Regular"), ("B", "Semibold")):
            self.add_font(FAMILY, style, str(FONTS / f"SourceSansPro-{name}.ttf"))
        self.set_margins(LEFT, TOP, RIGHT)
        self.set_auto_page_break(auto=False)
        self.c_margin = 0.0
        self.set_title(title)
        self.set_author(author)
        self.set_lang(language)
        self.set_producer(PRODUCER)
        self.set_creation_date(made_at)
        # Without this, fpdf2 would write the moment of each download into it.
        self.set_xmp_metadata(_about(title, author, made_at))

    @property
    def room(self) -> float:
        """Return how much of the page is left under the pen."""
        return float(self.h) - BOTTOM - self.get_y()

    def mark(self, x: float, y: float, size: float) -> None:
        """Draw our mark."""
        self.image(BytesIO(MARK.encode()), x, y, size, size)

    def text_at(
        self,
        x: float,
        y: float,
        width: float,
        text: str,
        *,
        size: float = 10,
        ink: Ink = Ink.BLACK,
        bold: bool = False,
        align: Align = Align.L,
    ) -> float:
        """Write text in a column, on as many lines as it takes; return where it ends."""
        self.set_xy(x, y)
        self._letters(size, ink, bold=bold)
        self.multi_cell(width, size * SPACING * MM_PER_POINT, text, align=align)
        return float(self.get_y())

    def height_of(self, width: float, text: str, *, size: float = 10) -> float:
        """Return how high text would be in a column."""
        self._letters(size, Ink.BLACK, bold=False)
        line = size * SPACING * MM_PER_POINT
        only_height = MethodReturnValue.HEIGHT
        return cast("float", self.multi_cell(width, line, text, dry_run=True, output=only_height))

    def rule(self, y: float, x: float = LEFT, ink: Ink = Ink.LINE) -> None:
        """Draw a line to the right margin."""
        self.set_draw_color(*ink.value)
        self.set_line_width(0.25)
        self.line(x, y, LEFT + WIDTH, y)

    def box(self, y: float, height: float, ink: Ink = Ink.SOFT) -> None:
        """Fill a band with round corners, from margin to margin."""
        self.set_fill_color(*ink.value)
        self.rect(LEFT, y, WIDTH, height, style="F", round_corners=True, corner_radius=2)

    def qr(self, x: float, y: float, size: float, content: str) -> None:
        """Draw a QR code (ISO/IEC 18004); around it four modules stay white."""
        code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
        code.add_data(content)
        rows = code.get_matrix()
        module = size / len(rows)
        self.set_fill_color(0)
        for down, row in enumerate(rows):
            for right, dark in enumerate(row):
                if dark:
                    self.rect(x + right * module, y + down * module, module, module, style="F")

    def _letters(self, size: float, ink: Ink, *, bold: bool) -> None:
        self.set_font(FAMILY, "B" if bold else "", size)
        self.set_text_color(*ink.value)
