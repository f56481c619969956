"""Invoices: what accrued in a month, asked once, numbered without a gap, kept as it was sent."""

import hashlib
from datetime import UTC, date, datetime
from io import BytesIO

import peppol
import pypdfium2
import pytest
from django.db import connection
from django.db.utils import IntegrityError

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import call, transaction
from payments.actions.credit_invoice import (
    InvoiceCreditedAlready,
    InvoicePartlyPaid,
    InvoiceUnknown,
    ReasonMissing,
    credit_invoice,
)
from payments.actions.decide_entry import decide_entry
from payments.actions.grant_credit import grant_credit
from payments.actions.write_missing_ubl import write_missing_ubl
from payments.chart import EUR, FEE_ROUNDING, FEES_EARNED, INVOICES_OPEN, VAT_PAYABLE
from payments.deciding import Share
from payments.ledger import AccountRef
from payments.models import (
    BankAccount,
    Expectation,
    ExpectationState,
    HouseAccount,
    Invoice,
    InvoiceFile,
    InvoiceForm,
    InvoiceKind,
    InvoiceLine,
)
from tests.payments.bank import Bank, line
from tests.payments.books import held, owed_to, sell
from tests.payments.fees import (
    MONTHLY,
    NEXT_MONTH,
    accrue,
    fees,
    file_of,
    give,
    invoice_all,
    invoice_of,
    move_in,
    numbered,
    plan,
)
from tests.payments.settling import bank_says, our_account, pay_out, payouts
from tests.support.proofs import prove
from tests.support.world import World

pytestmark = pytest.mark.django_db
PDF, UBL = InvoiceForm.PDF, InvoiceForm.UBL


@pytest.fixture
def ours(db: None) -> HouseAccount:
    plan()
    return our_account()


def books(account: HouseAccount) -> dict[str, int]:
    kinds = (INVOICES_OPEN, FEES_EARNED, FEE_ROUNDING, VAT_PAYABLE)
    found = {kind.kind: held(AccountRef(kind.kind, account.pk, EUR)) for kind in kinds}
    return {kind: amount for kind, amount in found.items() if amount}


def words_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(BytesIO(pdf))
    return " ".join(page.get_textpage().get_text_bounded() for page in document)


def credit(number: str, reason: str = "Dubbel gevraagd") -> Invoice:
    return numbered(credit_invoice(number=number, reason=reason, now=NEXT_MONTH, actor=SYSTEM))


def test_a_month_is_asked_once_and_taken_off_what_ok_owes(
    world: World, account: BankAccount, ours: HouseAccount
) -> None:
    for amount in (1_840, 995, 10):
        sell(world.till, account, amount)
    accrue()
    (invoice,) = invoice_all()
    # 960 + 749 + 503 hundredths of a cent (2.5 rounds up): 22.12 cents.
    assert (invoice.net, invoice.vat, invoice.gross, invoice.rounding) == (22, 5, 27, 0)
    assert (invoice.number, invoice.issued_on) == ("2026-00001", date(2026, 12, 1))
    assert (invoice.first_day, invoice.last_day) == (date(2026, 11, 1), date(2026, 11, 30))
    assert (invoice.settled, invoice.open, invoice.settled_on) == (27, 0, date(2026, 12, 1))
    assert held(owed_to(world.till)) == 2_845 - 27
    assert books(ours) == {"fees_earned": 22, "vat_payable": 5}
    assert invoice_all() == []
    prove()


