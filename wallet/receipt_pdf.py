"""A receipt on A4, the same bytes every time its facts are the same."""

from collections.abc import Iterator
from dataclasses import dataclass

from babel.dates import format_date, format_datetime
from django.utils import translation
from django.utils.translation import gettext as _
from fpdf.enums import Align
from typing_extensions import override

from okplatform.web import formats
from okplatform.web.pdf import LEFT, TOP, WIDTH, Ink, Sheet
from wallet.paper import CameBack, Paper

SMALL, NORMAL, LARGE, TITLE = 8.5, 10.0, 13.0, 24.0
HEAD_TOP = 44.0
FACTS_LEFT, FACT_WIDTH = 110.0, 30.0
AMOUNT_WIDTH = 40.0
QR_SIZE = 30.0


def write_pdf(paper: Paper) -> bytes:
    """Return the PDF, in the paper's language."""
    with translation.override(paper.language):
        sheet = _ReceiptSheet(paper)
        sheet.add_page()
        sheet.draw()
        return bytes(sheet.output())


@dataclass(frozen=True, slots=True)
class _Row:
    """A text at the left and an amount at the right, with something smaller below the text."""

    text: str
    amount: str
    detail: str = ""
    is_sum: bool = False
    ink: Ink = Ink.BLACK


class _ReceiptSheet(Sheet):
    """The sheets of one receipt; ``header`` and ``footer`` are drawn on each of them."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        super().__init__(
            title=f"{_('Receipt')} {paper.seller.name} {paper.till_number}".strip(),
            author=paper.seller.name,
            language=paper.language,
            made_at=paper.closed_at,
        )

    @override
    def header(self) -> None:
        """Draw the mark and the shop; the first page also says who, where and when."""
        self.mark(LEFT, TOP, 12)
        self.text_at(LEFT + 16, TOP + 2.9, 90, self.paper.seller.name, size=LARGE, bold=True)
        self.text_at(LEFT + WIDTH - 70, TOP, 70, _("Receipt"), size=TITLE, bold=True, align=Align.R)
        self.set_y(TOP + 22)
        if self.page_no() == 1:
            self._head()

    @override
    def footer(self) -> None:
        """Draw what it is."""
        top = float(self.h) - 22
        self.rule(top)
        said = _("Kept for you by OK. Amounts include VAT.")
        if self.paper.mode == "test":
            said = _("A test: nothing was bought.")
        self.text_at(LEFT, top + 2.5, WIDTH - 25, said, size=SMALL, ink=Ink.GREY)
        self.text_at(
            LEFT + WIDTH - 25,
            top + 2.5,
            25,
            str(self.page_no()),
            size=SMALL,
            ink=Ink.GREY,
            align=Align.R,
        )

    def draw(self) -> None:
        """Draw what was bought, what it cost, what came back, and the code for returns."""
        for row in self._rows():
            self._row(row)
        for visit in self.paper.came_back:
            self.set_y(self.get_y() + 6)
            for row in self._back_rows(visit):
                self._row(row)
        for note in self.paper.notes:
            self.set_y(self.get_y() + 3)
            self._row(_Row(note.title, note.value, note.line))
        for row in self._warranty_rows():
            self._row(row)
        self._return_code()

    def _head(self) -> None:
        seller = self.paper.seller
        end = HEAD_TOP - 0.8
        where = [", ".join(filter(None, (seller.store, seller.city or "")))]
        if seller.city == seller.store:
            where = [seller.store]
        where += [
            line
            for line in (seller.street, f"{seller.postal_code}  {seller.address_city}".strip())
            if line
        ]
        for line in where:
            end = self.text_at(LEFT, end + 0.8, 84, line)
        who = _("VAT number {vat_number}, KvK {kvk}").format(
            vat_number=seller.vat_number, kvk=seller.kvk
        )
        end = self.text_at(LEFT, end + 2, 84, who, size=SMALL, ink=Ink.GREY)
        top = HEAD_TOP
        for name, value in self._facts():
            self.text_at(FACTS_LEFT, top, FACT_WIDTH, name, ink=Ink.GREY)
            left = FACTS_LEFT + FACT_WIDTH
            top = self.text_at(left, top, LEFT + WIDTH - left, value) + 0.8
        self.set_y(max(end, top) + 10)
        self.rule(self.get_y() - 3)

    def _facts(self) -> list[tuple[str, str]]:
        paper = self.paper
        day = format_datetime(paper.closed_at, "d MMMM y HH:mm", locale=paper.language)
        facts = [(_("Date"), day)]
        if paper.till_number:
            facts.append((_("Receipt number"), paper.till_number))
        return facts

    def _rows(self) -> Iterator[_Row]:
        paper = self.paper
        for line in paper.lines:
            yield _Row(line.name, self._money(line.gross), line.measure)
        for discount in paper.discounts:
            yield _Row(discount.text, self._money(-discount.amount), ink=Ink.GREEN)
        yield _Row(_("Total"), self._money(paper.due), is_sum=True)
        for paid in paper.paid:
            text = _("Paid with %(kind)s") % {"kind": paid.label}
            if paid.funding:
                text = _("Paid from {label}").format(
                    label=f"{paid.funding.label} •• {paid.funding.tail}"
                )
            yield _Row(text, self._money(paid.amount))
        for vat in paper.vat:
            text = _("VAT {rate}, in {paid}").format(
                rate=formats.percent(vat.rate_bp), paid=self._money(vat.paid)
            )
            yield _Row(text, self._money(vat.amount), ink=Ink.GREY)

    def _back_rows(self, visit: CameBack) -> Iterator[_Row]:
        when = format_datetime(visit.at, "d MMMM y", locale=self.paper.language)
        title = _("Given back, %(store)s") % {"store": visit.store}
        yield _Row(title, self._money(visit.amount), when, is_sum=True)
        for line in visit.lines:
            lowered = _("%(name)s, made cheaper") % {"name": line.name}
            yield _Row(lowered if line.is_lowered else line.name, self._money(-line.amount))

    def _warranty_rows(self) -> Iterator[_Row]:
        names = {line.number: line.name for line in self.paper.lines}
        for one in self.paper.warranties:
            of = names[one.line] if one.line else _("Everything on the receipt")
            day = format_date(one.ends_on, "d MMMM y", locale=self.paper.language)
            text = _("Warranty until {day}: {of}").format(day=day, of=of)
            yield _Row(text, "", one.note)

    def _row(self, row: _Row) -> None:
        size = LARGE - 2 if row.is_sum else NORMAL
        width = WIDTH - AMOUNT_WIDTH - 4
        height = self.height_of(width, row.text, size=size)
        if row.detail:
            height += self.height_of(width, row.detail, size=SMALL)
        if self.room < height + 4:
            self.add_page()
        top = self.get_y()
        if row.is_sum:
            self.rule(top, LEFT, Ink.BLACK)
            top += 1.5
        end = self.text_at(LEFT, top, width, row.text, size=size, ink=row.ink, bold=row.is_sum)
        self.text_at(
            LEFT + WIDTH - AMOUNT_WIDTH,
            top,
            AMOUNT_WIDTH,
            row.amount,
            size=size,
            ink=row.ink,
            bold=row.is_sum,
            align=Align.R,
        )
        if row.detail:
            end = self.text_at(LEFT, end, width, row.detail, size=SMALL, ink=Ink.GREY)
        self.set_y(end + 1.6)

    def _return_code(self) -> None:
        if self.room < QR_SIZE + 14:
            self.add_page()
        top = self.get_y() + 10
        number = str(self.paper.number)
        self.qr(LEFT, top, QR_SIZE, number)
        beside = LEFT + QR_SIZE + 8
        end = self.text_at(
            beside, top, WIDTH - QR_SIZE - 8, _("To take something back"), size=NORMAL, bold=True
        )
        said = _("Let the shop scan this code: it finds this purchase.")
        end = self.text_at(beside, end + 1, WIDTH - QR_SIZE - 8, said)
        end = self.text_at(beside, end + 1, WIDTH - QR_SIZE - 8, number, size=SMALL, ink=Ink.GREY)
        self.set_y(max(end, top + QR_SIZE))

    def _money(self, amount: int) -> str:
        return formats.money(amount, self.paper.currency)
