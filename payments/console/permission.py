"""Who sees a merchant's money."""

from okplatform.parties.models import Role
from okplatform.web.permissions import staff

MONEY = staff(Role.OWNER, Role.FINANCE)
