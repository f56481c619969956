"""XML that any reader takes, whatever people typed."""

from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from payments.bookkeeping.markup import clean, encoded, group, leaf


@given(text=st.text())
def test_any_text_can_be_written_and_read_back(text: str) -> None:
    lines = group("a", leaf("b", f"x{text}", c=text))
    read = ET.fromstring(b"".join(encoded(lines)))  # noqa: S314 -- ours
    assert read.findtext("b") == clean(f"x{text}")
    assert read[0].get("c") == clean(text)


@given(text=st.text(), limit=st.integers(1, 20))
def test_text_is_cut_to_what_there_is_room_for(text: str, limit: int) -> None:
    cut = clean(text, limit)
    assert len(cut) <= limit
    assert cut == cut.strip()
    assert clean(text).startswith(cut)


def test_nothing_is_written_for_nothing() -> None:
    assert list(encoded([])) == []
    assert group("a", leaf("b", " \x00"), group("c")) == []


def test_a_long_file_comes_in_pieces() -> None:
    pieces = list(encoded(f"<a>{number}</a>" for number in range(20_000)))
    assert len(pieces) > 2
    assert b"".join(pieces).count(b"\n") == 20_000
