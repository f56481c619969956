"""Who reads what a store's day came to."""

from okplatform.parties.models import Role
from okplatform.web.permissions import staff

CLOSERS = staff(Role.OWNER, Role.MANAGER, Role.FINANCE)
