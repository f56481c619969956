"""What we write is UBL 2.1 by its own schema, and Peppol BIS Billing 3.0 by rules not ours."""

from dataclasses import replace
from xml.etree import ElementTree as ET

import peppol
import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.bookkeeping.invoices import CreditNote, Invoice, InvoiceLine
from payments.bookkeeping.ubl import AGGREGATES, BASICS, write_ubl
from payments.bookkeeping.vat import REVERSE_CHARGE, Vat, VatCategory
from tests.payments.bookkeeping.samples import (
    DEBIT,
    HIGH,
    IBAN,
    KIM,
    LOW,
    TRANSFER,
    credit_note,
    invoice,
)

NAMES = {"cac": AGGREGATES, "cbc": BASICS}
UNTAXED = (
    InvoiceLine(name="Vrij", net=500, vat=Vat(VatCategory.EXEMPT, 0, "VATEX-EU-132-1A")),
    InvoiceLine(name="Nul", net=500, vat=Vat(VatCategory.ZERO, 0)),
    InvoiceLine(name="Verlegd", net=0, vat=REVERSE_CHARGE),
)
DOCUMENTS: dict[str, Invoice | CreditNote] = {
    "off the payout": invoice(),
    "partly settled": invoice(paid=500, note="Dank u wel"),
    "by transfer": invoice(payment=TRANSFER),
    "by direct debit": invoice(payment=DEBIT),
    "without a period": invoice(period=None),
    "untaxed": invoice(lines=UNTAXED),
    "credited": credit_note(),
    "credited by transfer": credit_note(payment=TRANSFER, paid=500),
}


def values(xml: bytes, path: str) -> list[str | None]:
    return [found.text for found in ET.fromstring(xml).findall(path, NAMES)]  # noqa: S314 -- ours


def cents(xml: bytes, path: str) -> list[int]:
    return [int((value or "").replace(".", "")) for value in values(xml, path)]


def breaches(xml: bytes) -> list[str]:
    _is_valid, errors = peppol.validate_xsd(xml)
    return [*errors, *(str(finding) for finding in peppol.check_rules(xml))]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_schema_and_the_rules_of_peppol_find_nothing(name: str) -> None:
    assert breaches(write_ubl(DOCUMENTS[name])) == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_same_document_gives_the_same_bytes(name: str) -> None:
    assert write_ubl(DOCUMENTS[name]) == write_ubl(DOCUMENTS[name])


def test_the_judge_notices_what_is_wrong() -> None:
    xml = write_ubl(invoice())
    assert breaches(xml.replace(b">20.08</cbc:LineExt", b">20.18</cbc:LineExt")) != []
    assert breaches(xml.replace(b"<cbc:DocumentCurrencyCode>EUR</", b"<cbc:Oops>EUR</")) != []


def test_an_invoice_says_which_rules_it_follows_and_who_it_is_between() -> None:
    xml = write_ubl(invoice())
    assert values(xml, "cbc:CustomizationID") == [
        "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
    ]
    assert values(xml, "cbc:ProfileID") == ["urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"]
    assert values(xml, "cbc:InvoiceTypeCode") == ["380"]
    assert xml.count(b'schemeID="0106">61200904<') == 2
    assert xml.count(b'schemeID="0106">30124501<') == 2
    assert "Groente & Fruit Şahin <Kim>" in values(xml, ".//cbc:RegistrationName")


def test_amounts_are_written_to_the_cent() -> None:
    xml = write_ubl(invoice(paid=500))
    assert values(xml, "cac:LegalMonetaryTotal/*") == ["20.08", "20.08", "23.90", "5.00", "18.90"]
    assert values(xml, "cac:TaxTotal/cbc:TaxAmount") == ["3.82"]
    assert values(xml, ".//cac:TaxSubtotal/cbc:TaxAmount") == ["3.52", "0.30"]
    assert values(xml, ".//cac:TaxSubtotal/cac:TaxCategory/cbc:Percent") == ["21", "9"]


def test_a_line_given_back_counts_below_zero_at_a_price_above_it() -> None:
    xml = write_ubl(invoice())
    assert values(xml, ".//cbc:InvoicedQuantity") == ["1", "6", "-1", "1"]
    assert values(xml, ".//cbc:PriceAmount") == ["15.00", "2.10", "0.35", "3.33"]
    assert values(xml, ".//cbc:BaseQuantity") == ["1", "6", "1", "1"]


def test_a_credit_note_names_its_invoice_and_has_positive_amounts() -> None:
    xml = write_ubl(credit_note())
    path = "cac:BillingReference/cac:InvoiceDocumentReference/cbc:"
    assert values(xml, f"{path}ID") == ["2026-00016"]
    assert values(xml, f"{path}IssueDate") == ["2026-09-30"]
    assert values(xml, "cbc:CreditNoteTypeCode") == ["381"]
    assert values(xml, "cac:LegalMonetaryTotal/cbc:PayableAmount") == ["23.90"]
    assert values(xml, "cbc:DueDate") == []


@pytest.mark.parametrize(
    ("document", "code", "account"),
    [
        (invoice(), "57", []),
        (invoice(payment=TRANSFER), "58", [IBAN]),
        (invoice(payment=DEBIT), "59", []),
        (credit_note(payment=TRANSFER), "58", [IBAN]),
    ],
)
def test_payment_means_are_among_those_of_the_netherlands(
    document: Invoice | CreditNote, code: str, account: list[str]
) -> None:
    xml = write_ubl(document)
    assert values(xml, "cac:PaymentMeans/cbc:PaymentMeansCode") == [code]
    assert values(xml, "cac:PaymentMeans/cac:PayeeFinancialAccount/cbc:ID") == account


def test_a_direct_debit_names_mandate_account_and_creditor() -> None:
    xml = write_ubl(invoice(payment=DEBIT))
    assert values(xml, ".//cac:PaymentMandate/cbc:ID") == ["M-1"]
    assert values(xml, ".//cac:PaymentMandate/cac:PayerFinancialAccount/cbc:ID") == [IBAN]
    assert values(xml, ".//cac:PartyIdentification/cbc:ID") == ["NL98ZZZ999999990000"]


def test_a_buyer_without_a_vat_number_has_no_tax_scheme() -> None:
    xml = write_ubl(invoice(buyer=replace(KIM, vat_number="")))
    assert breaches(xml) == []
    assert values(xml, "cac:AccountingCustomerParty/cac:Party/cac:PartyTaxScheme/*") == []


lines = st.builds(
    InvoiceLine,
    name=st.text(min_size=1, max_size=40).map(lambda text: f"Fee {text}"),
    net=st.integers(0, 10**9),
    vat=st.sampled_from([HIGH, LOW]),
    quantity=st.integers(1, 10**6),
    detail=st.text(st.characters(codec="utf-8"), max_size=40),
)


@given(some=st.lists(lines, min_size=1, max_size=6))
def test_whatever_is_invoiced_it_is_valid(some: list[InvoiceLine]) -> None:
    xml = write_ubl(invoice(lines=tuple(some)))
    assert breaches(xml) == []
    # Those rules allow a cent of difference; we do not.
    net, net_again, gross, payable = cents(xml, "cac:LegalMonetaryTotal/*")
    assert net == net_again == sum(cents(xml, ".//cac:InvoiceLine/cbc:LineExtensionAmount"))
    assert net == sum(cents(xml, ".//cac:TaxSubtotal/cbc:TaxableAmount"))
    assert gross == payable == net + sum(cents(xml, ".//cac:TaxSubtotal/cbc:TaxAmount"))
