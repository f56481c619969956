"""An invoice on paper says what the invoice says, in the reader's language."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from okplatform.web.pdf import MARK
from payments.bookkeeping.invoice_pdf import write_pdf
from payments.bookkeeping.invoices import CreditNote, Invoice, InvoiceLine
from payments.bookkeeping.ubl import write_ubl
from payments.bookkeeping.vat import REVERSE_CHARGE
from tests.payments.bookkeeping.samples import DEBIT, HIGH, KIM, TRANSFER, credit_note, invoice

FOOT = 22 * 72 / 25.4
"""The rule above the foot, in points from the paper's edge."""

opened: Any = pypdfium2.PdfDocument


def pages(pdf: bytes) -> list[str]:
    """Return the text of each page, spaces as people see them."""
    with opened(pdf) as document:
        texts = [page.get_textpage().get_text_bounded() for page in document]
    return [" ".join(text.replace("\xa0", " ").split()) for text in texts]


def bottoms(page: Any, *texts: str) -> list[float]:
    """Return how far above the paper's edge the last of each text stands, where it is there."""
    textpage, heights = page.get_textpage(), []
    for wanted in texts:
        search, last = textpage.search(wanted), None
        while (found := search.get_next()) is not None:
            last = found
        if last is not None:
            heights.append(textpage.get_charbox(last[0])[1])
    return heights


def text(document: Invoice | CreditNote, language: str) -> str:
    (page,) = pages(write_pdf(document, language=language))
    return page


def test_a_dutch_invoice_has_all_that_the_law_asks() -> None:
    page = text(invoice(paid=500), "nl")
    for part in (
        "Factuur",
        "2026-00017",
        "31 oktober 2026",
        "OK B.V. · Keizersgracht 1 · 1015 CJ Amsterdam",
        "KvK 61200904 · Btw-nummer NL081230047B01",
        "Groente & Fruit Şahin <Kim>",
        "Markt 12 bis",
        "Btw 21% over € 16,75 € 3,52",
        "Btw 9% over € 3,33 € 0,30",
        "Totaal € 23,90",
        "Al verrekend € -5,00",
        "Te betalen € 18,90",
        "1 van 1",
    ):
        assert part in page


def test_an_english_invoice_reads_as_english() -> None:
    page = text(invoice(), "en")
    assert "Invoice" in page
    assert "VAT 21% on €16.75 €3.52" in page
    assert "Total €23.90" in page
    assert "14 November 2026" in page
    assert "Factuur" not in page


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (invoice(), "U hoeft niets te doen: wij verrekenen € 23,90 met uw volgende uitbetalingen."),
        (
            invoice(payment=TRANSFER),
            "Maak € 23,90 uiterlijk 14 november 2026 over naar NL91ABNA0417164300, met kenmerk "
            "2026-00017.",
        ),
        (invoice(payment=DEBIT), "(machtiging M-1, incassant NL98ZZZ999999990000)."),
        (invoice(paid=2390), "Deze nota is helemaal verrekend. U hoeft niets te doen."),
        (credit_note(), "Wij voegen € 23,90 toe aan uw volgende uitbetaling."),
        (credit_note(payment=TRANSFER), "Wij maken € 23,90 over naar NL91ABNA0417164300."),
    ],
)
def test_it_says_what_happens_now(document: Invoice | CreditNote, sentence: str) -> None:
    assert sentence in text(document, "nl")


def test_a_credit_note_names_its_invoice() -> None:
    page = text(credit_note(), "nl")
    assert "Creditnota" in page
    assert "Bij factuur 2026-00016" in page
    assert "Te betalen" not in page


def test_reversed_vat_is_said_in_words() -> None:
    line = InvoiceLine(name="Fee", net=500, vat=REVERSE_CHARGE)
    assert "Btw verlegd (VATEX-EU-AE): € 5,00" in text(invoice(lines=(line,)), "nl")


def test_a_long_invoice_goes_on_over_the_page_and_loses_no_line() -> None:
    lines = tuple(
        InvoiceLine(name=f"Winkel {number:03}", net=number, vat=HIGH, detail="€ 0,25 + 0,5 %")
        for number in range(1, 80)
    )
    found = pages(write_pdf(invoice(lines=lines), language="nl"))
    assert len(found) > 2
    assert all("Omschrijving" in page and "KvK 61200904" in page for page in found)
    assert all(f"Winkel {number:03}" in " ".join(found) for number in range(1, 80))
    assert "Totaal" in found[-1]
    assert all(f"{n} van {len(found)}" in page for n, page in enumerate(found, start=1))


@pytest.mark.parametrize("count", range(17, 28))
def test_wherever_the_page_ends_nothing_is_written_over_its_foot(count: int) -> None:
    lines = tuple(InvoiceLine(name=f"Winkel {n}", net=n, vat=HIGH) for n in range(count))
    pdf = write_pdf(invoice(lines=lines, note="Dank u wel"), language="nl")
    with opened(pdf) as document:
        heights = [bottoms(page, "Totaal", "Dank u wel", "Winkel") for page in document]
    assert sum(len(on_page) for on_page in heights) >= 3
    assert all(height > FOOT for on_page in heights for height in on_page)


def test_a_buyer_abroad_without_a_vat_number_has_its_country_instead() -> None:
    assert KIM.address is not None
    abroad = replace(KIM, vat_number="", address=replace(KIM.address, country="BE"))
    page = text(invoice(buyer=abroad, period=None), "nl")
    assert "3511 AB Utrecht BE KvK 30124501" in page
    assert "NL081230011B01" not in page
    assert "Periode" not in page


def test_the_same_invoice_gives_the_same_bytes_whenever_it_is_made() -> None:
    pdf = write_pdf(invoice(), language="nl")
    assert pdf == write_pdf(invoice(), language="nl")
    dates = set(re.findall(rb"(?:D:|<xmp:[A-Z][a-z]+Date>)(\d{4}-?\d\d-?\d\d)", pdf))
    assert dates == {b"20261031", b"2026-10-31"}


def test_the_invoice_itself_is_inside_for_programs() -> None:
    with opened(write_pdf(invoice(), language="nl")) as document:
        assert document.count_attachments() == 1
        attachment = document.get_attachment(0)
        assert attachment.get_name() == "2026-00017.xml"
        assert bytes(attachment.get_data()) == write_ubl(invoice())


def test_it_is_kept_to_the_archives_standard() -> None:
    pdf = write_pdf(invoice(), language="nl")
    assert b"<pdfaid:part>3</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in pdf


def test_the_mark_is_the_one_on_our_pages() -> None:
    assert Path("static/favicon.svg").read_text(encoding="utf-8").strip() == MARK


def test_a_language_that_is_not_ours_is_refused() -> None:
    with pytest.raises(KeyError):
        write_pdf(invoice(), language="de")
