"""Who sees what the robot found: whoever connects the shop's tills."""

from okplatform.parties.models import Role
from okplatform.web.permissions import staff

CERTIFIERS = staff(Role.OWNER, Role.MANAGER)
