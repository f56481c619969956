"""The secret of a gift's link: it follows from the row and the server's key, and is in no table."""

import re
from uuid import UUID

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from loyalty.models import PointsGift
from okplatform.kernel.tenancy import operator_scope

_TOKEN = re.compile(r"([0-9a-f]{32})([0-9a-f]{64})")


def token_of(gift: PointsGift) -> str:
    """Return the secret of its link; who has it takes the gift, once."""
    return gift.uuid.hex + _seal(gift.uuid)


def gift_of(token: str) -> PointsGift | None:
    """Return the gift that a secret opens."""
    said = _TOKEN.fullmatch(token)
    if not said or not constant_time_compare(said[2], _seal(UUID(said[1]))):
        return None
    with operator_scope("who has a gift's link"):
        found: PointsGift | None = (
            PointsGift.objects.select_related("merchant").filter(uuid=UUID(said[1])).first()
        )
    return found


def _seal(uuid: UUID) -> str:
    key = settings.OK_API_KEY_PEPPER
    return salted_hmac("loyalty.gifts", uuid.hex, secret=key, algorithm="sha256").hexdigest()
