"""Who sees a merchant's money, its invoices and its books."""

from okplatform.parties.models import Role
from okplatform.web.permissions import staff

MONEY = staff(Role.OWNER, Role.FINANCE)
