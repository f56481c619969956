"""Who sees a merchant's money, its invoices and its books, and who looks after its gift cards."""

from okplatform.parties.models import Role
from okplatform.web.permissions import staff

MONEY = staff(Role.OWNER, Role.FINANCE)
CARD_KEEPERS = staff(Role.OWNER, Role.MANAGER, Role.FINANCE)
