"""You: your phones, your shops, and the way out."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.web.views import PersonPage
from wallet.actions.block_device import DeviceUnknown, block_device
from wallet.queries import devices_of, shops_of
from wallet.reader import acting, reader

LOOKS_COUNTED = timedelta(days=30)


class YouPage(PersonPage):
    """Who you are here, which phones show your codes, and what shops may know."""

    template_name = "wallet/you.html"

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the phones and the shops."""
        person_id = reader(self.request).pk
        return super().get_context_data(
            devices=devices_of(person_id),
            shops=shops_of(person_id, since=clock.now() - LOOKS_COUNTED),
            **kwargs,
        )


class BlockDevice(PersonPage):
    """Blocks a phone, from any browser."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, device: UUID) -> HttpResponse:
        """Refuse its codes from the next scan on."""
        person = reader(request)
        back = "mfa_index" if request.POST.get("back") == "safety" else "wallet:you"
        try:
            block_device(
                person_id=person.pk,
                device_uuid=device,
                now=clock.now(),
                actor=acting(person),
            )
        except DeviceUnknown as refusal:
            messages.error(request, refusal.detail)
        else:
            said = _("Blocked. This phone's codes are refused from now on, and it is signed out.")
            return still_here(request, said, back)
        return redirect(back)


def still_here(request: HttpRequest, said: str, back: str) -> HttpResponse:
    """Say what was done and go back; or to the sign-in, where it ended this very session."""
    if not request.session.exists(request.session.session_key or ""):
        logout(request)
        back = "account_login"
    messages.success(request, said)
    return redirect(back)


class SignOut(PersonPage):
    """Signs out and leaves nothing of this person in the browser."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """Block this browser's own device, whose keys are about to go, and end the session."""
        person = reader(request)
        device = _uuid(request.POST.get("device", ""))
        if device is not None:
            _block_quietly(person_id=person.pk, device=device, request=request)
        logout(request)
        response = redirect("web:home")
        # Caches, IndexedDB and the worker: also where the page's own script could not clear them.
        response["Clear-Site-Data"] = '"storage"'
        return response


def _block_quietly(*, person_id: int, device: UUID, request: HttpRequest) -> None:
    """Block the device if it is this person's; whoever signs out must not be held up by it."""
    try:
        block_device(
            person_id=person_id,
            device_uuid=device,
            now=clock.now(),
            actor=acting(reader(request)),
        )
    except DeviceUnknown:
        return


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
