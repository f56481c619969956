"""Keep a photo of a card; an edit of the card then shows it, by its digest."""

import hashlib
from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import person_scope
from wallet.card_shelves import step_on
from wallet.imports.photos import media_type_of
from wallet.models import CardPhoto, CardShelf
from wallet.models.card import MOST_PHOTO_BYTES, MOST_PHOTOS_BYTES


class PhotoTooLarge(Refusal):
    """The page makes photos smaller; this one was not."""

    code = "card_photo_too_large"
    status = 413
    sentence = _("This photo is too large. Take a screenshot of it and add that. The card is kept.")


class PhotoMalformed(Refusal):
    """Not a picture that browsers show."""

    code = "card_photo_malformed"
    status = 422
    sentence = _("This file is no photo. Choose a JPEG, PNG or WebP. The card is kept.")


class PhotosFull(Refusal):
    """All photos of one person together take too much room."""

    code = "card_photos_full"
    sentence = _("There is no room for more photos. Remove one from another card first.")


def add_photo(*, person_id: int, content: bytes, now: datetime, actor: Actor) -> str:
    """Keep a photo and return its digest (SHA-256, hexadecimal); the same one is kept once.

    Raises ``PhotoTooLarge``, ``PhotoMalformed`` or ``PhotosFull``.
    """
    if len(content) > MOST_PHOTO_BYTES:
        raise PhotoTooLarge
    media_type = media_type_of(content)
    if not media_type:
        raise PhotoMalformed
    digest = hashlib.sha256(content).hexdigest()
    with transaction():
        step_on(person_id)
        with person_scope(person_id):
            if CardPhoto.objects.filter(digest=digest).exists():
                return digest
            size = len(content)
            shelf = CardShelf.objects.filter(photo_bytes__lte=MOST_PHOTOS_BYTES - size)
            if not shelf.update(photo_bytes=F("photo_bytes") + size):
                raise PhotosFull
        CardPhoto.objects.create(
            person_id=person_id,
            digest=digest,
            media_type=media_type,
            content=content,
            added_at=now,
        )
        audit.record(
            actor=actor, action="card_photo_added", object_type="card_photo", object_id=digest
        )
    return digest
