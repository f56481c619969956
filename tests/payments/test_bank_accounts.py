"""The bank accounts a shopper pays from."""

import pytest
from django.db import IntegrityError

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.models import AuditEntry
from okplatform.parties.models import Person
from payments.actions.add_bank_account import (
    BankAccountTaken,
    HolderMissing,
    IbanInvalid,
    IbanOutsideSepa,
    add_bank_account,
)
from payments.actions.remove_bank_account import BankAccountUnknown, remove_bank_account
from payments.models import Account, BankAccount
from payments.queries import bank_accounts_of
from tests.payments.books import bank_account, sell
from tests.support.accounts import IBAN
from tests.support.world import NOW, World
from wallet.hooks import Funding, funding_of, paid_from


def add(person: Person, iban: str = IBAN, holder: str = "A. Jansen") -> BankAccount:
    return add_bank_account(
        person_id=person.pk, mode=person.mode, iban=iban, holder=holder, now=NOW, actor=SYSTEM
    )


def remove(person: Person, account: BankAccount) -> None:
    remove_bank_account(person_id=person.pk, bank_account_id=account.pk, now=NOW, actor=SYSTEM)


def test_an_account_is_kept_as_banks_write_it(alice: Person) -> None:
    account = add(alice, iban=" nl91 abna 0417 1643 00 ", holder=" A.  Jansen ")
    assert (account.iban, account.holder) == ("NL91ABNA0417164300", "A. Jansen")
    assert (account.bank, account.tail, account.added_at) == ("ABN AMRO", "4300", NOW)


def test_its_account_in_the_ledger_is_opened(alice: Person) -> None:
    account = add(alice)
    opened = Account.objects.get()
    assert (opened.kind, opened.owner_type) == ("shopper_receivable", "bank_account")
    assert (opened.owner_id, opened.asset, opened.mode) == (account.pk, "EUR", "live")
    assert opened.floor is None


@pytest.mark.parametrize(
    "iban",
    ["", "NL", "NL91ABNA0417164301", "NL91ABNA041716430", "0417164300", "NL91 ABNA 0417 1643 0O"],
)
def test_what_is_no_iban_is_refused(alice: Person, iban: str) -> None:
    with pytest.raises(IbanInvalid):
        add(alice, iban=iban)
    assert not BankAccount.objects.exists()


def test_an_account_outside_the_sepa_is_refused(alice: Person) -> None:
    with pytest.raises(IbanOutsideSepa):
        add(alice, iban="BR1800360305000010009795493C1")
    assert not BankAccount.objects.exists()


@pytest.mark.parametrize(
    ("iban", "bank"),
    [("DE89370400440532013000", "Commerzbank Köln"), ("BE71096123456769", "BELFIUS BANK")],
)
def test_other_countries_of_the_sepa_are_welcome(alice: Person, iban: str, bank: str) -> None:
    assert add(alice, iban=iban).bank == bank


def test_a_holder_is_needed(alice: Person) -> None:
    with pytest.raises(HolderMissing):
        add(alice, holder="  ")
    assert not BankAccount.objects.exists()


def test_the_same_account_twice_is_refused(alice: Person) -> None:
    add(alice)
    with pytest.raises(BankAccountTaken):
        add(alice, iban=IBAN.lower())
    assert BankAccount.objects.count() == 1


def test_two_people_may_share_an_account(alice: Person, bob: Person) -> None:
    add(alice)
    add(bob)
    assert BankAccount.objects.count() == 2


def test_a_live_person_has_no_test_account(alice: Person) -> None:
    with pytest.raises(IntegrityError, match="bank_account_person_of_same_mode"):
        add_bank_account(
            person_id=alice.pk, mode="test", iban=IBAN, holder="A", now=NOW, actor=SYSTEM
        )


def test_a_removed_account_leaves_the_list_and_may_come_back(alice: Person) -> None:
    first = add(alice)
    remove(alice, first)
    assert not bank_accounts_of(alice.pk, mode="live")
    second = add(alice)
    assert [each.pk for each in bank_accounts_of(alice.pk, mode="live")] == [second.pk]


def test_nobody_removes_anothers_account(alice: Person, charlie: Person) -> None:
    account = add(alice)
    with pytest.raises(BankAccountUnknown):
        remove(charlie, account)
    assert bank_accounts_of(alice.pk, mode="live").get() == account


def test_an_account_is_removed_once(alice: Person) -> None:
    account = add(alice)
    remove(alice, account)
    with pytest.raises(BankAccountUnknown):
        remove(alice, account)


def test_the_audit_names_the_account_and_not_its_number(alice: Person) -> None:
    account = add(alice)
    remove(alice, account)
    lines = AuditEntry.objects.filter(object_type="bank_account")
    assert [line.action for line in lines] == ["bank_account_added", "bank_account_removed"]
    assert {line.object_id for line in lines} == {str(account.pk)}
    assert all(IBAN not in str(line.data) for line in lines)


def test_a_code_pays_from_the_persons_own_accounts(
    alice: Person, bob: Person, world: World
) -> None:
    first = bank_account(alice)
    second = bank_account(alice, iban="NL20INGB0001234567")
    bank_account(bob)
    bank_account(world.tessa)
    assert funding_of(alice.pk, "live") == [
        Funding(first.pk, "ABN AMRO", "4300"),
        Funding(second.pk, "ING", "4567"),
    ]
    assert funding_of(alice.pk, "test") == []


def test_a_receipt_knows_what_paid_it_also_after_it_is_removed(alice: Person, world: World) -> None:
    account = bank_account(alice)
    sale_id = sell(world.till, account, 1_840)
    remove(alice, account)
    assert paid_from(sale_id) == Funding(account.pk, "ABN AMRO", "4300")
    assert paid_from(sale_id + 1) is None
