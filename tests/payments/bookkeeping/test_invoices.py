"""An invoice adds up, and one that may not be sent does not exist."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from okplatform.kernel.money import half_up
from payments.bookkeeping.invoices import (
    InvoiceLine,
    InvoiceRefusedError,
    Payment,
    PaymentMeans,
    Period,
)
from payments.bookkeeping.parties import Address, Party, PartyRefusedError
from payments.bookkeeping.vat import REVERSE_CHARGE, Vat, VatCategory
from tests.payments.bookkeeping.samples import DEBIT, HIGH, KIM, LOW, OK, credit_note, invoice


def test_the_sums_of_an_invoice() -> None:
    some = invoice(paid=500)
    assert [(total.vat.rate_bp, total.net, total.amount) for total in some.vat_totals] == [
        (2100, 1675, 352),
        (900, 333, 30),
    ]
    assert (some.net, some.vat, some.gross, some.payable) == (2008, 382, 2390, 1890)


def test_vat_is_computed_on_the_sum_and_not_line_by_line() -> None:
    # 21 % of 2 cents is 0.42; four such lines owe 1.68, which is 2 and not four times nothing.
    some = invoice(lines=tuple(InvoiceLine(name=f"Line {n}", net=2, vat=HIGH) for n in range(4)))
    assert (some.vat, HIGH.on(2)) == (2, 0)


@given(nets=st.lists(st.tuples(st.integers(0, 10**9), st.sampled_from([HIGH, LOW])), min_size=1))
def test_an_invoice_adds_up_whatever_its_lines(nets: list[tuple[int, Vat]]) -> None:
    some = invoice(lines=tuple(InvoiceLine(name="Fee", net=net, vat=vat) for net, vat in nets))
    per_rate = {vat: sum(net for net, other in nets if other == vat) for _, vat in nets}
    assert some.vat == sum(half_up(net * vat.rate_bp, 10_000) for vat, net in per_rate.items())
    assert some.gross == sum(net for net, _ in nets) + some.vat
    assert len(some.vat_totals) == len(per_rate)


EXEMPT = Vat(VatCategory.EXEMPT, 0, "VATEX-EU-132-1A")
EXEMPT_OTHERWISE = Vat(VatCategory.EXEMPT, 0, "VATEX-EU-132-1B")
NO_VAT_NUMBER = Party(name="Kim", address=KIM.address, kvk=KIM.kvk)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"number": " "}, "number"),
        ({"reference": ""}, "R003"),
        ({"currency": "euro"}, "currency"),
        ({"lines": ()}, "BR-16"),
        ({"lines": (InvoiceLine(name="Back", net=-1, vat=HIGH),)}, "cannot have been paid"),
        ({"paid": 2391}, "cannot have been paid"),
        ({"paid": -1}, "cannot have been paid"),
        ({"due_on": date(2026, 10, 30)}, "is not due"),
        ({"seller": NO_VAT_NUMBER}, "BR-S-02"),
        (
            {
                "buyer": NO_VAT_NUMBER,
                "lines": (InvoiceLine(name="Fee", net=1, vat=REVERSE_CHARGE),),
            },
            "BR-AE-02",
        ),
        (
            {
                "lines": (
                    InvoiceLine(name="Fee", net=1, vat=EXEMPT),
                    InvoiceLine(name="Fee", net=1, vat=EXEMPT_OTHERWISE),
                )
            },
            "two exemptions",
        ),
    ],
)
def test_an_invoice_that_may_not_be_sent_is_refused(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvoiceRefusedError, match=reason):
        invoice(**changes)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"invoice_number": ""}, "NL-R-001"),
        ({"invoice_issued_on": date(2026, 11, 1)}, "not credited before"),
        ({"payment": DEBIT}, "not given back by direct debit"),
    ],
)
def test_a_credit_note_belongs_to_an_invoice(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvoiceRefusedError, match=reason):
        credit_note(**changes)


def test_a_line_says_what_it_is_for_and_counts_something() -> None:
    with pytest.raises(InvoiceRefusedError, match="BR-25"):
        InvoiceLine(name=" ", net=1, vat=HIGH)
    with pytest.raises(InvoiceRefusedError, match="counts something"):
        InvoiceLine(name="Fee", net=1, vat=HIGH, quantity=0)


def test_a_payment_says_where_to() -> None:
    with pytest.raises(InvoiceRefusedError, match="BR-61"):
        Payment(means=PaymentMeans.CREDIT_TRANSFER)
    with pytest.raises(InvoiceRefusedError, match="R061"):
        Payment(means=PaymentMeans.DIRECT_DEBIT, mandate="M-1")


def test_a_period_does_not_run_backwards() -> None:
    with pytest.raises(InvoiceRefusedError, match="before it begins"):
        Period(date(2026, 2, 1), date(2026, 1, 31))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"name": " "}, "name"),
        ({"kvk": "1234567"}, "KvK"),
        ({"vat_number": "081230047B01"}, "country"),
    ],
)
def test_a_party_without_what_the_law_asks_is_refused(changes: dict[str, Any], reason: str) -> None:
    whole: dict[str, Any] = {"name": OK.name, "address": OK.address, "kvk": OK.kvk}
    with pytest.raises(PartyRefusedError, match=reason):
        Party(**(whole | changes))


def test_an_address_is_whole() -> None:
    with pytest.raises(PartyRefusedError, match="postal code"):
        Address(street="Markt 1", postal_code="", city="Utrecht")
    with pytest.raises(PartyRefusedError, match="country code"):
        Address(street="Markt 1", postal_code="3511 AB", city="Utrecht", country="Nederland")