def test_each_line_is_rounded_once_and_the_rest_is_booked_apart(
    world: World, account: BankAccount, ours: HouseAccount
) -> None:
    sell(world.haarlem, account, 20)  # 505
    sell(world.webshop, account, 5)  # 2,505
    accrue()
    (invoice,) = invoice_all()
    rows = InvoiceLine.objects.filter(invoice=invoice).order_by("number")
    assert [(row.accrued, row.net) for row in rows] == [(505, 5), (2_505, 25)]
    assert (invoice.net, invoice.rounding) == (30, 0)
    plan("half", MONTHLY.__class__(monthly=0, in_store=HALF, online=HALF), is_default=False)
    give(world.bol.merchant, "half")
    sell(world.till, account, 1)
    accrue()
    (other,) = invoice_all()
    # Half a cent becomes a whole one; all fees together are the same half: nothing apart.
    assert (other.net, other.rounding) == (1, 0)
    prove()


HALF = MONTHLY.in_store.__class__(50)


def test_two_halves_of_two_lines_leave_a_cent_in_the_rounding_account(
    world: World, account: BankAccount, ours: HouseAccount
) -> None:
    plan("half", MONTHLY.__class__(monthly=0, in_store=HALF, online=HALF), is_default=False)
    give(world.kramer.merchant, "half")
    sell(world.haarlem, account, 100)
    sell(world.webshop, account, 100)
    accrue()
    (invoice,) = invoice_all()
    assert (invoice.net, invoice.rounding, invoice.vat) == (2, 1, 0)
    assert books(ours) == {"fees_earned": 1, "fee_rounding": 1}
    prove()


def test_what_ok_does_not_owe_is_paid_by_bank(world: World, ours: HouseAccount) -> None:
    plan("groei", MONTHLY, is_default=False)
    give(world.bol.merchant, "groei")
    made = invoice_all()
    # Three months were slept through; all of them stand on the one invoice.
    (invoice,) = made
    assert (invoice.net, invoice.vat, invoice.settled) == (4_500, 945, 0)
    assert (invoice.open, invoice.settled_on) == (5_445, None)
    assert books(ours) == {"invoices_open": -5_445, "fees_earned": 4_500, "vat_payable": 945}
    expected = Expectation.objects.get(kind="invoice")
    assert (expected.amount, expected.reference) == (5_445, invoice.number)
    assert ours.iban in words_of(file_of(invoice, PDF)).replace(" ", "")
    prove()
    bank_says(ours, line(5_445, "", text=f"factuur {invoice.number}"))
    assert invoice_of(invoice.pk).open == 0
    assert "invoices_open" not in books(ours)
    prove()


def test_a_part_is_taken_and_the_rest_asked(
    world: World, account: BankAccount, ours: HouseAccount
) -> None:
    plan("groei", MONTHLY, is_default=False)
    give(world.bol.merchant, "groei", date(2026, 11, 1))
    sell(world.till, account, 1_000)
    accrue()
    (invoice,) = invoice_all()
    assert (invoice.net, invoice.gross, invoice.settled) == (1_504, 1_820, 1_000)
    assert held(owed_to(world.till)) == 0
    assert books(ours)["invoices_open"] == -820
    prove()


def test_credit_goes_as_far_as_the_merchants_floor(world: World, ours: HouseAccount) -> None:
    plan("groei", MONTHLY, is_default=False)
    give(world.bol.merchant, "groei", date(2026, 11, 1))
    grant_credit(merchant_id=world.bol.merchant.pk, credit=500, actor=SYSTEM)
    (invoice,) = invoice_all()
    assert (invoice.gross, invoice.settled) == (1_815, 500)
    assert held(owed_to(world.till)) == -500
    prove()


def test_it_comes_off_the_next_payout_to_the_cent(
    world: World, account: BankAccount, ours: HouseAccount
) -> None:
    sell(world.till, account, 1_840)
    accrue()
    (invoice,) = invoice_all()
    pay_out(NEXT_MONTH.replace(day=2))
    (payout,) = payouts()
    assert payout.amount == 1_840 - invoice.gross
    prove()


def test_nothing_is_asked_for_a_month_that_goes_on(
    world: World, account: BankAccount, ours: HouseAccount
) -> None:
    sell(world.till, account, 1_840)
    accrue()
    assert invoice_all(datetime(2026, 11, 30, 22, 59, tzinfo=UTC)) == []
    # Midnight in the Netherlands.
    assert len(invoice_all(datetime(2026, 11, 30, 23, 0, tzinfo=UTC))) == 1


