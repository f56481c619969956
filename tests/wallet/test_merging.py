from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from wallet.merging import Stamp, groups_after, merge, uses_after

Edit = tuple[dict[str, Any], Stamp]

FIELDS = st.dictionaries(
    st.sampled_from(["name", "note", "starred"]), st.integers(0, 9), min_size=1
)
GROUPS = st.dictionaries(st.sampled_from(["food", "fun"]), st.booleans(), min_size=1)
WRITTEN = st.one_of(FIELDS, st.builds(lambda groups: {"groups": groups}, GROUPS))
WHEN = st.tuples(st.sampled_from(["2026-11-20", "2026-11-21"]), st.sampled_from("ab"))


@st.composite
def some_edits(draw: st.DrawFn) -> list[Edit]:
    """Edits of two phones; each has an id of its own, and moments may be the same."""
    drawn = draw(st.lists(st.tuples(WRITTEN, WHEN), max_size=8))
    return [(fields, (*when, f"{nth:02d}")) for nth, (fields, when) in enumerate(drawn)]


def result(edits: list[Edit]) -> tuple[dict[str, Any], frozenset[str]]:
    """Return what a card holds after edits arrived in this order."""
    versions: dict[str, Stamp] = {}
    state: dict[str, Any] = {}
    groups: frozenset[str] = frozenset()
    for fields, stamp in edits:
        merged = merge(versions, fields, stamp)
        versions = dict(merged.versions)
        state |= {name: value for name, value in merged.won.items() if "/" not in name}
        groups = groups_after(groups, merged.won)
    return state, groups


@given(some_edits(), st.randoms(use_true_random=False))
def test_the_order_in_which_edits_arrive_does_not_matter(edits: list[Edit], random: Any) -> None:
    shuffled = list(edits)
    random.shuffle(shuffled)
    assert result(shuffled) == result(edits)


@given(some_edits(), st.data())
def test_edits_that_arrive_again_change_nothing(edits: list[Edit], data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(edits), max_size=4)) if edits else []
    assert result([*edits, *again]) == result(edits)


@given(some_edits())
def test_each_field_holds_what_was_written_last(edits: list[Edit]) -> None:
    state, _groups = result(edits)
    for name, value in state.items():
        written = [(stamp, fields[name]) for fields, stamp in edits if name in fields]
        assert value == max(written)[1]


def test_two_phones_put_one_card_in_two_groups() -> None:
    one = ({"groups": {"food": True}}, ("2026-11-21", "a", "1"))
    other = ({"groups": {"fun": True}}, ("2026-11-21", "b", "2"))
    assert result([one, other])[1] == {"food", "fun"}


@given(st.permutations([("a", 1), ("a", 2), ("b", 1), ("a", 2)]))
def test_uses_count_once_per_phone_however_they_arrive(told: list[tuple[str, int]]) -> None:
    uses: dict[str, int] = {}
    for device, count in told:
        uses = uses_after(uses, device, count)
    assert uses == {"a": 2, "b": 1}
