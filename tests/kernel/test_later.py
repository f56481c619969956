"""What is said for later travels in one statement: in order, all of it or nothing."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import pytest
from django.db import connection
from django.db.utils import DatabaseError
from django.test.utils import CaptureQueriesContext

from okplatform.kernel import db
from okplatform.kernel.db import TransactionError
from tests.kernel.guestbook import (
    BookClosedError,
    nothing_is_kept,
    refuse,
    statements,
    tell,
    words,
    write,
)
from tests.kernel.post import PostOffice, deeds, sent, waiting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("open_guestbook")]

Opening = Callable[[], AbstractContextManager[None]]

in_either_way = pytest.mark.parametrize("opened", [db.transaction, db.one_statement])


def fail() -> None:
    raise RuntimeError


@in_either_way
def test_calls_run_in_the_order_they_were_said_and_each_sees_the_one_before(
    opened: Opening,
) -> None:
    with opened():
        said = [write(word) for word in ("one", "two", "three")]
    assert [each.value for each in said] == ["one", "one two", "one two three"]
    assert words() == ["one", "two", "three"]


@in_either_way
def test_all_that_an_action_says_is_one_statement_in_its_end(
    opened: Opening, office: PostOffice
) -> None:
    office.hire("sorter")
    with CaptureQueriesContext(connection) as asked, opened():
        tell("p")
        write("one")
        tell("q")
        write("two")
        assert statements(asked) == []
    (statement,) = statements(asked)
    assert statement.count("guestbook.write(") == 2
    assert statement.count("kernel_write_journal(") == 1
    assert (words(), deeds(), waiting()) == (["one", "two"], ["p", "q"], ["p", "q"])
    assert sent() == [("p", 1), ("q", 1)]


@in_either_way
def test_a_value_that_has_come_is_not_asked_for_again(opened: Opening) -> None:
    with opened():
        said = write("one")
    with CaptureQueriesContext(connection) as asked:
        assert said.value == said.value == "one"
    assert len(asked) == 0


@in_either_way
def test_an_action_that_says_nothing_asks_nothing(opened: Opening) -> None:
    with CaptureQueriesContext(connection) as asked, opened():
        pass
    assert statements(asked) == []


@in_either_way
def test_a_refusal_raises_what_its_code_means_and_nothing_is_kept(
    opened: Opening, office: PostOffice
) -> None:
    office.hire("sorter")
    effects: list[str] = []

    def action() -> None:
        with opened():
            write("before")
            tell("p")
            db.after_commit(lambda: effects.append("told"))
            refuse("shelf 7")
            write("after")

    with pytest.raises(BookClosedError) as refused:
        action()
    assert refused.value.args == ("shelf 7",)
    assert isinstance(refused.value.__cause__, DatabaseError)
    assert nothing_is_kept()
    assert effects == []


@in_either_way
def test_a_refusal_without_a_detail_says_none(opened: Opening) -> None:
    with pytest.raises(BookClosedError) as refused, opened():
        refuse(None)
    assert refused.value.args == (None,)


@in_either_way
def test_an_error_that_nobody_expected_is_the_databases_own(opened: Opening) -> None:
    def action() -> None:
        with opened():
            write("before")
            tell("p")
            refuse(code="OK902")

    with pytest.raises(DatabaseError, match="the book is closed"):
        action()
    assert nothing_is_kept()


@in_either_way
def test_an_action_that_fails_sends_nothing(opened: Opening) -> None:
    def action() -> None:
        with opened():
            write("one")
            tell("p")
            fail()

    with CaptureQueriesContext(connection) as asked, pytest.raises(RuntimeError):
        action()
    assert statements(asked) == []
    assert nothing_is_kept()


@in_either_way
@pytest.mark.parametrize("how", [fail, refuse])
def test_after_a_failure_the_next_action_starts_clean(
    opened: Opening, how: Callable[[], object]
) -> None:
    def action() -> None:
        with opened():
            write("failed")
            tell("failed")
            how()

    with pytest.raises((RuntimeError, BookClosedError)):
        action()
    with opened():
        write("next")
        tell("next")
    assert (words(), deeds(), sent()) == (["next"], ["next"], [("next", 1)])


@in_either_way
def test_effects_run_after_it_in_the_open_and_may_ask(opened: Opening) -> None:
    seen: list[tuple[bool, list[str]]] = []
    with opened():
        db.after_commit(lambda: seen.append((db.is_open(), words())))
        write("one")
        assert seen == []
    assert seen == [(False, ["one"])]


@pytest.mark.parametrize("inner", [db.transaction, db.one_statement])
@pytest.mark.parametrize("outer", [db.transaction, db.one_statement])
def test_actions_do_not_nest(outer: Opening, inner: Opening) -> None:
    with outer():
        write("one")
        with pytest.raises(TransactionError, match="do not nest"), inner():
            pytest.fail("a second one was opened")
        write("two")
    assert words() == ["one", "two"]


def test_nothing_is_said_for_later_outside_an_action() -> None:
    with pytest.raises(TransactionError):
        write("one")
    assert words() == []


# --- asked for before the end of a transaction


def test_a_value_asked_for_inside_is_sent_at_once_with_all_that_waits() -> None:
    with CaptureQueriesContext(connection) as asked, db.transaction():
        write("one")
        said = write("two")
        assert said.value == "one two"
        assert len([sql for sql in statements(asked) if "guestbook.write(" in sql]) == 1
        assert said.value == "one two"
        write("three")
    assert len(statements(asked)) == 2
    assert words() == ["one", "two", "three"]


def test_what_was_sent_at_once_is_still_undone_with_the_transaction() -> None:
    said = []

    def action() -> None:
        with db.transaction():
            said.append(write("one").value)
            tell("p")
            fail()

    with pytest.raises(RuntimeError):
        action()
    assert said == ["one"]
    assert nothing_is_kept()


def test_a_value_that_is_refused_raises_where_it_is_asked_for() -> None:
    reached = []

    def action() -> None:
        with db.transaction():
            write("one")
            tell("p")
            said = refuse()
            reached.append("said")
            assert said.value is None
            reached.append("answered")

    with pytest.raises(BookClosedError):
        action()
    assert reached == ["said"]
    assert nothing_is_kept()


def test_a_statement_sees_what_was_said_before_it() -> None:
    with db.transaction():
        write("one")
        assert words() == ["one"]
        write("two")
        assert words() == ["one", "two"]


def test_a_statement_raises_the_refusal_of_what_was_said_before_it() -> None:
    def action() -> None:
        with db.transaction():
            refuse()
            words()
            pytest.fail("the statement was made")

    with pytest.raises(BookClosedError):
        action()
    assert nothing_is_kept()


def test_what_is_said_before_a_savepoint_does_not_fall_with_it() -> None:
    def part() -> None:
        with db.savepoint():
            write("sent").value  # noqa: B018 -- asking sends it
            write("waiting")
            tell("inside")
            fail()

    with db.transaction():
        write("before")
        tell("before")
        with pytest.raises(RuntimeError):
            part()
        write("after")
    assert words() == ["before", "after"]
    assert (deeds(), sent()) == (["before"], [("before", 1)])


def test_the_end_of_a_savepoint_raises_what_was_refused_inside_it_and_the_rest_goes_on() -> None:
    def part() -> None:
        with db.savepoint():
            write("inside")
            tell("inside")
            refuse()

    with db.transaction():
        write("before")
        with pytest.raises(BookClosedError):
            part()
        write("after")
        tell("after")
    assert words() == ["before", "after"]
    assert (deeds(), sent()) == (["after"], [("after", 1)])


def test_what_is_refused_before_a_savepoint_is_refused_before_it_begins() -> None:
    def action() -> None:
        with db.transaction():
            refuse()
            with db.savepoint():
                pytest.fail("the savepoint was opened")

    with pytest.raises(BookClosedError):
        action()
    assert nothing_is_kept()


def test_a_savepoint_that_holds_keeps_what_was_said_inside_it() -> None:
    with db.transaction():
        with db.savepoint():
            said = write("inside")
        assert said.value == "inside"
        write("after")
    assert words() == ["inside", "after"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("how", [fail, refuse])
@pytest.mark.parametrize("part", [nullcontext, db.savepoint])
def test_a_value_of_what_was_undone_is_a_mistake_to_ask_for(
    part: Opening, how: Callable[[], object]
) -> None:
    said = []

    def action() -> None:
        with db.transaction(), part():
            said.append(write("undone"))
            how()

    with pytest.raises((RuntimeError, BookClosedError)):
        action()
    with pytest.raises(TransactionError):
        assert said[0].value is None
    assert nothing_is_kept()
