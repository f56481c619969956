"""Who helps customers."""

from okplatform.parties.models import Role
from okplatform.web.permissions import staff

HELPERS = staff(Role.OWNER, Role.MANAGER, Role.CASHIER)
"""Not who markets or keeps the books: a card is for the person who stands at the counter."""
