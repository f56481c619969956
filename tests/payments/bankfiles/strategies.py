"""Lines as our own books may hold them, for what is written and read back."""

from datetime import date

from hypothesis import strategies as st

from payments.bankfiles.lines import BankLine
from tests.payments.bankfiles.samples import ALICE, BOB

WORDS = st.text("ABCdef019", min_size=1, max_size=20)
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
# What XML can carry and reading gives back: no control characters, and spaces one by one.
FREE = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=30)
TEXTS = st.lists(FREE.filter(bool), max_size=12).map(" ".join)
LATIN_TEXTS = st.lists(WORDS, max_size=4).map(" ".join)
REFERENCES = st.one_of(st.just(""), WORDS)


def lines(texts: st.SearchStrategy[str]) -> st.SearchStrategy[BankLine]:
    """Return a line of its own entry, with a name and texts of this kind."""
    day = st.shared(DAYS, key="day")
    return st.builds(
        BankLine,
        entry=st.just(0),
        part=st.just(0),
        amount=st.integers(-(10**11), 10**11),
        currency=st.just("EUR"),
        booked_on=day,
        valued_on=day,
        end_to_end_id=REFERENCES,
        batch_id=REFERENCES,
        batch_size=st.integers(1, 500),
        mandate_id=REFERENCES,
        bank_reference=WORDS.map(lambda word: word[:16]),
        structured=st.sampled_from(["", "RF18539007547034"]),
        text=texts,
        name=texts.map(lambda text: text[:60].strip()),
        iban=st.sampled_from(["", ALICE, BOB]),
        reason=st.sampled_from(["", "AM04", "MD06"]),
        is_reversal=st.booleans(),
    )
