"""One door into the ledger, and what it refuses."""

import pytest
from django.db import DatabaseError, IntegrityError

from okplatform.kernel.db import TransactionError, call, transaction
from okplatform.kernel.modes import Mode
from payments.chart import EUR, MERCHANT_PAYABLE, SHOPPER_RECEIVABLE
from payments.ledger import AccountRef, PostingDiffers, UnbalancedError, post
from payments.models import Account, Entry, Posting
from tests.payments.books import PROGRAMME, Points, held
from tests.support.world import NOW

pytestmark = pytest.mark.django_db

alice = Points(member=7)
bob = Points(member=8)
in_euros = AccountRef(SHOPPER_RECEIVABLE.kind, 7, EUR)
to_merchant = AccountRef(MERCHANT_PAYABLE.kind, 1, EUR)


def book(*entries: tuple[AccountRef, int], reference: str = "1", mode: str = Mode.LIVE) -> int:
    with transaction():
        return post(kind="points_earned", reference=reference, mode=mode, entries=entries, now=NOW)


def test_a_posting_keeps_when_it_happened_and_its_lines_in_order() -> None:
    posting = Posting.objects.get(pk=alice.book("sale-1", 18))
    assert (posting.kind, posting.reference, posting.mode) == ("points_earned", "sale-1", "live")
    assert posting.booked_at == NOW
    lines = Entry.objects.filter(posting=posting, xid=posting.xid).order_by("number")
    assert [(line.number, line.amount) for line in lines] == [(1, 18), (2, -18)]


def test_a_repeated_posting_is_booked_once() -> None:
    assert alice.book("sale-1", 18) == alice.book("sale-1", 18)
    assert held(alice.had) == 18
    assert Entry.objects.count() == 2


def test_a_repeated_debit_is_not_refused_once_the_points_are_gone() -> None:
    alice.book("sale-1", 18)
    spent = alice.book("cake-1", -18, kind="points_spent")
    assert alice.book("cake-1", -18, kind="points_spent") == spent
    assert held(alice.had) == 0


def test_the_same_name_with_another_amount_is_refused() -> None:
    alice.book("sale-1", 18)
    with pytest.raises(PostingDiffers):
        alice.book("sale-1", 19)
    assert held(alice.had) == 18


def test_the_same_name_for_another_account_is_refused() -> None:
    alice.book("sale-1", 18)
    with pytest.raises(PostingDiffers):
        bob.book("sale-1", 18)
    assert (held(alice.had), held(bob.had)) == (18, 0)


def test_the_same_name_with_a_line_more_is_refused() -> None:
    alice.book("1", 18)
    with pytest.raises(PostingDiffers):
        book((alice.had, 18), (alice.issued, -18), (bob.had, 1), (alice.issued, -1))
    with pytest.raises(PostingDiffers):
        book((alice.had, 18))
    assert held(bob.had) == 0


def test_another_kind_of_the_same_reference_is_another_posting() -> None:
    assert alice.book("sale-1", 18) != alice.book("sale-1", -8, kind="points_returned")
    assert held(alice.had) == 10


@pytest.mark.parametrize(
    "entries",
    [
        [(alice.had, 18), (alice.issued, -17)],
        [(alice.had, 18)],
        [(alice.had, 0), (alice.issued, 0)],
        [],
        [(alice.had, 5), (in_euros, -5)],
        [(alice.had, 5), (alice.issued, -4), (to_merchant, 5), (in_euros, -6)],
    ],
    ids=["unequal", "one line", "of nothing", "empty", "across assets", "zero in sum only"],
)
def test_what_does_not_sum_to_zero_in_each_asset_is_refused(
    entries: list[tuple[AccountRef, int]],
) -> None:
    with pytest.raises(UnbalancedError):
        book(*entries)
    assert not Posting.objects.exists()
    assert not Entry.objects.exists()


def test_one_posting_can_move_several_assets() -> None:
    book((alice.had, 18), (alice.issued, -18), (in_euros, -500), (to_merchant, 500))
    assert (held(alice.had), held(in_euros), held(to_merchant)) == (18, -500, 500)


