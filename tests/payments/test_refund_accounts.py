"""Where a refund goes: to the account that paid, and else where its person says."""

import pytest

from okplatform.kernel.audit import SYSTEM
from payments.actions.choose_refund_account import RefundNotWaiting, choose_refund_account
from payments.actions.remove_bank_account import BankAccountUnknown, remove_bank_account
from payments.actions.take_status_report import take_status_report
from payments.bankfiles.pain002 import Status, StatusReport
from payments.models import BankAccount, Collection, HouseAccount, OutgoingFile
from payments.queries import refunds_of_person
from tests.payments.books import bank_account, held
from tests.payments.refunding import (
    IN_TIME,
    bank_pays,
    coming_to,
    give_back,
    order,
    refunds,
    states,
)
from tests.payments.settling import (
    instruction,
)
from tests.support.proofs import prove
from tests.support.world import NOW, World

OTHER_IBAN = "NL02ABNA0123456789"


def choose(world: World, account: BankAccount, *, nth: int = 0) -> None:
    choose_refund_account(
        person_id=world.alice.pk,
        refund_id=refunds()[nth].pk,
        bank_account_id=account.pk,
        now=NOW,
        actor=SYSTEM,
    )


def test_an_account_that_was_removed_waits_for_another(
    world: World, sale: int, collected: Collection, account: BankAccount
) -> None:
    other = bank_account(world.alice, OTHER_IBAN)
    give_back(world.till, sale, 500)
    remove_bank_account(person_id=world.alice.pk, bank_account_id=account.pk, now=NOW, actor=SYSTEM)
    assert order(IN_TIME) == []
    (seen,) = refunds_of_person(world.alice.pk, mode="live")
    assert seen.must_choose
    choose(world, other)
    (file_id,) = order(IN_TIME)
    assert instruction(file_id).texts("IBAN")[-1] == OTHER_IBAN
    prove()


def test_while_the_first_account_is_there_no_other_is_taken(
    world: World, sale: int, collected: Collection
) -> None:
    other = bank_account(world.alice, OTHER_IBAN)
    give_back(world.till, sale, 500)
    with pytest.raises(RefundNotWaiting):
        choose(world, other)


def test_nobody_takes_it_to_anothers_account(
    world: World, sale: int, collected: Collection, account: BankAccount
) -> None:
    bobs = bank_account(world.bob, OTHER_IBAN)
    give_back(world.till, sale, 500)
    remove_bank_account(person_id=world.alice.pk, bank_account_id=account.pk, now=NOW, actor=SYSTEM)
    with pytest.raises(BankAccountUnknown):
        choose(world, bobs)
    with pytest.raises(RefundNotWaiting):
        choose_refund_account(
            person_id=world.bob.pk,
            refund_id=refunds()[0].pk,
            bank_account_id=bobs.pk,
            now=NOW,
            actor=SYSTEM,
        )
    assert order(IN_TIME) == []


def test_one_that_came_back_is_owed_again_and_goes_where_the_person_says(
    world: World,
    sale: int,
    collected: Collection,
    ours: HouseAccount,
    account: BankAccount,
) -> None:
    give_back(world.till, sale, 500)
    order(IN_TIME)
    bank_pays(ours, refunds()[0])
    bank_pays(ours, refunds()[0], reason="AC04")
    assert states() == ["returned", "waiting"]
    assert held(coming_to(account)) == 500
    assert order(IN_TIME) == []
    choose(world, bank_account(world.alice, OTHER_IBAN), nth=1)
    (file_id,) = order(IN_TIME)
    assert instruction(file_id).texts("EndToEndId") == [refunds()[1].end_to_end_id]
    prove()


def test_one_that_the_bank_rejects_is_owed_again(
    world: World, sale: int, collected: Collection, account: BankAccount
) -> None:
    give_back(world.till, sale, 500)
    order(IN_TIME)
    file = OutgoingFile.objects.get(kind="pain.001")
    report = StatusReport(
        message_id=file.message_id,
        batch_id="",
        end_to_end_id=refunds()[0].end_to_end_id,
        status=Status.REJECTED,
        reason="AC01",
    )
    taken = take_status_report(reports=[report], now=NOW, actor=SYSTEM)
    again = take_status_report(reports=[report], now=NOW, actor=SYSTEM)
    assert (taken.rejected, again.rejected, again.known) == (1, 0, 1)
    assert states() == ["returned", "waiting"]
    assert held(coming_to(account)) == 500
    prove()
