"""What the code page's script asks the server: JSON, behind the session and its CSRF token.

Every answer says the server's time, so that a phone with a wrong clock shows right codes. These
addresses belong to the page, not to the public API, so they are not in the OpenAPI document.
"""

import base64
import binascii
from collections.abc import Sequence
from typing import Any, ClassVar, NoReturn
from uuid import UUID

from django.urls import reverse
from pydantic import Field
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.throttling import UserRateThrottle
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.kernel.api.renderers import JsonAnswer
from okplatform.kernel.api.views import ApiView, Body
from okplatform.parties.models import Person
from okplatform.web.permissions import PERSON, Permission
from wallet import keys
from wallet.actions.enrol_device import PublicKeyMalformed, enrol_device
from wallet.actions.stock_handles import DeviceIsBlocked, stock_handles
from wallet.codes import HANDLE_DIGITS
from wallet.hooks import Funding, funding_of, question_for
from wallet.queries import is_blocked, latest_receipt
from wallet.reader import acting, reader

MILLISECONDS = 1000


class Enrolment(Body):
    """A phone's public key (base64 of the uncompressed point) and the name its owner knows."""

    public_key: str = Field(max_length=128)
    name: str = Field(min_length=1, max_length=80)


class StockRequest(Body):
    """Which phone asks."""

    device: UUID = Field(strict=False)


class PhoneThrottle(UserRateThrottle):
    """A page asks a few times a minute; this is what a broken or a curious one may do."""

    rate = "60/min"


class PhoneView(ApiView):
    """Base: for whoever is signed in, about what is theirs."""

    required_permission: ClassVar[Permission] = PERSON
    authentication_classes = (SessionAuthentication,)
    permission_classes = (IsAuthenticated,)
    throttle_classes = (PhoneThrottle,)
    schema = None

    def answer(self, **facts: Any) -> JsonAnswer:
        """Return the facts with the server's time, in milliseconds since 1970."""
        return JsonAnswer({"server_time": int(clock.now().timestamp() * MILLISECONDS), **facts})


class EnrolPhone(PhoneView):
    """Keeps a phone's public key; gives the server's."""

    def post(self, request: Request) -> JsonAnswer:
        """Enrol the phone of whoever is signed in."""
        asked = self.body(request, Enrolment)
        person = reader(request)
        device = enrol_device(
            person_id=person.pk,
            mode=person.mode,
            public_key=_decode(asked.public_key),
            name=asked.name,
            now=clock.now(),
            actor=acting(person),
            session_key=request.session.session_key or "",
        )
        server_key = base64.b64encode(keys.server_point()).decode()
        return self.answer(device=str(device.uuid), server_public_key=server_key)


class StockPhone(PhoneView):
    """Fills the stock of codes, and tells which of them are still unused.

    A blocked phone is signed out; it is told all the same, so that it forgets what it keeps.
    """

    @override
    def permission_denied(
        self, request: Request, message: str | None = None, code: str | None = None
    ) -> NoReturn:
        """Refuse, and tell a blocked phone why."""
        if is_blocked(self.body(request, StockRequest).device):
            raise DeviceIsBlocked
        super().permission_denied(request, message, code)

    def post(self, request: Request) -> JsonAnswer:
        """Top up, and list everything this phone may show."""
        asked = self.body(request, StockRequest)
        person = reader(request)
        funding = funding_of(person.pk, person.mode)
        stock = stock_handles(
            person_id=person.pk,
            device_uuid=asked.device,
            funding_refs=[source.ref for source in funding] or [None],
            now=clock.now(),
            actor=acting(person),
            session_key=request.session.session_key or "",
        )
        return self.answer(
            stock=[_source(ref, handles, funding) for ref, handles in stock.items()],
            latest_receipt=_latest_receipt(person),
            question=question_for(person.pk, clock.now()),
        )


def _source(ref: int | None, handles: Sequence[int], funding: Sequence[Funding]) -> dict[str, Any]:
    found = next((source for source in funding if source.ref == ref), None)
    return {
        "ref": ref,
        "label": found.label if found else "",
        "tail": found.tail if found else "",
        "handles": [f"{handle:0{HANDLE_DIGITS}d}" for handle in handles],
    }


def _latest_receipt(person: Person) -> dict[str, Any] | None:
    """Return where the newest receipt is, for a phone that was away when it was filed."""
    latest = latest_receipt(person.pk)
    if latest is None:
        return None
    return {
        "url": reverse("wallet:receipt", args=[latest.pk]),
        "at": int(latest.filed_at.timestamp() * MILLISECONDS),
    }


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise PublicKeyMalformed from error
