"""Who gives money back."""

from okplatform.parties.models import Role
from okplatform.web.permissions import staff

REFUNDERS = staff(Role.OWNER, Role.MANAGER)
"""Not a cashier: money leaves the shop, and nobody stands beside them."""
