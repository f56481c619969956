"""How edits of one card, made on several phones, become one card (pure).

Each field is a register of its own: the later edit wins, whatever the order in which they arrive
(docs/adr/0021-cards-edited-on-two-phones.md). A group is a register too, so that two phones may put
a card in two groups. Deltas of the balance add up elsewhere, and uses are counted per phone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

GROUP = "groups/"
"""Before the name of a group: the register that says whether the card is in it."""

Stamp: TypeAlias = tuple[str, str, str]
"""When (ISO 8601 in UTC, of one width, so that text sorts as time), on which phone, which edit."""

Versions: TypeAlias = Mapping[str, Stamp]


@dataclass(frozen=True, slots=True)
class Merged:
    """What a card becomes: ``won`` are the registers that change, ``versions`` the new stamps."""

    won: Mapping[str, Any]
    versions: Versions


def registers(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the registers an edit writes: its fields, and one for each group it names."""
    plain = {name: value for name, value in fields.items() if name != "groups"}
    groups = fields.get("groups", {})
    return plain | {f"{GROUP}{name}": is_in for name, is_in in groups.items()}


def merge(versions: Versions, fields: Mapping[str, Any], stamp: Stamp) -> Merged:
    """Let an edit win where it is the latest; the same edit again changes nothing.

    Stamps are all different, because each names its edit, so that any order of arrival ends the
    same.
    """
    written = registers(fields)
    won = {name: value for name, value in written.items() if _wins(versions.get(name), stamp)}
    return Merged(won, {**versions, **dict.fromkeys(won, stamp)})


def _wins(held: Stamp | None, stamp: Stamp) -> bool:
    return held is None or stamp > tuple(held)


def groups_after(groups: frozenset[str], won: Mapping[str, Any]) -> frozenset[str]:
    """Return the groups a card is in once the registers that changed are applied."""
    said = {
        name.removeprefix(GROUP): is_in for name, is_in in won.items() if name.startswith(GROUP)
    }
    joined = frozenset(name for name, is_in in said.items() if is_in)
    return (groups - said.keys()) | joined


def uses_after(uses: Mapping[str, int], device: str, count: int) -> dict[str, int]:
    """Return the uses per phone; a phone counts its own, so the higher number is the newer one."""
    return {**uses, device: max(count, uses.get(device, 0))}
