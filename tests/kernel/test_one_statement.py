"""An action of one statement, as it runs: with no transaction around it but its own."""

from collections.abc import Callable
from contextlib import AbstractContextManager, suppress

import pytest
from django.db import connection
from django.db.utils import IntegrityError
from django.test.utils import CaptureQueriesContext

from okplatform.kernel import db
from okplatform.kernel.db import TransactionError
from okplatform.kernel.models import AuditEntry
from tests.kernel.guestbook import (
    BookClosedError,
    nothing_is_kept,
    refuse,
    statements,
    tell,
    words,
    write,
)
from tests.kernel.post import PostOffice, deeds, note, sent, waiting

Opening = Callable[[], AbstractContextManager[None]]

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("open_guestbook"),
]


def _peek() -> object:
    return write("peeked").value


def _try_a_part() -> None:
    with db.savepoint():
        write("inside")


ASKING = {
    "a statement": words,
    "a value": _peek,
    "a savepoint": _try_a_part,
    "a model's query": AuditEntry.objects.first,
    "a model's change": lambda: AuditEntry.objects.create(action="asked"),
}


@pytest.mark.parametrize("ask", ASKING.values(), ids=ASKING)
@pytest.mark.parametrize("first", [write, note], ids=["after a call", "before any call"])
def test_whatever_asks_inside_is_a_mistake_and_nothing_is_written(
    first: Callable[[str], object], ask: Callable[[], object]
) -> None:
    effects: list[str] = []

    def action() -> None:
        with db.one_statement():
            first("one")
            tell("p")
            db.after_commit(lambda: effects.append("told"))
            ask()

    with (
        CaptureQueriesContext(connection) as asked,
        pytest.raises(TransactionError, match="Ask before"),
    ):
        action()
    assert statements(asked) == []
    assert nothing_is_kept()
    assert effects == []


def test_a_mistake_that_is_passed_over_leaves_no_half_of_it() -> None:
    def action() -> None:
        with db.one_statement():
            write("one")
            tell("p")
            with suppress(TransactionError):
                words()
            write("two")

    with suppress(TransactionError):
        action()
    assert nothing_is_kept() or (words(), deeds(), sent()) == (["one", "two"], ["p"], [("p", 1)])


def test_one_statement_is_committed_without_another_word(office: PostOffice) -> None:
    office.hire("sorter")
    with CaptureQueriesContext(connection) as asked, db.one_statement():
        said = write("one")
        write("two")
        tell("p")
    assert len(asked) == 1
    connection.close()
    assert said.value == "one"
    assert (words(), deeds(), sent(), waiting()) == (["one", "two"], ["p"], [("p", 1)], ["p"])


def test_one_statement_that_is_refused_leaves_nothing_open() -> None:
    def action() -> None:
        with db.one_statement():
            write("one")
            tell("p")
            refuse()

    with pytest.raises(BookClosedError):
        action()
    assert connection.get_autocommit()
    assert nothing_is_kept()


@pytest.mark.parametrize("opened", [db.transaction, db.one_statement])
def test_what_the_database_refuses_in_committing_leaves_nothing(
    opened: Opening,
) -> None:
    effects: list[str] = []

    def action() -> None:
        with opened():
            write("rude")
            tell("p")
            db.after_commit(lambda: effects.append("told"))

    with pytest.raises(IntegrityError, match="no way to talk"):
        action()
    assert nothing_is_kept()
    assert effects == []