def test_an_account_may_stand_on_several_lines() -> None:
    book((alice.had, 18), (alice.issued, -20), (alice.had, 2))
    assert held(alice.had) == 20


def test_only_what_is_taken_in_all_counts_against_the_floor() -> None:
    book((alice.had, -5), (alice.had, 8), (alice.issued, -3))
    assert held(alice.had) == 3


def test_live_and_test_have_accounts_of_their_own() -> None:
    book((alice.had, 18), (alice.issued, -18), mode=Mode.TEST)
    assert (held(alice.had, mode=Mode.TEST), held(alice.had)) == (18, 0)
    assert set(Account.objects.values_list("mode", flat=True)) == {"test"}


def test_a_mode_that_does_not_exist_is_refused() -> None:
    with pytest.raises(IntegrityError, match="account_mode_is_known"):
        book((alice.had, 18), (alice.issued, -18), mode="demo")


def test_an_account_that_is_not_in_the_chart_is_refused() -> None:
    with pytest.raises(KeyError):
        book((AccountRef("slush_fund", 1, EUR), 5), (to_merchant, -5))
    with pytest.raises(IntegrityError, match="the chart of accounts has no slush_fund"):
        call("SELECT ledger_open('slush_fund', 'merchant', 1, 'EUR', 'live')")


def test_an_account_belongs_to_the_kind_of_owner_its_chart_names() -> None:
    with pytest.raises(IntegrityError, match="account_kind_has_this_owner"):
        call("SELECT ledger_open('member_points', 'merchant', 1, 'points:3', 'live')")


@pytest.mark.parametrize("asset", ["euro", "points:", "points:x", ""])
def test_an_asset_is_a_currency_or_the_points_of_a_programme(asset: str) -> None:
    with pytest.raises(IntegrityError, match="account_asset_is_known"):
        book(
            (AccountRef("member_points", 7, asset), 5),
            (AccountRef("programme_points", 3, asset), -5),
        )


def test_a_posting_is_part_of_a_larger_action() -> None:
    with pytest.raises(TransactionError):
        alice.post("sale-1", 18)


@pytest.mark.parametrize("table", ["payments_entry", "payments_entry_{month}"])
def test_no_entry_comes_in_by_another_door(table: str) -> None:
    posting = alice.book("sale-1", 18)
    with pytest.raises(DatabaseError, match="own functions only"):
        call(
            f"INSERT INTO {at(table)} (posting_id, number, account_id, amount)"  # noqa: S608
            " VALUES (%s, 3, 1, 1000)",
            [posting],
        )


@pytest.mark.parametrize("table", ["payments_entry", "payments_entry_{month}", "payments_posting"])
@pytest.mark.parametrize(
    "change", ["UPDATE {} SET xid = '0'", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
def test_what_is_booked_stays_booked(table: str, change: str) -> None:
    alice.book("sale-1", 18)
    with pytest.raises(DatabaseError, match="never changed or deleted"):
        call(change.format(at(table)))


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ("UPDATE payments_account SET owner_id = 8", "only the floor of an account changes"),
        ("UPDATE payments_account SET mode = 'test'", "only the floor of an account changes"),
        ("DELETE FROM payments_account", "an account is never deleted"),
        ("TRUNCATE payments_account CASCADE", "an account is never deleted"),
    ],
)
def test_an_account_keeps_its_holder(change: str, answer: str) -> None:
    alice.book("sale-1", 18)
    with pytest.raises(DatabaseError, match=answer):
        call(change)


def at(table: str) -> str:
    """Return a table's name, or that of the partition that is written to now."""
    month = call("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY_MM')")[0][0]
    return table.format(month=month)


def test_the_points_of_two_programmes_are_two_assets() -> None:
    other = AccountRef("member_points", 7, f"points:{PROGRAMME + 1}")
    alice.book("sale-1", 18)
    assert held(other) == 0
