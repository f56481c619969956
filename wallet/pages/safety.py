"""Sign-in and safety: how you sign in, where you are signed in, and the phones with your codes.

Each ends in one tap, without asking anything: somebody who lost a phone is in a hurry.
"""

from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.parties.actions.end_session import (
    SessionUnknown,
    end_other_sessions,
    end_session,
)
from okplatform.parties.queries import sessions_of
from okplatform.web.queries import factors_of
from okplatform.web.views import PersonPage
from wallet.pages.you import still_here
from wallet.queries import devices_of
from wallet.reader import acting, reader

BACK = "mfa_index"


class SafetyPage(PersonPage):
    """Ours in the place of allauth's page of second factors, at the same address."""

    template_name = "mfa/index.html"
    http_method_names = ["get"]

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the ways to sign in, the phones and the sessions, this one first."""
        person_id, here = reader(self.request).pk, self.request.session.session_key
        devices = list(devices_of(person_id))
        names: dict[UUID | None, str] = {device.uuid: device.name for device in devices}
        sessions = [
            (session, names.get(session.device, ""), session.session_key == here)
            for session in sessions_of(person_id, now=clock.now())
        ]
        factors = factors_of(person_id)
        return super().get_context_data(
            devices=devices,
            sessions=sorted(sessions, key=lambda listed: not listed[2]),
            passkeys=factors.get(Authenticator.Type.WEBAUTHN, 0),
            has_app=Authenticator.Type.TOTP in factors,
            has_recovery_codes=Authenticator.Type.RECOVERY_CODES in factors,
            **kwargs,
        )


class EndSession(PersonPage):
    """Signs one browser out."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, session: UUID) -> HttpResponse:
        """End it; this one too, if that is what they chose."""
        person = reader(request)
        try:
            end_session(person_id=person.pk, session_uuid=session, actor=acting(person))
        except SessionUnknown as refusal:
            messages.error(request, refusal.detail)
            return redirect(BACK)
        return still_here(request, _("Signed out there, from now on."), BACK)


class EndOtherSessions(PersonPage):
    """Signs every browser out but this one."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """End them."""
        person = reader(request)
        ended = end_other_sessions(
            person_id=person.pk,
            session_key=request.session.session_key or "",
            actor=acting(person),
        )
        said = ngettext(
            "Signed out in %(count)s other browser.",
            "Signed out in %(count)s other browsers.",
            ended,
        )
        messages.success(request, said % {"count": ended})
        return redirect(BACK)
