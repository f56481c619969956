"""Signing a mandate, and taking it back."""

import pytest
from django.db import IntegrityError

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import transaction
from okplatform.kernel.models import AuditEntry, Event
from okplatform.parties.models import Person
from payments.actions.close_mandate import MandateUnknown, close_mandate
from payments.actions.remove_bank_account import BankAccountUnknown, remove_bank_account
from payments.actions.sign_mandate import MandateSignedAlready, sign_mandate
from payments.models import BankAccount, Collection, CollectionItem, Mandate
from tests.payments.books import held, owed_by, sell
from tests.payments.settling import our_account, plan, send, sign
from tests.support.accounts import proved, sign_for
from tests.support.world import NOW, World


@pytest.fixture
def account(alice: Person) -> BankAccount:
    """Alice's bank account: proved, and not signed for."""
    return proved(alice)


def close(person: Person, account: BankAccount) -> None:
    close_mandate(person_id=person.pk, bank_account_id=account.pk, now=NOW, actor=SYSTEM)


def test_a_mandate_has_a_reference_that_banks_carry_and_nobody_can_count(
    account: BankAccount, bob: Person, world: World
) -> None:
    mandate = sign(account)
    assert mandate.reference.startswith("OK-")
    assert len(mandate.reference) == 19
    assert (mandate.mode, mandate.text_version, mandate.signed_at) == ("live", 1, NOW)
    assert (mandate.state, mandate.first_settled_at) == ("active", None)


def test_an_account_has_one_mandate(account: BankAccount) -> None:
    sign(account)
    with pytest.raises(MandateSignedAlready):
        sign_for(account)
    assert Mandate.objects.count() == 1


def test_nobody_signs_for_anothers_account(account: BankAccount, charlie: Person) -> None:
    with pytest.raises(BankAccountUnknown):
        sign_mandate(
            person_id=charlie.pk, bank_account_id=account.pk, text_version=1, now=NOW, actor=SYSTEM
        )
    assert not Mandate.objects.exists()


def test_nobody_signs_for_an_account_that_was_removed(account: BankAccount) -> None:
    remove_bank_account(
        person_id=account.person_id, bank_account_id=account.pk, now=NOW, actor=SYSTEM
    )
    with pytest.raises(BankAccountUnknown):
        sign(account)


def test_who_took_it_back_may_sign_anew(account: BankAccount, alice: Person) -> None:
    first = sign(account)
    close(alice, account)
    second = sign(account)
    first.refresh_from_db()
    assert (first.state, first.closed_reason, first.closed_at) == ("closed", "withdrawn", NOW)
    assert second.state == "active"
    assert second.reference != first.reference


def test_nobody_takes_back_anothers_mandate(account: BankAccount, charlie: Person) -> None:
    sign(account)
    with pytest.raises(MandateUnknown):
        close(charlie, account)
    assert Mandate.objects.get().state == "active"


def test_a_mandate_is_taken_back_once(account: BankAccount, alice: Person) -> None:
    sign(account)
    close(alice, account)
    with pytest.raises(MandateUnknown):
        close(alice, account)


def test_what_was_announced_is_cancelled_and_still_owed(
    account: BankAccount, alice: Person, world: World
) -> None:
    our_account()
    sign(account)
    sell(world.till, account, 1_840)
    plan()
    close(alice, account)
    assert Collection.objects.get().state == "cancelled"
    assert CollectionItem.objects.get().collection is None
    assert send() == []
    assert held(owed_by(account)) == -1_840


def test_what_is_with_the_bank_is_not_cancelled(
    account: BankAccount, alice: Person, world: World
) -> None:
    our_account()
    sign(account)
    sell(world.till, account, 1_840)
    plan()
    send()
    close(alice, account)
    assert Collection.objects.get().state == "sent"


def test_a_new_mandate_collects_what_the_old_one_did_not(
    account: BankAccount, alice: Person, world: World
) -> None:
    our_account()
    sign(account)
    sell(world.till, account, 1_840)
    plan()
    close(alice, account)
    assert plan() == 0
    new = sign(account)
    assert plan() == 1
    assert Collection.objects.get(state="announced").mandate == new


def test_a_closed_mandate_never_opens_again(account: BankAccount, alice: Person) -> None:
    sign(account)
    close(alice, account)
    with pytest.raises(IntegrityError, match="no move from closed to active"), transaction():
        Mandate.objects.update(state="active", closed_at=None, closed_reason="")


def test_a_live_account_has_no_test_mandate(account: BankAccount) -> None:
    with pytest.raises(IntegrityError, match="mandate_bank_account_of_same_mode"):
        Mandate.objects.create(
            bank_account=account, mode="test", reference="OK-1", text_version=1, signed_at=NOW
        )


def test_it_is_written_down_and_told(account: BankAccount, alice: Person) -> None:
    mandate = sign(account)
    close(alice, account)
    lines = AuditEntry.objects.filter(object_type="mandate", object_id=str(mandate.pk))
    assert [line.action for line in lines] == ["mandate_signed", "mandate_closed"]
    told = Event.objects.filter(aggregate_type="mandate").order_by("sequence")
    assert [event.type for event in told] == [
        "payments.mandate_signed",
        "payments.mandate_closed",
    ]
    assert told[1].payload["reason"] == "withdrawn"
