"""Collecting what shoppers owe: announced, sent once, settled, returned, and what follows."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError

from okplatform.kernel import clock, relay
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.db import transaction
from okplatform.kernel.models import Event, OutboxItem
from okplatform.parties.models import Person
from payments.actions.close_mandate import close_mandate
from payments.actions.reopen_debt import reopen_debt
from payments.actions.retry_collection import MandateMissing, NothingToRetry, retry_collection
from payments.calendar import LEAD_DAYS, NOTICE_DAYS, add_business_days
from payments.models import BankAccount, Collection, CollectionItem, HouseAccount, Mandate
from payments.states import FollowUp, MoveNotAllowedError
from tests.payments.books import bank_account, held, owed_by, owed_to, sell
from tests.payments.settling import (
    DUE,
    OUR_IBAN,
    SENDING_DAY,
    at_the_bank,
    bank_books,
    bank_returns,
    collect,
    expectation_of,
    in_transit,
    instruction,
    our_account,
    plan,
    send,
    sign,
)
from tests.support.proofs import prove
from tests.support.world import NOW, World


@pytest.fixture
def ours(world: World) -> HouseAccount:
    return our_account()


@pytest.fixture
def mandate(account: BankAccount) -> Mandate:
    return sign(account)


@pytest.fixture
def sent(world: World, account: BankAccount, ours: HouseAccount, mandate: Mandate) -> Collection:
    """What Alice owes for two breads, with the bank."""
    sell(world.till, account, 1_840)
    sell(world.till, account, 260)
    return collect()


def renewed(collection: Collection) -> Collection:
    return Collection.objects.get(pk=collection.pk)


def test_all_that_an_account_owes_is_one_collection(
    world: World, account: BankAccount, ours: HouseAccount, mandate: Mandate
) -> None:
    sell(world.till, account, 1_840)
    sell(world.gouda, account, 260)
    assert plan() == 1
    collection = Collection.objects.get()
    assert (collection.amount, collection.currency, collection.due_on) == (2_100, "EUR", DUE)
    assert (collection.house_account, collection.mandate) == (ours, mandate)
    assert sorted(collection.items.values_list("amount", flat=True)) == [260, 1_840]
    assert held(owed_by(account)) == -2_100


def test_the_shopper_hears_of_it_in_time(
    world: World, account: BankAccount, ours: HouseAccount, mandate: Mandate
) -> None:
    sell(world.till, account, 1_840)
    plan()
    told = Event.objects.get(type="payments.collection_announced").payload
    assert (told["amount"], told["person_id"]) == (1_840, account.person_id)
    assert told["mandate"] == mandate.reference
    assert date.fromisoformat(told["due_on"]) - NOW.date() >= timedelta(days=NOTICE_DAYS)


def test_a_payment_is_collected_once(
    world: World, account: BankAccount, ours: HouseAccount, mandate: Mandate
) -> None:
    sell(world.till, account, 1_840)
    assert (plan(), plan()) == (1, 0)
    sell(world.till, account, 260)
    assert plan() == 1
    assert sorted(Collection.objects.values_list("amount", flat=True)) == [260, 1_840]


def test_nothing_is_collected_without_a_mandate(
    world: World, account: BankAccount, ours: HouseAccount
) -> None:
    sell(world.till, account, 1_840)
    close_mandate(person_id=account.person_id, bank_account_id=account.pk, now=NOW, actor=SYSTEM)
    assert plan() == 0
    assert CollectionItem.objects.get().collection is None
    assert not Event.objects.filter(type="payments.collection_announced").exists()


def test_two_people_are_collected_from_apart(
    world: World, account: BankAccount, bob: Person, ours: HouseAccount, mandate: Mandate
) -> None:
    other = bank_account(bob)
    sign(other)
    sell(world.till, account, 1_840)
    sell(world.till, other, 500)
    assert plan() == 2
    by_account = dict(Collection.objects.values_list("bank_account_id", "amount"))
    assert by_account == {account.pk: 1_840, other.pk: 500}


def test_it_goes_to_the_bank_on_its_day_and_not_before(
    world: World, account: BankAccount, ours: HouseAccount, mandate: Mandate
) -> None:
    sell(world.till, account, 1_840)
    # A Saturday: the notice ends on Monday, the bank has it two business days before Tuesday.
    plan(datetime(2026, 11, 14, 12, 0, tzinfo=UTC))
    collection = Collection.objects.get()
    assert collection.due_on == date(2026, 11, 18)
    assert send(datetime(2026, 11, 14, 12, 0, tzinfo=UTC)) != []


def test_sending_books_it_and_expects_it(
    sent: Collection, account: BankAccount, ours: HouseAccount
) -> None:
    assert (sent.state, sent.sequence) == ("sent", "FRST")
    assert held(owed_by(account)) == 0
    assert held(in_transit(ours)) == -2_100
    expected = expectation_of(sent)
    assert (expected.amount, expected.due_on, expected.state) == (2_100, DUE, "open")
    assert (expected.iban, expected.end_to_end_id) == (account.iban, sent.end_to_end_id)
    prove()


def test_the_file_says_what_was_announced(sent: Collection, mandate: Mandate) -> None:
    assert sent.outgoing_file is not None
    read = instruction(sent.outgoing_file.pk)
    assert (read.file.kind, read.file.state, read.file.transactions) == ("pain.008", "made", 1)
    assert read.file.total == 2_100
    assert read.texts("InstdAmt") == ["21.00"]
    assert read.texts("EndToEndId") == [sent.end_to_end_id]
    assert read.texts("MndtId") == [mandate.reference]
    assert read.texts("SeqTp") == ["FRST"]
    assert read.texts("ReqdColltnDt") == [DUE.isoformat()]
    assert OUR_IBAN in read.texts("IBAN")
    assert read.texts("PmtInfId") == [expectation_of(sent).batch_id]
    assert add_business_days(SENDING_DAY.date(), LEAD_DAYS) <= DUE


def test_there_is_one_file_and_nothing_is_sent_twice(sent: Collection) -> None:
    assert send() == []
    assert plan() == 0
    assert Collection.objects.count() == 1


def test_first_and_recurrent_collections_are_batches_of_one_file(
    world: World, account: BankAccount, bob: Person, sent: Collection
) -> None:
    bank_books(sent)
    other = bank_account(bob)
    sign(other)
    sell(world.till, account, 100)
    sell(world.till, other, 200)
    plan()
    (file_id,) = send()
    read = instruction(file_id)
    assert sorted(read.texts("SeqTp")) == ["FRST", "RCUR"]
    assert len(set(read.texts("PmtInfId"))) == 2
    assert read.file.total == 300
    by_account = dict(
        Collection.objects.filter(outgoing_file_id=file_id).values_list(
            "bank_account_id", "sequence"
        )
    )
    assert by_account == {account.pk: "RCUR", other.pk: "FRST"}


def test_an_outage_moves_the_day_and_never_forward_of_the_notice(
    world: World, account: BankAccount, ours: HouseAccount, mandate: Mandate
) -> None:
    sell(world.till, account, 1_840)
    plan()
    (file_id,) = send(datetime(2026, 11, 24, 9, 0, tzinfo=UTC))
    assert instruction(file_id).texts("ReqdColltnDt") == ["2026-11-26"]
    assert Collection.objects.get().due_on == date(2026, 11, 26)


def test_what_the_bank_credited_is_settled(
    sent: Collection, account: BankAccount, ours: HouseAccount, mandate: Mandate
) -> None:
    bank_books(sent)
    assert (renewed(sent).state, renewed(sent).settled_on) == ("settled", DUE)
    mandate.refresh_from_db()
    assert mandate.first_settled_at is not None
    assert (held(in_transit(ours)), held(at_the_bank(ours))) == (0, -2_100)
    assert held(owed_by(account)) == 0
    assert Event.objects.filter(type="payments.collection_settled").count() == 1


def owes_again(collection: Collection, account: BankAccount, ours: HouseAccount) -> bool:
    return (
        renewed(collection).state == "returned"
        and held(owed_by(account)) == -2_100
        and held(in_transit(ours)) == 0
        and held(at_the_bank(ours)) == 0
    )


@pytest.mark.parametrize("day", ["the same day", "later"])
@pytest.mark.parametrize("reason", ["AM04", "MS03"])
def test_what_may_come_another_day_is_tried_once_more(
    sent: Collection, account: BankAccount, ours: HouseAccount, reason: str, day: str
) -> None:
    if day == "later":
        bank_books(sent)
    bank_returns(sent, reason, same_day=day == "the same day")
    assert owes_again(sent, account, ours)
    assert renewed(sent).follow_up == FollowUp.RETRY
    retry = Collection.objects.get(retry_of=sent)
    assert (retry.state, retry.attempt, retry.amount) == ("announced", 2, 2_100)
    assert not renewed(sent).items.exists()
    assert retry.items.count() == 2
    told = Event.objects.get(type="payments.collection_returned").payload
    assert told["retry_on"] == retry.due_on.isoformat()
    assert (told["reason"], told["dunning_level"]) == (reason, 1)
    assert plan() == 0


def test_the_second_attempt_is_the_last_one(
    sent: Collection, account: BankAccount, ours: HouseAccount
) -> None:
    bank_returns(sent, "AM04", same_day=True)
    retry = Collection.objects.get(retry_of=sent)
    day = datetime.combine(retry.due_on, SENDING_DAY.timetz())
    assert send(day) != []
    assert renewed(retry).state == "sent"
    assert held(owed_by(account)) == 0
    bank_returns(renewed(retry), "AM04", same_day=True)
    assert owes_again(retry, account, ours)
    assert (renewed(retry).follow_up, renewed(retry).dunning_level) == ("look", 2)
    assert Collection.objects.count() == 2
    assert plan() == 0
    prove()


@pytest.mark.parametrize("reason", ["AC01", "AC04", "AC06", "MD01", "MD07"])
def test_an_account_that_cannot_be_collected_from_ends_the_mandate(
    sent: Collection, account: BankAccount, ours: HouseAccount, mandate: Mandate, reason: str
) -> None:
    bank_returns(sent, reason, same_day=True)
    assert owes_again(sent, account, ours)
    mandate.refresh_from_db()
    assert (mandate.state, mandate.closed_reason) == ("closed", reason)
    assert renewed(sent).follow_up == "new_mandate"
    assert Collection.objects.count() == 1
    assert plan() == 0


def test_what_was_announced_meanwhile_is_cancelled_with_the_mandate(
    world: World, sent: Collection, account: BankAccount, ours: HouseAccount
) -> None:
    sell(world.till, account, 100)
    plan()
    bank_returns(sent, "AC04", same_day=True)
    assert Collection.objects.get(amount=100).state == "cancelled"
    assert send() == []
    assert held(owed_by(account)) == -2_200


@pytest.mark.parametrize("reason", ["MD06", "MS02"])
def test_who_had_it_back_is_asked(
    sent: Collection, account: BankAccount, ours: HouseAccount, mandate: Mandate, reason: str
) -> None:
    bank_books(sent)
    bank_returns(sent, reason)
    assert owes_again(sent, account, ours)
    assert renewed(sent).follow_up == "ask_person"
    mandate.refresh_from_db()
    assert mandate.state == "active"
    assert plan() == 0


@pytest.mark.parametrize("reason", ["AG01", "AM05", "BE05", "RC01", "RR04", "SL01"])
def test_all_else_waits_for_somebody_to_look(
    sent: Collection, account: BankAccount, ours: HouseAccount, reason: str
) -> None:
    bank_returns(sent, reason, same_day=True)
    assert owes_again(sent, account, ours)
    assert renewed(sent).follow_up == "look"
    assert plan() == 0


def test_a_person_may_agree_to_be_collected_from_again(
    sent: Collection, account: BankAccount, ours: HouseAccount
) -> None:
    bank_returns(sent, "MD06", same_day=True)
    retry = retry_collection(collection_id=sent.pk, now=NOW, actor=SYSTEM)
    assert (retry.amount, retry.attempt, retry.due_on) == (2_100, 2, DUE)
    with pytest.raises(NothingToRetry):
        retry_collection(collection_id=sent.pk, now=NOW, actor=SYSTEM)
    assert Collection.objects.count() == 2


def test_nothing_is_retried_without_a_mandate_or_a_return(
    sent: Collection, account: BankAccount, ours: HouseAccount
) -> None:
    with pytest.raises(NothingToRetry):
        retry_collection(collection_id=sent.pk, now=NOW, actor=SYSTEM)
    bank_returns(sent, "MD01", same_day=True)
    with pytest.raises(MandateMissing):
        retry_collection(collection_id=sent.pk, now=NOW, actor=SYSTEM)
    new = sign(account)
    retry = retry_collection(collection_id=sent.pk, now=NOW, actor=SYSTEM)
    assert retry.mandate == new


def test_a_collection_comes_back_once(sent: Collection, account: BankAccount) -> None:
    bank_returns(sent, "MD06", same_day=True)
    with pytest.raises(MoveNotAllowedError), transaction():
        reopen_debt(collection_id=sent.pk, reason="AC04", returned_on=DUE, now=NOW, actor=SYSTEM)
    assert renewed(sent).reason == "MD06"
    assert held(owed_by(account)) == -2_100


def test_what_was_never_sent_cannot_settle(
    world: World, account: BankAccount, ours: HouseAccount, mandate: Mandate
) -> None:
    sell(world.till, account, 1_840)
    plan()
    with pytest.raises(IntegrityError, match="no move from announced to settled"), transaction():
        Collection.objects.update(state="settled", settled_on=DUE)


def test_a_collection_keeps_its_amount(sent: Collection) -> None:
    with pytest.raises(IntegrityError, match="keeps its amount"), transaction():
        Collection.objects.update(amount=1)


def test_the_merchant_is_owed_all_the_while(world: World, sent: Collection) -> None:
    bank_returns(sent, "AM04", same_day=True)
    assert held(owed_to(world.till)) == 2_100
    # What the return told is handled too.
    relay.drain(now=clock.now())
    assert not OutboxItem.objects.exists()
    prove()


def test_live_and_test_are_collected_apart(
    world: World, account: BankAccount, ours: HouseAccount, mandate: Mandate
) -> None:
    sell(world.till, account, 1_840)
    sign(bank_account(world.tessa))
    our_account("test")
    plan()
    assert Collection.objects.get().mode == "live"
    assert len(send()) == 1
