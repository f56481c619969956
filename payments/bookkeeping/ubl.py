"""An invoice as Peppol BIS Billing 3.0 writes it: UBL 2.1 (pure).

Sources: OASIS UBL 2.1 for the elements and their order; Peppol BIS Billing 3.0 with its rules of
EN 16931 (BR-…), of Peppol (PEPPOL-EN16931-R…) and of the Netherlands (NL-R-…) for what they hold.
The same invoice gives the same bytes.
"""

from payments.bookkeeping.decimals import decimal, percentage
from payments.bookkeeping.invoices import (
    CreditNote,
    Document,
    Invoice,
    InvoiceLine,
    InvoiceRefusedError,
    PaymentMeans,
    VatTotal,
)
from payments.bookkeeping.markup import DECLARATION, clean, encoded, group, leaf
from payments.bookkeeping.parties import Address, Party
from payments.bookkeeping.vat import Vat

CUSTOMIZATION = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
PROFILE = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"

UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
AGGREGATES = f"{UBL}CommonAggregateComponents-2"
BASICS = f"{UBL}CommonBasicComponents-2"

KVK = "0106"
"""The scheme of KvK numbers: an electronic address (EAS) and a registration (ISO 6523)."""

COMMERCIAL_INVOICE = "380"
CREDIT_NOTE = "381"

Elements = list[str]


def lacks(document: Invoice | CreditNote) -> tuple[str, ...]:
    """Say what a document lacks to be an electronic invoice; nothing when it can be written."""
    parties = (("seller", document.seller), ("buyer", document.buyer))
    return tuple(f"{role}.address" for role, party in parties if party.address is None)


def write_ubl(document: Invoice | CreditNote) -> bytes:
    """Return the XML of an invoice or a credit note.

    Raises ``InvoiceRefusedError`` naming what it ``lacks``.
    """
    if missing := lacks(document):
        # Peppol BIS Billing 3.0: BR-08, BR-10, NL-R-002 and NL-R-004.
        message = f"an electronic invoice needs {' and '.join(missing)}"
        raise InvoiceRefusedError(message)
    if isinstance(document, Invoice):
        root, head = "Invoice", _invoice_head(document)
    else:
        root, head = "CreditNote", _credit_note_head(document)
    lines = [
        DECLARATION,
        f'<{root} xmlns="{UBL}{root}-2" xmlns:cac="{AGGREGATES}" xmlns:cbc="{BASICS}">',
        *head,
        *_parties(document),
        *_payment(document),
        *_totals(document),
        *_lines(document, f"cac:{root}Line"),
        f"</{root}>",
    ]
    return b"".join(encoded(lines))


def _invoice_head(invoice: Invoice) -> Elements:
    return [
        *_number(invoice),
        *leaf("cbc:DueDate", invoice.due_on),
        *leaf("cbc:InvoiceTypeCode", COMMERCIAL_INVOICE),
        *_about(invoice),
    ]


def _credit_note_head(note: CreditNote) -> Elements:
    return [
        *_number(note),
        *leaf("cbc:CreditNoteTypeCode", CREDIT_NOTE),
        *_about(note),
        *group(
            "cac:BillingReference",
            group(
                "cac:InvoiceDocumentReference",
                leaf("cbc:ID", note.invoice_number),
                leaf("cbc:IssueDate", note.invoice_issued_on),
            ),
        ),
    ]


def _number(document: Document) -> Elements:
    return [
        *leaf("cbc:CustomizationID", CUSTOMIZATION),
        *leaf("cbc:ProfileID", PROFILE),
        *leaf("cbc:ID", document.number),
        *leaf("cbc:IssueDate", document.issued_on),
    ]


def _about(document: Document) -> Elements:
    return [
        *leaf("cbc:Note", document.note),
        *leaf("cbc:DocumentCurrencyCode", document.currency),
        *leaf("cbc:BuyerReference", document.reference),
        *_period(document),
    ]


def _period(document: Document) -> Elements:
    if document.period is None:
        return []
    return group(
        "cac:InvoicePeriod",
        leaf("cbc:StartDate", document.period.first),
        leaf("cbc:EndDate", document.period.last),
    )


def _parties(document: Document) -> Elements:
    return [
        *group("cac:AccountingSupplierParty", _party(document.seller, document.payment.creditor)),
        *group("cac:AccountingCustomerParty", _party(document.buyer)),
    ]


def _party(party: Party, creditor: str = "") -> Elements:
    return group(
        "cac:Party",
        leaf("cbc:EndpointID", party.kvk, schemeID=KVK),
        group("cac:PartyIdentification", leaf("cbc:ID", creditor, schemeID="SEPA")),
        group("cac:PartyName", leaf("cbc:Name", party.name)),
        _address(party.address),
        _vat_number(party),
        group(
            "cac:PartyLegalEntity",
            leaf("cbc:RegistrationName", party.name),
            leaf("cbc:CompanyID", party.kvk, schemeID=KVK),
        ),
    )


