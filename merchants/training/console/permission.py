"""Who reads how cashiers do in training."""

from okplatform.parties.models import Role
from okplatform.web.permissions import staff

TRAINERS = staff(Role.OWNER, Role.MANAGER)
"""It is about people's work: nobody else's business."""
