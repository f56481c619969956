"""What owners must know of points, on every page (``okplatform.web.notices``)."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from loyalty.models import CircleShop, ShopState
from okplatform.parties.models import Membership, Role
from okplatform.web.notices import Notice


def asked_to_share(membership: Membership) -> Iterator[Notice]:
    """Say that another shop asks this one to share points; its merchant's scope is open."""
    if membership.role != Role.OWNER:
        return
    if CircleShop.objects.filter(state=ShopState.INVITED).exists():
        yield Notice(
            sentence=_("Another shop asks you to share points."),
            address=reverse("loyalty:console-circle", args=[membership.merchant.reference]),
            label=_("Look at it"),
        )
