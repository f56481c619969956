"""API keys of the demo world: one live key per till, and a test key per merchant for the sandbox.

A key is shown once, when it is issued; the file that `load_demo` writes is the only place that
keeps it. What the file no longer has is revoked and issued anew.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from demo.loading.parties import Premises
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties import api_keys
from okplatform.parties.actions.issue_api_key import issue_api_key
from okplatform.parties.actions.revoke_api_key import revoke_api_key
from okplatform.parties.models import ApiKey
from okplatform.parties.queries import find_key
from okplatform.parties.scopes import TILL_SCOPES, Scope


@dataclass(frozen=True, slots=True)
class DemoKey:
    """A key as the file tells it; `merchant`, `store` and `terminal` are references."""

    merchant: str
    store: str
    terminal: str
    key: str
    scopes: Sequence[str]
    mode: str


def load_keys(
    premises: dict[str, Premises], known: Iterable[dict[str, Any]], now: datetime
) -> list[dict[str, Any]]:
    """Return a working key for every till, keeping those of `known` that still work."""
    kept = {_place(row): row for row in known if _works(row["key"])}
    keys = []
    for merchant, place in premises.items():
        for store, terminal, mode in _wanted(place):
            row = kept.get((merchant, store, terminal, mode))
            keys.append(row or asdict(_issue(merchant, place, store, terminal, mode, now)))
    return keys


def _wanted(place: Premises) -> Iterator[tuple[str, str, str]]:
    for store, terminal in place.terminals:
        yield store, terminal, Mode.LIVE.value
    store, terminal = next(iter(place.terminals))
    yield store, terminal, Mode.TEST.value


def _issue(
    merchant: str, place: Premises, store: str, terminal: str, mode: str, now: datetime
) -> DemoKey:
    terminal_id = place.terminals[store, terminal]
    with merchant_scope(place.merchant_id):
        lost = ApiKey.objects.filter(terminal_id=terminal_id, mode=mode, revoked_at=None)
        lost_ids = list(lost.values_list("pk", flat=True))
    for key_id in lost_ids:
        revoke_api_key(merchant_id=place.merchant_id, key_id=key_id, actor=SYSTEM, now=now)
    scopes = {str(scope) for scope in TILL_SCOPES}
    if mode == Mode.TEST:
        scopes.add(Scope.TEST_CODES.value)
    issued = issue_api_key(
        merchant_id=place.merchant_id,
        store_id=place.stores[store],
        terminal_id=terminal_id,
        mode=mode,
        name=f"Demo: {store}, {terminal}",
        scopes=scopes,
        actor=SYSTEM,
        now=now,
    )
    return DemoKey(merchant, store, terminal, issued.text, sorted(scopes), mode)


def _works(key: str) -> bool:
    found = find_key(api_keys.prefix_of(key) or "")
    return (
        found is not None
        and not found.revoked
        and api_keys.matches(key, settings.OK_API_KEY_PEPPER, found.digest)
    )


def _place(row: dict[str, Any]) -> tuple[str, str, str, str]:
    return row["merchant"], row["store"], row["terminal"], row["mode"]
