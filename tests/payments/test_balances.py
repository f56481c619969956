"""A balance is exact at any moment: folded, not yet folded, or being folded."""

from collections.abc import Iterator

import psycopg2
import pytest
from django.db import DatabaseError, connection

from okplatform.kernel.db import call, transaction
from okplatform.local.processes import wait_until
from payments.actions.fold_balances import fold_balances
from payments.actions.rebuild_balances import rebuild_balances
from payments.models import Account, Balance, Fold
from payments.queries import balance
from tests.payments.books import Points, breaches, held

pytestmark = pytest.mark.django_db(transaction=True)

alice = Points(member=7)
UNFOLDED = "SELECT count(*) FROM payments_entry, payments_fold WHERE xid >= upto"


def fold_all() -> None:
    """Fold until nothing is left: any writer on this server, in any database, holds folding up."""

    def is_folded() -> bool:
        fold_balances()
        return call(UNFOLDED) == [(0,)] and Fold.objects.exists()

    assert wait_until(is_folded, seconds=60)


def folded(account: Account) -> int:
    return Balance.objects.get(account=account).folded


@pytest.fixture
def hers() -> Account:
    """Alice's account, with 18 points on it."""
    alice.book("sale-1", 18)
    return Account.objects.get(kind="member_points")


@pytest.fixture
def elsewhere() -> Iterator[psycopg2.extensions.cursor]:
    """Another session with a transaction of its own."""
    session = psycopg2.connect(**connection.get_connection_params())
    yield session.cursor()
    session.close()


def test_folding_changes_where_a_balance_stands_and_not_what_it_is(hers: Account) -> None:
    assert not Balance.objects.exists()
    assert balance(hers.pk) == 18
    fold_all()
    assert (folded(hers), balance(hers.pk)) == (18, 18)
    alice.book("sale-2", 5)
    assert (folded(hers), balance(hers.pk)) == (18, 23)
    fold_all()
    assert (folded(hers), balance(hers.pk)) == (23, 23)
    assert breaches() == {}


def test_folding_an_idle_ledger_writes_nothing(hers: Account) -> None:
    fold_all()
    before = call("SELECT xmin, upto FROM payments_fold")
    assert fold_balances() == 0
    assert call("SELECT xmin, upto FROM payments_fold") == before


def test_what_is_being_booked_is_folded_once_it_is_booked(
    hers: Account, elsewhere: psycopg2.extensions.cursor
) -> None:
    elsewhere.execute(
        "SELECT ledger_post_for('points_earned', 'sale-2', 'live', now(),"
        " '{member_points,programme_points}', '{member,programme}', '{7,3}',"
        " '{points:3,points:3}', '{5,-5}')"
    )
    alice.book("sale-3", 1)
    fold_balances()
    assert balance(hers.pk) == 19
    elsewhere.connection.commit()
    assert balance(hers.pk) == 24
    fold_all()
    assert (folded(hers), balance(hers.pk)) == (24, 24)
    assert breaches() == {}


def test_what_was_never_booked_is_never_folded(
    hers: Account, elsewhere: psycopg2.extensions.cursor
) -> None:
    elsewhere.execute(
        "SELECT ledger_post_for('points_earned', 'sale-2', 'live', now(),"
        " '{member_points,programme_points}', '{member,programme}', '{7,3}',"
        " '{points:3,points:3}', '{5,-5}')"
    )
    elsewhere.connection.rollback()
    fold_all()
    assert (folded(hers), balance(hers.pk)) == (18, 18)


def test_a_transaction_sees_what_it_has_booked_itself(hers: Account) -> None:
    fold_all()
    with transaction():
        alice.post("sale-2", 5)
        assert balance(hers.pk) == 23
        alice.post("cake-1", -23, kind="points_spent")
        assert balance(hers.pk) == 0


def test_a_folded_balance_counts_for_the_floor(hers: Account) -> None:
    fold_all()
    alice.book("cake-1", -18, kind="points_spent")
    fold_all()
    assert (folded(hers), balance(hers.pk)) == (0, 0)


def test_rebuilding_mends_what_was_damaged(hers: Account) -> None:
    fold_all()
    Balance.objects.update(folded=1_000)
    assert balance(hers.pk) == 1_000
    assert rebuild_balances() == 2
    assert balance(hers.pk) == 18
    assert breaches() == {}


def restore_elsewhere() -> None:
    """Make the rows look as after a restore: their transactions are of another server's count."""
    later = "(%s::text::bigint + 1000000000)::text::xid8"
    call("SET session_replication_role = replica")
    for table, column in (
        ("payments_posting", "xid"),
        ("payments_entry", "xid"),
        ("payments_balance", "upto"),
        ("payments_fold", "upto"),
    ):
        call(f"UPDATE {table} SET {column} = {later % column}")  # noqa: S608 -- our own names
    call("RESET session_replication_role")


def test_after_a_restore_nothing_is_answered_before_the_balances_are_rebuilt(
    hers: Account,
) -> None:
    fold_all()
    restore_elsewhere()
    with pytest.raises(DatabaseError, match="comes from another server"):
        balance(hers.pk)
    with pytest.raises(DatabaseError, match="comes from another server"):
        fold_balances()
    with pytest.raises(DatabaseError, match="comes from another server"):
        alice.book("cake-1", -18, kind="points_spent")
    assert "balances_are_their_entries" in breaches()


def test_after_a_restore_rebuilding_makes_the_books_right_again(hers: Account) -> None:
    fold_all()
    alice.book("sale-2", 5)
    restore_elsewhere()

    rebuild_balances()

    assert balance(hers.pk) == 23
    alice.book("sale-3", 2)
    alice.book("cake-1", -25, kind="points_spent")
    assert balance(hers.pk) == 0
    assert alice.book("sale-1", 18)
    fold_all()
    assert (folded(hers), held(alice.issued)) == (0, 0)
    assert breaches() == {}


def test_rebuilding_leaves_the_guards_in_place(hers: Account) -> None:
    rebuild_balances()
    for table in ("payments_entry", "payments_posting"):
        with pytest.raises(DatabaseError, match="never changed or deleted"):
            call(f"UPDATE {table} SET xid = '0'")  # noqa: S608 -- our own names
