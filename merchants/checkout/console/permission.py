"""Who asks for money by a link, and sees what came of it."""

from okplatform.parties.models import Role
from okplatform.web.permissions import staff

LINK_MAKERS = staff(Role.OWNER, Role.MANAGER, Role.FINANCE)
