"""Who may open a page. A page names one of these; a page that names none is refused."""

from dataclasses import dataclass
from enum import Enum

from typing_extensions import override

from okplatform.parties.models import Role


class Audience(Enum):
    """For whom a page is, in broad strokes."""

    EVERYONE = "everyone"
    PERSON = "person"
    STAFF = "staff"
    OPERATOR = "operator"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True)
class Permission:
    """One line of the permission table: an audience and, for staff, the roles among them."""

    audience: Audience
    roles: frozenset[Role] = frozenset()

    @override
    def __str__(self) -> str:
        """Return the words of the permission table: ``staff: manager, owner``."""
        if not self.roles:
            return self.audience.value
        return f"{self.audience.value}: {', '.join(sorted(self.roles))}"


EVERYONE = Permission(Audience.EVERYONE)
"""Anybody, signed in or not."""

PERSON = Permission(Audience.PERSON)
"""Somebody who has signed in, for what is theirs."""

OPERATOR = Permission(Audience.OPERATOR)
"""OK's own people (``is_staff``), for what no merchant sees: its bank lines, its files."""

MACHINE = Permission(Audience.MACHINE)
"""Our own monitoring: the loopback address, or the token in ``METRICS_TOKEN``."""


def staff(*roles: Role) -> Permission:
    """Return the permission for members of a merchant with one of these roles."""
    if not roles:
        message = "name the roles a page is for; staff(*Role) is everybody who works there"
        raise ValueError(message)
    return Permission(Audience.STAFF, frozenset(roles))
