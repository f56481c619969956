"""Who asks for money by a link, and sees what came of it."""

from okplatform.parties.models import Role
from okplatform.web.permissions import staff

LINK_MAKERS = staff(Role.OWNER, Role.MANAGER, Role.FINANCE)
RISK_TAKERS = staff(Role.OWNER, Role.MANAGER)
"""Who says what tills may sell without a network: what is not paid is the merchant's loss."""