def _address(address: Address | None) -> Elements:
    if address is None:
        return []
    return group(
        "cac:PostalAddress",
        leaf("cbc:StreetName", address.street),
        leaf("cbc:CityName", address.city),
        leaf("cbc:PostalZone", address.postal_code),
        group("cac:Country", leaf("cbc:IdentificationCode", address.country)),
    )


def _vat_number(party: Party) -> Elements:
    if not party.vat_number:
        return []
    return group("cac:PartyTaxScheme", leaf("cbc:CompanyID", party.vat_number), _scheme())


def _payment(document: Document) -> Elements:
    payment = document.payment
    account = leaf("cbc:ID", payment.iban)
    is_debit = payment.means is PaymentMeans.DIRECT_DEBIT
    return group(
        "cac:PaymentMeans",
        leaf("cbc:PaymentMeansCode", payment.means.value),
        _due(document),
        leaf("cbc:PaymentID", document.number),
        [] if is_debit else group("cac:PayeeFinancialAccount", account),
        group(
            "cac:PaymentMandate",
            leaf("cbc:ID", payment.mandate),
            group("cac:PayerFinancialAccount", account),
        )
        if is_debit
        else [],
    )


def _due(document: Document) -> Elements:
    # A credit note has no day by which it is due, but what is to be paid needs one (BR-CO-25).
    is_note = isinstance(document, CreditNote)
    return leaf("cbc:PaymentDueDate", document.issued_on) if is_note else []


def _totals(document: Document) -> Elements:
    currency = document.currency
    return [
        *group(
            "cac:TaxTotal",
            _amount("cbc:TaxAmount", document.vat, currency),
            *(_vat_total(total, currency) for total in document.vat_totals),
        ),
        *group(
            "cac:LegalMonetaryTotal",
            _amount("cbc:LineExtensionAmount", document.net, currency),
            _amount("cbc:TaxExclusiveAmount", document.net, currency),
            _amount("cbc:TaxInclusiveAmount", document.gross, currency),
            _amount("cbc:PrepaidAmount", document.paid, currency) if document.paid else [],
            _amount("cbc:PayableAmount", document.payable, currency),
        ),
    ]


def _vat_total(total: VatTotal, currency: str) -> Elements:
    return group(
        "cac:TaxSubtotal",
        _amount("cbc:TaxableAmount", total.net, currency),
        _amount("cbc:TaxAmount", total.amount, currency),
        _category(
            "cac:TaxCategory", total.vat, leaf("cbc:TaxExemptionReasonCode", total.vat.exemption)
        ),
    )


def _category(name: str, vat: Vat, exemption: Elements) -> Elements:
    return group(
        name,
        leaf("cbc:ID", vat.category.value),
        leaf("cbc:Percent", percentage(vat.rate_bp)),
        exemption,
        _scheme(),
    )


def _scheme() -> Elements:
    return group("cac:TaxScheme", leaf("cbc:ID", "VAT"))


def _lines(document: Document, name: str) -> Elements:
    counted = "cbc:CreditedQuantity" if isinstance(document, CreditNote) else "cbc:InvoicedQuantity"
    return [
        element
        for number, line in enumerate(document.lines, start=1)
        for element in group(
            name,
            leaf("cbc:ID", number),
            leaf(counted, _signed(line), unitCode=line.unit.value),
            _amount("cbc:LineExtensionAmount", line.net, document.currency),
            _item(line),
            _price(line, document.currency),
        )
    ]


def _signed(line: InvoiceLine) -> int:
    # A price may not be negative (BR-27), so what is given back counts below zero.
    return -line.quantity if line.net < 0 else line.quantity


def _item(line: InvoiceLine) -> Elements:
    return group(
        "cac:Item",
        leaf("cbc:Description", line.detail),
        leaf("cbc:Name", line.name),
        _category("cac:ClassifiedTaxCategory", line.vat, []),
    )


def _price(line: InvoiceLine, currency: str) -> Elements:
    # The price of all pieces together: the price of one is not a whole number of anything, and
    # quantity x price / base quantity must be the line (PEPPOL-EN16931-R120).
    return group(
        "cac:Price",
        _amount("cbc:PriceAmount", abs(line.net), currency),
        leaf("cbc:BaseQuantity", line.quantity, unitCode=line.unit.value),
    )


def _amount(name: str, amount: int, currency: str) -> Elements:
    return leaf(name, decimal(amount), currencyID=clean(currency))
