"""The words on a printed invoice, in each language (pure).

Not gettext: an invoice is a document of the day it was made, in the language of its reader, and
must read the same when it is downloaded again years later.
"""

from dataclasses import dataclass

from payments.bookkeeping.invoices import PaymentMeans
from payments.bookkeeping.vat import VatCategory


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What stands around the figures; sentences name their facts in braces."""

    invoice: str
    credit_note: str
    number: str
    date: str
    due: str
    period: str
    until: str
    reference: str
    credited: str
    description: str
    quantity: str
    vat: str
    amount: str
    net: str
    vat_over: str
    gross: str
    paid: str
    payable: str
    refundable: str
    kvk: str
    vat_number: str
    page: str
    untaxed: dict[VatCategory, str]
    payment: dict[PaymentMeans, str]
    refund: dict[PaymentMeans, str]
    settled: str


WORDS = {
    "nl": Words(
        invoice="Factuur",
        credit_note="Creditnota",
        number="Nummer",
        date="Datum",
        due="Te betalen vóór of op",
        period="Periode",
        until="{first} t/m\n{last}",
        reference="Uw referentie",
        credited="Bij factuur",
        description="Omschrijving",
        quantity="Aantal",
        vat="Btw",
        amount="Bedrag",
        net="Totaal zonder btw",
        vat_over="Btw {rate} over {net}",
        gross="Totaal",
        paid="Al verrekend",
        payable="Te betalen",
        refundable="U krijgt terug",
        kvk="KvK",
        vat_number="Btw-nummer",
        page="{page} van {pages}",
        untaxed={
            VatCategory.ZERO: "Btw 0% over {net}",
            VatCategory.EXEMPT: "Vrijgesteld van btw ({code}): {net}",
            VatCategory.REVERSE_CHARGE: "Btw verlegd ({code}): {net}",
        },
        payment={
            PaymentMeans.STANDING_AGREEMENT: (
                "U hoeft niets te doen: wij verrekenen {amount} met uw volgende uitbetalingen."
            ),
            PaymentMeans.CREDIT_TRANSFER: (
                "Maak {amount} uiterlijk {due} over naar {iban}, met kenmerk {number}."
            ),
            PaymentMeans.DIRECT_DEBIT: (
                "U hoeft niets te doen: wij schrijven {amount} op of na {due} af van {iban} "
                "(machtiging {mandate}, incassant {creditor})."
            ),
        },
        refund={
            PaymentMeans.STANDING_AGREEMENT: "Wij voegen {amount} toe aan uw volgende uitbetaling.",
            PaymentMeans.CREDIT_TRANSFER: "Wij maken {amount} over naar {iban}.",
        },
        settled="Deze nota is helemaal verrekend. U hoeft niets te doen.",
    ),
    "en": Words(
        invoice="Invoice",
        credit_note="Credit note",
        number="Number",
        date="Date",
        due="To be paid by",
        period="Period",
        until="{first} to\n{last}",
        reference="Your reference",
        credited="For invoice",
        description="Description",
        quantity="Quantity",
        vat="VAT",
        amount="Amount",
        net="Total without VAT",
        vat_over="VAT {rate} on {net}",
        gross="Total",
        paid="Settled already",
        payable="To be paid",
        refundable="You receive",
        kvk="KvK",
        vat_number="VAT number",
        page="{page} of {pages}",
        untaxed={
            VatCategory.ZERO: "VAT 0% on {net}",
            VatCategory.EXEMPT: "Exempt from VAT ({code}): {net}",
            VatCategory.REVERSE_CHARGE: "VAT reverse charge ({code}): {net}",
        },
        payment={
            PaymentMeans.STANDING_AGREEMENT: (
                "You need to do nothing: we take {amount} off your next payouts."
            ),
            PaymentMeans.CREDIT_TRANSFER: (
                "Please transfer {amount} by {due} to {iban}, quoting {number}."
            ),
            PaymentMeans.DIRECT_DEBIT: (
                "You need to do nothing: we collect {amount} on or after {due} from {iban} "
                "(mandate {mandate}, creditor {creditor})."
            ),
        },
        refund={
            PaymentMeans.STANDING_AGREEMENT: "We add {amount} to your next payout.",
            PaymentMeans.CREDIT_TRANSFER: "We transfer {amount} to {iban}.",
        },
        settled="All of this has been settled. You need to do nothing.",
    ),
}
