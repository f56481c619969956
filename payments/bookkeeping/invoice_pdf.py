"""An invoice on paper: A4, in Dutch or English, the same bytes every time (pure).

PDF/A-3B (ISO 19005-3), which archives keep: the fonts are inside, and so is the invoice as UBL
where it can be written, for whoever would rather read it by program.
"""

from datetime import UTC, date, datetime, time
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent
from fpdf.enums import Align
from typing_extensions import override

from okplatform.kernel.money import BASIS_POINTS, format_money
from okplatform.web.pdf import LEFT, TOP, WIDTH, Ink, Sheet
from payments.bookkeeping.invoice_words import WORDS
from payments.bookkeeping.invoices import CreditNote, Invoice, InvoiceLine, VatTotal
from payments.bookkeeping.parties import Address, Party
from payments.bookkeeping.ubl import lacks, write_ubl
from payments.bookkeeping.vat import VatCategory

SMALL, NORMAL, LARGE, TITLE = 8.5, 10.0, 13.0, 24.0
ADDRESS_TOP, ADDRESS_WIDTH = 50.0, 84.0
FACTS_LEFT, FACT_WIDTH = 122.0, 34.0
COLUMNS = (LEFT, LEFT + 96, LEFT + 116, LEFT + 134, LEFT + WIDTH)
"""Where description, quantity, VAT and amount begin, and where the last one ends."""
TOTALS_LEFT, TOTALS_WIDTH = LEFT + 70, 68.0


def write_pdf(document: Invoice | CreditNote, *, language: str) -> bytes:
    """Return an invoice or a credit note for a reader of a language (nl, en).

    Raises ``KeyError`` for a language that is not ours.
    """
    sheet = _InvoiceSheet(document, language)
    sheet.add_page()
    sheet.lines()
    sheet.totals()
    sheet.closing()
    return bytes(sheet.output())


