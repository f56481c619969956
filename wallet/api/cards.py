"""What a phone asks the server about its cards: what changed, and what it changed itself.

JSON, behind the session and its CSRF token, as the phone's other addresses (wallet/api/phone.py).
docs/cards.md says how a phone keeps its own copy with them.
"""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.gzip import gzip_page
from pydantic import Field, JsonValue
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from typing_extensions import override

from okplatform.kernel import clock
from okplatform.kernel.api.renderers import JsonAnswer
from okplatform.kernel.api.views import Body
from okplatform.kernel.errors import Refusal
from wallet.actions.add_photo import PhotoTooLarge, add_photo
from wallet.actions.change_balance import change_balance
from wallet.actions.mark_used import mark_used
from wallet.actions.put_card import put_card
from wallet.api.phone import PhoneThrottle, PhoneView
from wallet.card_keeping import Said
from wallet.card_texts import for_phone
from wallet.cards import as_values, changed_since, cursor_of, photo_of
from wallet.models import Card
from wallet.models.card import MOST_PHOTO_BYTES
from wallet.reader import acting, reader

PER_PAGE = 200
PER_BATCH = 100
FOR_EVER = "private, max-age=31536000, immutable"


class SentChange(Body):
    """One thing that happened to a card on a phone; ``kind`` says which members count.

    ``edit``: ``fields`` of the card. ``balance``: ``delta`` and ``note``. ``use``: ``count``, how
    often this phone has shown the card in all.
    """

    kind: Literal["edit", "balance", "use"]
    uuid: UUID = Field(strict=False)
    card: UUID = Field(strict=False)
    at: datetime = Field(strict=False)
    fields: dict[str, JsonValue] = {}
    delta: int = 0
    note: str = ""
    count: int = 0


class Batch(Body):
    """What a phone has to say, the oldest first."""

    device: str = Field(pattern=r"^[A-Za-z0-9-]{1,40}$")
    changes: list[SentChange] = Field(max_length=PER_BATCH)


class CardThrottle(PhoneThrottle):
    """An import of 2,000 cards takes 20 batches, and the page at most one a second."""

    scope = "cards"
    rate = "120/min"


@method_decorator(gzip_page, name="dispatch")
class CardChanges(PhoneView):
    """The changes of a person's cards, both ways."""

    throttle_classes = (CardThrottle,)

    def get(self, request: Request) -> JsonAnswer:
        """Tell what changed after ``since``; ask again from ``cursor`` while there is ``more``."""
        since = request.query_params.get("since", "0")
        person_id = reader(request).pk
        cards = changed_since(person_id, int(since) if since.isdecimal() else 0, PER_PAGE + 1)
        more = len(cards) > PER_PAGE
        shown = cards[:PER_PAGE]
        cursor = shown[-1].cursor if more else cursor_of(person_id)
        texts = for_phone(person_id, shown)
        told = [as_values(card) | texts[card.pk] for card in shown]
        return self.answer(cards=told, cursor=cursor, more=more)

    def post(self, request: Request) -> JsonAnswer:
        """Keep each change by itself: what is refused says so, and holds up no other."""
        batch = self.body(request, Batch)
        return self.answer(
            results=[self._result(request, batch.device, sent) for sent in batch.changes]
        )

    def _result(self, request: Request, device: str, sent: SentChange) -> dict[str, Any]:
        try:
            card = _keep(request, device, sent)
        except Refusal as refusal:
            return {
                "uuid": str(sent.uuid),
                "kept": False,
                "code": refusal.code,
                "detail": refusal.detail,
            }
        return {"uuid": str(sent.uuid), "kept": True, "card": as_values(card)}


def _keep(request: Request, device: str, sent: SentChange) -> Card:
    person, now = reader(request), clock.now()
    if sent.kind == "use":
        return mark_used(
            person_id=person.pk,
            card=sent.card,
            device=device,
            count=sent.count,
            at=sent.at,
            now=now,
        )
    said = Said(uuid=sent.uuid, device=device, at=sent.at)
    common: dict[str, Any] = {
        "person_id": person.pk,
        "card": sent.card,
        "said": said,
        "now": now,
        "actor": acting(person),
    }
    if sent.kind == "balance":
        return change_balance(**common, delta=sent.delta, note=sent.note)
    return put_card(**common, fields=sent.fields)


class Unparsed(JSONParser):
    """Leaves the body as it came: the check of the CSRF token asks the parser for a form."""

    media_type = "*/*"

    @override
    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """Find no form in it."""
        return {}


class CardPhotos(PhoneView):
    """Takes a photo, which an edit may then name by the digest in the answer."""

    throttle_classes = (CardThrottle,)
    parser_classes = (Unparsed,)

    def post(self, request: Request) -> JsonAnswer:
        """Keep the body, which is the photo itself."""
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_PHOTO_BYTES:
            raise PhotoTooLarge
        person = reader(request)
        digest = add_photo(
            person_id=person.pk, content=request.body, now=clock.now(), actor=acting(person)
        )
        return self.answer(digest=digest)


class CardPhotoView(PhoneView):
    """Gives a photo to whoever it belongs to; its address never shows anything else."""

    def get(self, request: Request, digest: str) -> HttpResponse:
        """Give the picture."""
        photo = photo_of(reader(request).pk, digest)
        if photo is None:
            raise Http404
        response = HttpResponse(bytes(photo.content), content_type=photo.media_type)
        response["Cache-Control"] = FOR_EVER
        return response