def test_what_comes_to_nothing_waits(
    world: World, account: BankAccount, ours: HouseAccount
) -> None:
    plan("half", MONTHLY.__class__(monthly=0, in_store=LITTLE, online=LITTLE), is_default=False)
    give(world.bol.merchant, "half")
    sell(world.till, account, 100)
    accrue()
    assert invoice_all() == []
    assert [fee.invoice_id for fee in fees()] == [None]
    assert call("SELECT count(*) FROM payments_invoice_series") == [(0,)]
    prove()


LITTLE = MONTHLY.in_store.__class__(20)


def test_without_an_account_of_ours_nothing_is_invoiced(world: World, account: BankAccount) -> None:
    plan()
    sell(world.till, account, 1_840)
    accrue()
    assert invoice_all() == []


def test_each_merchant_gets_its_own_and_numbers_follow_each_other(
    world: World, account: BankAccount, ours: HouseAccount
) -> None:
    for place in (world.till, world.haarlem, world.gouda):
        sell(place, account, 1_840)
    accrue()
    made = invoice_all()
    assert [one.number for one in made] == ["2026-00001", "2026-00002", "2026-00003"]
    assert {one.merchant_id for one in made} == {
        shop.merchant.pk for shop in (world.bol, world.kramer, world.kaashuis)
    }
    prove()


def test_a_year_begins_at_one(world: World, account: BankAccount, ours: HouseAccount) -> None:
    sell(world.till, account, 1_840)
    accrue()
    (invoice,) = invoice_all(datetime(2027, 1, 2, tzinfo=UTC))
    assert invoice.number == "2027-00001"


class TestTheDocument:
    @pytest.mark.usefixtures("ours")
    def test_it_is_kept_as_it_was_sent_on_paper_and_as_ubl(
        self, world: World, account: BankAccount
    ) -> None:
        move_in(world.bol.merchant)
        sell(world.till, account, 1_840)
        accrue()
        (invoice,) = invoice_all()
        pdf, ubl = file_of(invoice, PDF), file_of(invoice, UBL)
        assert peppol.validate_xsd(ubl) == (True, [])
        assert peppol.check_rules(ubl) == []
        words = words_of(pdf)
        assert "2026-00001" in words
        assert "Betalingen in de winkel" in words
        assert "€ 0,05 + 0,25% per betaling" in words.replace("\xa0", " ")
        assert b"Markt 12 bis" in ubl
        kept = InvoiceFile.objects.get(invoice=invoice, form=PDF)
        assert kept.sha256 == hashlib.sha256(pdf).hexdigest()

    @pytest.mark.usefixtures("ours")
    def test_without_an_address_there_is_paper_and_ubl_as_soon_as_it_is_known(
        self, world: World, account: BankAccount
    ) -> None:
        sell(world.till, account, 1_840)
        accrue()
        (invoice,) = invoice_all()
        paper = file_of(invoice, PDF)
        assert not InvoiceFile.objects.filter(form=UBL).exists()
        assert write_missing_ubl(merchant_id=world.bol.merchant.pk, actor=SYSTEM) == 0
        move_in(world.bol.merchant)
        assert write_missing_ubl(merchant_id=world.bol.merchant.pk, actor=SYSTEM) == 1
        assert write_missing_ubl(merchant_id=world.bol.merchant.pk, actor=SYSTEM) == 0
        assert peppol.check_rules(file_of(invoice, UBL)) == []
        assert file_of(invoice, PDF) == paper
        prove()


