"""Who makes a merchant's rules."""

from okplatform.parties.models import Role
from okplatform.web.permissions import staff

RULE_MAKERS = staff(Role.OWNER, Role.MANAGER, Role.MARKETER)
