"""Who makes keys, and who lets a till vendor act for the merchant.

A manager of one store sees and makes keys of that store. A vendor acts for the whole merchant, so
the owner decides. Nobody takes with a key what the console does not show them: a key that reads the
books is the owner's to make.
"""

from collections.abc import Iterable

from okplatform.parties.models import Role
from okplatform.parties.scopes import Scope
from okplatform.web.permissions import staff

KEY_MAKERS = staff(Role.OWNER, Role.MANAGER)
GRANTERS = staff(Role.OWNER)
OWNERS_SCOPES = frozenset({Scope.LEDGER_READ.value})


def may_hold(role: str, scopes: Iterable[str]) -> bool:
    """Say whether somebody in this role may see the text of a key with these scopes."""
    return role in GRANTERS.roles or OWNERS_SCOPES.isdisjoint(scopes)