class _InvoiceSheet(Sheet):
    """The sheets of one invoice; ``header`` and ``footer`` are drawn on each of them."""

    def __init__(self, document: Invoice | CreditNote, language: str) -> None:
        self.document, self.language, self.words = document, language, WORDS[language]
        self.is_credit = isinstance(document, CreditNote)
        name = self.words.credit_note if self.is_credit else self.words.invoice
        made_at = datetime.combine(document.issued_on, time(), UTC)
        super().__init__(
            title=f"{name} {document.number}",
            author=document.seller.name,
            language=language,
            made_at=made_at,
        )
        if not lacks(document):
            self.embed_file(
                bytes=write_ubl(document),
                basename=f"{document.number}.xml",
                mime_type="text/xml",
                associated_file_relationship="Alternative",
                modification_date=made_at,
            )

    @override
    def header(self) -> None:
        """Draw the mark and the name; the first page also says who, what and when."""
        self.mark(LEFT, TOP, 12)
        self.text_at(LEFT + 16, TOP + 2.9, 90, self.document.seller.name, size=LARGE, bold=True)
        if self.page_no() == 1:
            name = self.words.credit_note if self.is_credit else self.words.invoice
            self._right(TOP, name, size=TITLE, bold=True)
            self._letter_head()
        else:
            self._right(TOP + 3.6, self.document.number, ink=Ink.GREY)
            self.set_y(TOP + 22)

    @override
    def footer(self) -> None:
        """Draw who sent it, as the law asks, and the number of the page."""
        words, seller = self.words, self.document.seller
        top = float(self.h) - 22
        self.rule(top)
        where = " · ".join([seller.name, *_lines_of(seller.address)])
        self.text_at(LEFT, top + 2.5, WIDTH - 25, where, size=SMALL, ink=Ink.GREY)
        who = f"{words.kvk} {seller.kvk} · {words.vat_number} {seller.vat_number}"
        self.text_at(LEFT, top + 6.6, WIDTH - 25, who, size=SMALL, ink=Ink.GREY)
        page = words.page.format(page=self.page_no(), pages=self.str_alias_nb_pages)
        # The number of pages is filled in at the end, where its longer stand-in stood.
        spare = self.get_string_width(f"{self.str_alias_nb_pages}") - self.get_string_width("0")
        self.text_at(
            LEFT + WIDTH - 25, top + 2.5, 25 + spare, page, size=SMALL, ink=Ink.GREY, align=Align.R
        )

    def lines(self) -> None:
        """Draw the lines, none of them over two pages."""
        self._column_heads()
        for line in self.document.lines:
            if self.room < self._height(line):
                self.add_page()
                self._column_heads()
            self._line(line)

    def totals(self) -> None:
        """Draw the sums, together on one page."""
        document, words = self.document, self.words
        rows = [(words.net, document.net, False)]
        rows += [(self._vat_row(total), total.amount, False) for total in document.vat_totals]
        rows.append((words.gross, document.gross, True))
        if document.paid:
            rows.append((words.paid, -document.paid, False))
            rows.append((self._last_row(), document.payable, True))
        if self.room < 7.0 * len(rows) + 3:
            self.add_page()
        self.set_y(self.get_y() + 3)
        for name, amount, is_sum in rows:
            self._sum(name, amount, is_sum=is_sum)

    def closing(self) -> None:
        """Draw what happens now, and the note."""
        sentence, note = self._payment_sentence(), self.document.note
        height = self.height_of(WIDTH - 10, sentence) + 7
        if self.room < 8 + height + 5 + self.height_of(WIDTH, note):
            self.add_page()
        top = self.get_y() + 8
        self.box(top, height)
        self.text_at(LEFT + 5, top + 3.5, WIDTH - 10, sentence, ink=Ink.GREEN)
        self.text_at(LEFT, top + height + 5, WIDTH, note)

    def _letter_head(self) -> None:
        buyer_end = self._buyer(self.document.buyer)
        top = ADDRESS_TOP
        for name, value in self._facts():
            self.text_at(FACTS_LEFT, top, FACT_WIDTH, name, ink=Ink.GREY)
            end = self.text_at(
                FACTS_LEFT + FACT_WIDTH, top, LEFT + WIDTH - FACTS_LEFT - FACT_WIDTH, value
            )
            top = end + 0.8
        self.set_y(max(buyer_end, top) + 10)

    def _buyer(self, buyer: Party) -> float:
        end = self.text_at(LEFT, ADDRESS_TOP, ADDRESS_WIDTH, buyer.name, bold=True)
        lines = _lines_of(buyer.address)
        if buyer.country != self.document.seller.country:
            lines.append(buyer.country)
        for line in lines:
            end = self.text_at(LEFT, end, ADDRESS_WIDTH, line)
        who = f"{self.words.kvk} {buyer.kvk}"
        if buyer.vat_number:
            who += f" · {self.words.vat_number} {buyer.vat_number}"
        return self.text_at(LEFT, end + 2, ADDRESS_WIDTH, who, size=SMALL, ink=Ink.GREY)

    def _facts(self) -> list[tuple[str, str]]:
        document, words = self.document, self.words
        facts = [(words.number, document.number), (words.date, self._day(document.issued_on))]
        if isinstance(document, CreditNote):
            facts.append((words.credited, document.invoice_number))
        else:
            facts.append((words.due, self._day(document.due_on)))
        if document.period is not None:
            first, last = self._day(document.period.first), self._day(document.period.last)
            facts.append((words.period, words.until.format(first=first, last=last)))
        return [*facts, (words.reference, document.reference)]

    def _column_heads(self) -> None:
        words, top = self.words, self.get_y()
        heads = (words.description, words.quantity, words.vat, words.amount)
        for index, head in enumerate(heads):
            self._cell(index, top, head, size=SMALL, ink=Ink.GREY)
        self.rule(top + 6)
        self.set_y(top + 7.5)

    def _height(self, line: InvoiceLine) -> float:
        width = COLUMNS[1] - COLUMNS[0]
        detail = self.height_of(width, line.detail, size=SMALL) if line.detail else 0.0
        return self.height_of(width, line.name) + detail + 4

    def _line(self, line: InvoiceLine) -> None:
        top = self.get_y()
        end = self._cell(0, top, line.name)
        rate = format_percent(Decimal(line.vat.rate_bp) / BASIS_POINTS, "0.##%", self.language)
        self._cell(1, top, format_decimal(line.quantity, locale=self.language))
        self._cell(2, top, rate)
        self._cell(3, top, self._money(line.net))
        if line.detail:
            end = self._cell(0, end, line.detail, size=SMALL, ink=Ink.GREY)
        self.rule(end + 1.5)
        self.set_y(end + 3)

    def _cell(
        self, column: int, top: float, text: str, *, size: float = NORMAL, ink: Ink = Ink.BLACK
    ) -> float:
        left, end = COLUMNS[column], COLUMNS[column + 1]
        align = Align.R if column else Align.L
        return self.text_at(left, top, end - left, text, size=size, ink=ink, align=align)

    def _sum(self, name: str, amount: int, *, is_sum: bool) -> None:
        top = self.get_y()
        if is_sum:
            self.rule(top, TOTALS_LEFT, Ink.BLACK)
            top += 1.5
        size = LARGE - 2 if is_sum else NORMAL
        end = self.text_at(TOTALS_LEFT, top, TOTALS_WIDTH, name, size=size, bold=is_sum)
        self._right(top, self._money(amount), size=size, bold=is_sum)
        self.set_y(end + 1.2)

    def _vat_row(self, total: VatTotal) -> str:
        net = self._money(total.net)
        if total.vat.category is VatCategory.STANDARD:
            rate = format_percent(Decimal(total.vat.rate_bp) / BASIS_POINTS, "0.##%", self.language)
            return self.words.vat_over.format(rate=rate, net=net)
        return self.words.untaxed[total.vat.category].format(code=total.vat.exemption, net=net)

    def _last_row(self) -> str:
        return self.words.refundable if self.is_credit else self.words.payable

    def _payment_sentence(self) -> str:
        document, payment = self.document, self.document.payment
        if not document.payable:
            return self.words.settled
        amount = self._money(document.payable)
        if isinstance(document, CreditNote):
            return self.words.refund[payment.means].format(amount=amount, iban=payment.iban)
        return self.words.payment[payment.means].format(
            amount=amount,
            due=self._day(document.due_on),
            iban=payment.iban,
            number=document.number,
            mandate=payment.mandate,
            creditor=payment.creditor,
        )

    def _right(
        self,
        top: float,
        text: str,
        *,
        size: float = NORMAL,
        bold: bool = False,
        ink: Ink = Ink.BLACK,
    ) -> None:
        self.text_at(LEFT + WIDTH - 70, top, 70, text, size=size, bold=bold, ink=ink, align=Align.R)

    def _money(self, amount: int) -> str:
        return format_money(amount, self.document.currency, self.language)

    def _day(self, day: date) -> str:
        return format_date(day, "d MMMM y", self.language)


def _lines_of(address: Address | None) -> list[str]:
    return [address.street, f"{address.postal_code}  {address.city}"] if address else []
