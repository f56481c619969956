"""What the kernel's tests share: a post office that closes after each test, and the log."""

import logging
from collections.abc import Iterator
from io import StringIO

import pytest
from structlog.stdlib import ProcessorFormatter

from okplatform.kernel import db, events
from tests.kernel import guestbook
from tests.kernel.post import ParcelSent, PostOffice


@pytest.fixture
def office() -> Iterator[PostOffice]:
    """A post office without sorters; nobody handles parcels after the test."""
    yield PostOffice()
    events._subscriptions.pop(ParcelSent.type, None)


@pytest.fixture
def open_guestbook() -> Iterator[None]:
    """A guest book in PostgreSQL, for the length of a test."""
    db.call(guestbook.OPEN)
    yield
    db.call(guestbook.CLOSE)


@pytest.fixture
def written() -> Iterator[StringIO]:
    """What the process writes to its log, as it writes it."""
    root = logging.getLogger()
    formatter = next(
        each.formatter for each in root.handlers if isinstance(each.formatter, ProcessorFormatter)
    )
    text = StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(formatter)
    root.addHandler(handler)
    yield text
    root.removeHandler(handler)
