"""Who reads what OK's work costs, and takes the books home."""

from okplatform.parties.models import Role
from okplatform.web.permissions import staff

BOOKKEEPERS = staff(Role.OWNER, Role.FINANCE)
