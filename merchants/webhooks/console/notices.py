"""What an owner must know of the endpoints, on every page."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils.translation import gettext

from merchants.models import WebhookEndpoint
from merchants.webhooks.console.permission import INTEGRATORS
from merchants.webhooks.queries import in_trouble
from okplatform.kernel import clock
from okplatform.parties.models import Membership
from okplatform.web.formats import day_and_time
from okplatform.web.notices import Notice


def endpoints_in_trouble(membership: Membership) -> Iterator[Notice]:
    """Yield a notice for each endpoint that is gone, or that takes nothing of what we send."""
    if membership.role not in INTEGRATORS.roles:
        return
    for endpoint in in_trouble():
        address = reverse("merchants:webhook", args=[membership.merchant.reference, endpoint.uuid])
        yield Notice(_sentence(endpoint), address, gettext("Look at it"))


def _sentence(endpoint: WebhookEndpoint) -> str:
    host = urlsplit(endpoint.url).hostname
    if endpoint.opened_at is not None and endpoint.disabled_at is None:
        since = day_and_time(endpoint.opened_at, now=clock.now())
        said = gettext("{host} has not taken our webhooks since {since}. They are kept.")
        return said.format(host=host, since=since)
    said = gettext("{host} says that it is gone, so its webhooks are disabled. They are kept.")
    return said.format(host=host)
