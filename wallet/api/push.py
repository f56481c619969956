"""What a browser's script and its service worker ask about notifications."""

import base64
import binascii

from django.middleware.csrf import get_token
from pydantic import Field
from rest_framework.request import Request

from okplatform.kernel import clock
from okplatform.kernel.api.renderers import JsonAnswer
from okplatform.kernel.api.views import Body
from wallet.actions.turn_off_push import turn_off_push
from wallet.actions.turn_on_push import PushNotPossible, turn_on_push
from wallet.api.phone import PhoneView
from wallet.queries import push_phone_here, session_name
from wallet.reader import acting, reader
from wallet.web_push import public_key


class PushAsked(Body):
    """A browser's ``PushSubscription``, and the time zone of its clock."""

    endpoint: str = Field(max_length=2_000)
    p256dh: str = Field(max_length=128)
    auth: str = Field(max_length=64)
    timezone: str = Field(default="", max_length=64)


class PushOnPhone(PhoneView):
    """Notifications in this browser: whether they are on, on, off."""

    def get(self, request: Request) -> JsonAnswer:
        """Tell whether they are on, what to subscribe with, and what a change is sent with.

        ``whose`` says person and sign-in: by it a browser that signed in anew knows itself from one
        that was removed.
        """
        person, key = reader(request).pk, request.session.session_key or ""
        return self.answer(
            on=push_phone_here(person, key) is not None,
            whose=f"{person} {session_name(person, key)}",
            key=public_key(),
            token=get_token(request),
        )

    def post(self, request: Request) -> JsonAnswer:
        """Turn them on, or keep that the browser has another address now."""
        asked, person = self.body(request, PushAsked), reader(request)
        turn_on_push(
            person_id=person.pk,
            session_key=request.session.session_key or "",
            endpoint=asked.endpoint,
            p256dh=_decode(asked.p256dh),
            auth=_decode(asked.auth),
            timezone=asked.timezone,
            now=clock.now(),
            actor=acting(person),
        )
        return self.answer(on=True)

    def delete(self, request: Request) -> JsonAnswer:
        """Turn them off."""
        person = reader(request)
        here = push_phone_here(person.pk, request.session.session_key or "")
        if here is not None:
            turn_off_push(person_id=person.pk, phone=here.uuid, actor=acting(person))
        return self.answer(on=False)


def _decode(text: str) -> bytes:
    padded = text + "=" * (-len(text) % 4)
    try:
        return base64.b64decode(padded, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise PushNotPossible from error
