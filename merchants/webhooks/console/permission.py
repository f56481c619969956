"""Who connects a merchant's own servers."""

from okplatform.parties.models import Role
from okplatform.web.permissions import staff

INTEGRATORS = staff(Role.OWNER, Role.MANAGER)
