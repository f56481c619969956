"""The front door, and where a signed-in reader goes from there."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from typing_extensions import override

from okplatform.parties.models import Membership
from okplatform.web import navigation
from okplatform.web.navigation import NavLink
from okplatform.web.queries import memberships_of
from okplatform.web.views import PersonPage, PublicPage


class HomePage(PublicPage):
    """What OK is, for a shopper, a retailer and a till vendor."""

    template_name = "web/home.html"


class StartPage(PersonPage):
    """After sign-in: a shopper goes on to the wallet, whoever works somewhere chooses first."""

    template_name = "web/start.html"

    @override
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send the reader on when there is one place to go; else show the choice."""
        own = navigation.links("start", request=request, role=None, merchant=None)
        memberships = list(memberships_of(self.person.pk))
        office = self._office()
        if own and not memberships and not office:
            return redirect(own[0].address)
        work = [(membership, self._places(membership, own)) for membership in memberships]
        return self.render_to_response(self.get_context_data(own=own, work=work, office=office))

    def _office(self) -> list[NavLink]:
        """Return what OK's own people may open."""
        if not self.person.is_staff:
            return []
        return navigation.links("office", request=self.request, role=None, merchant=None)

    def _places(self, membership: Membership, own: Sequence[NavLink]) -> list[NavLink]:
        """Return what this role may open at this merchant, besides what is the person's own."""
        links = navigation.links(
            "start",
            request=self.request,
            role=membership.role,
            merchant=membership.merchant.reference,
        )
        return [link for link in links if link not in own]
