"""The kinds of page. Each names its ``required_permission``; one that names none is refused.

    class ReceiptPage(PersonPage):      # signed in; the person's scope is open
        template_name = "wallet/receipt.html"

    class LivePage(StaffPage):          # works for this merchant; the merchant's scope is open
        required_permission = staff(Role.OWNER, Role.MANAGER)
        template_name = "merchants/live.html"

    class QueuePage(OperatorPage):      # one of OK's own people; everything is in scope
        template_name = "payments/office_queue.html"

The scope is open from the first line of ``get`` until the template is rendered, and no longer.
"""

import logging
import zoneinfo
from contextlib import ExitStack
from typing import Any, ClassVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.views.generic import TemplateView
from typing_extensions import override

from okplatform.kernel.tenancy import merchant_scope, operator_scope, person_scope
from okplatform.parties.models import Membership, Merchant, Person
from okplatform.web.permissions import EVERYONE, OPERATOR, PERSON, Audience, Permission
from okplatform.web.queries import memberships_of

logger = logging.getLogger(__name__)

MERCHANT_IN_SESSION = "merchant"
"""The session's key for the merchant last opened: a primary key."""


class Page(TemplateView):
    """A page behind its permission, rendered inside the scope that the permission opens."""

    required_permission: ClassVar[Permission | None] = None

    @property
    def person(self) -> Person:
        """Return who signed in; raises ``PermissionDenied`` where nobody has."""
        user = self.request.user
        if not isinstance(user, Person):
            raise PermissionDenied
        return user

    @override
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Let in whom the permission names; raise ``PermissionDenied`` when it names nobody."""
        permission = self.required_permission
        if permission is None:
            logger.error("page_without_permission", extra={"page": type(self).__qualname__})
            raise PermissionDenied
        with ExitStack() as scopes:
            detour = self.enter(permission, scopes)
            if detour is not None:
                return detour
            response = super().dispatch(request, *args, **kwargs)
            # Rendered here, not after the middleware: a lazy template would run outside the scope.
            return render_now(response)

    def enter(self, permission: Permission, scopes: ExitStack) -> HttpResponse | None:
        """Check the permission and open its scope; return where to go first, if anywhere."""
        if permission.audience is Audience.EVERYONE:
            return None
        if not self.request.user.is_authenticated:
            return redirect_to_login(self.request.get_full_path())
        if permission.audience is Audience.PERSON:
            scopes.enter_context(person_scope(self.person.pk))
            return None
        raise PermissionDenied


class PublicPage(Page):
    """A page for everybody."""

    required_permission = EVERYONE


class PersonPage(Page):
    """A page for whoever signed in; reads are narrowed to that person's own rows."""

    required_permission = PERSON


class OperatorPage(Page):
    """A page for OK's own people: they see every merchant, and the audit says what they did.

    Whoever is not one of them, signed in or not active any more, is not told that the page exists.
    """

    required_permission = OPERATOR

    @override
    def enter(self, permission: Permission, scopes: ExitStack) -> HttpResponse | None:
        """Let in who is staff of OK, and open the scope of all."""
        if permission.audience is not Audience.OPERATOR:
            raise PermissionDenied
        if not self.request.user.is_authenticated:
            return redirect_to_login(self.request.get_full_path())
        if not (self.person.is_staff and self.person.is_active):
            raise Http404
        scopes.enter_context(operator_scope(type(self).__qualname__))
        return None


class StaffPage(Page):
    """A page for people who work for a merchant; the subclass says which roles.

    The merchant is the one in the address (``<slug:merchant>``, its reference), else the one last
    opened in this session, else the only one; with more to choose from the reader chooses first. A
    merchant one does not work for is not found; a role that does not fit is forbidden. Times are
    shown in the merchant's time zone.
    """

    membership: Membership
    merchant: Merchant

    @override
    def enter(self, permission: Permission, scopes: ExitStack) -> HttpResponse | None:
        """Find the membership, check its role, and open the merchant's scope."""
        if permission.audience is not Audience.STAFF:
            return super().enter(permission, scopes)
        if not self.request.user.is_authenticated:
            return redirect_to_login(self.request.get_full_path())
        membership = self._membership(list(memberships_of(self.person.pk)))
        if membership is None:
            return redirect("web:start")
        if membership.role not in permission.roles:
            raise PermissionDenied
        self.membership, self.merchant = membership, membership.merchant
        if self.request.session.get(MERCHANT_IN_SESSION) != self.merchant.pk:
            self.request.session[MERCHANT_IN_SESSION] = self.merchant.pk
        scopes.enter_context(merchant_scope(self.merchant.pk))
        scopes.enter_context(timezone.override(zoneinfo.ZoneInfo(self.merchant.timezone)))
        return None

    def _membership(self, memberships: list[Membership]) -> Membership | None:
        """Return the one this request is about; None when the reader has to choose."""
        reference = self.kwargs.get("merchant")
        if reference is not None:
            found = next((m for m in memberships if m.merchant.reference == reference), None)
            if found is None:
                raise Http404
            return found
        last_opened = self.request.session.get(MERCHANT_IN_SESSION)
        chosen = [m for m in memberships if m.merchant_id == last_opened] or memberships
        return chosen[0] if len(chosen) == 1 else None

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give every console page its merchant and the reader's membership."""
        # The address may have named the merchant too, by its reference.
        found = {**kwargs, "merchant": self.merchant, "membership": self.membership}
        return super().get_context_data(**found)


def render_now(response: HttpResponseBase) -> HttpResponseBase:
    """Render a lazy template response at once; any other response stays as it is."""
    render = getattr(response, "render", None)
    return render() if callable(render) else response