class TestTakingItBack:
    def test_what_was_paid_is_owed_again_and_goes_out_with_the_next_payout(
        self, world: World, account: BankAccount, ours: HouseAccount
    ) -> None:
        move_in(world.bol.merchant)
        sell(world.till, account, 1_840)
        accrue()
        (invoice,) = invoice_all()
        note = credit(invoice.number)
        assert (note.kind, note.number, note.credits_id) == (
            InvoiceKind.CREDIT_NOTE,
            "2026-00002",
            invoice.pk,
        )
        assert held(owed_to(world.till)) == 1_840
        assert books(ours) == {}
        ubl = file_of(note, UBL)
        assert peppol.validate_xsd(ubl) == (True, [])
        assert peppol.check_rules(ubl) == []
        assert b"<cbc:ID>2026-00001</cbc:ID>" in ubl
        assert "Dubbel gevraagd" in words_of(file_of(note, PDF))
        assert invoice_all() == []
        prove()

    def test_what_was_open_need_not_be_paid(self, world: World, ours: HouseAccount) -> None:
        plan("groei", MONTHLY, is_default=False)
        give(world.bol.merchant, "groei", date(2026, 11, 1))
        (invoice,) = invoice_all()
        note = credit(invoice.number)
        assert note.settled == 0
        assert held(owed_to(world.till)) == 0
        assert books(ours) == {}
        assert Expectation.objects.get(kind="invoice").state == ExpectationState.CANCELLED
        prove()

    def test_what_was_paid_by_bank_is_owed(self, world: World, ours: HouseAccount) -> None:
        plan("groei", MONTHLY, is_default=False)
        give(world.bol.merchant, "groei", date(2026, 11, 1))
        (invoice,) = invoice_all()
        bank_says(ours, line(1_815, f"OKI{invoice.pk}"))
        credit(invoice.number)
        assert held(owed_to(world.till)) == 1_815
        prove()

    def test_half_paid_it_has_to_wait(self, world: World, ours: HouseAccount) -> None:
        plan("groei", MONTHLY, is_default=False)
        give(world.bol.merchant, "groei", date(2026, 11, 1))
        (invoice,) = invoice_all()
        (entry,) = Bank(ours).settle(line(800, f"OKI{invoice.pk}"))
        share = Share(Expectation.objects.get(kind="invoice").pk, 800)
        decide_entry(entry_id=entry.pk, shares=[share], now=NEXT_MONTH, actor=SYSTEM)
        with pytest.raises(InvoicePartlyPaid):
            credit(invoice.number)
        prove()

    @pytest.mark.usefixtures("ours")
    def test_once_only_for_a_reason_and_not_what_is_no_invoice(
        self, world: World, account: BankAccount
    ) -> None:
        sell(world.till, account, 1_840)
        accrue()
        (invoice,) = invoice_all()
        with pytest.raises(ReasonMissing):
            credit(invoice.number, "  ")
        with pytest.raises(InvoiceUnknown):
            credit("2026-00009")
        note = credit(invoice.number)
        with pytest.raises(InvoiceCreditedAlready):
            credit(invoice.number)
        with pytest.raises(InvoiceUnknown):
            credit(note.number)
        prove()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE payments_invoice SET gross = gross + 1, net = net + 1",
        "DELETE FROM payments_invoice_file",
        "UPDATE payments_invoice_line SET name = 'other'",
        "DELETE FROM payments_invoice_line",
        "UPDATE payments_fee SET invoice_id = NULL",
        "UPDATE payments_invoice_series SET last = last + 2",
        "DELETE FROM payments_invoice_series",
    ],
)
def test_what_was_sent_stays_as_sent(
    world: World, account: BankAccount, ours: HouseAccount, change: str
) -> None:
    sell(world.till, account, 1_840)
    accrue()
    invoice_all()
    with pytest.raises(IntegrityError), transaction():
        call(change)


def test_a_number_without_an_invoice_is_never_committed(ours: HouseAccount) -> None:
    with transaction():
        call("SELECT invoice_number(2026)")
    with pytest.raises(IntegrityError, match="has no invoice"):
        connection.check_constraints()
