"""All that OK holds of a person, as one file: to read (HTML), and for programs (JSON)."""

import json
import zipfile
from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO

from django.template.loader import render_to_string

from okplatform.parties.models import Person
from wallet.cards import photos_of
from wallet.consent_records import signed
from wallet.own_data import sections_of
from wallet.queries import consents_of

MOST_IN_MEMORY = 5_000_000


def takeout(person: Person, *, now: datetime) -> IO[bytes]:
    """Return a zip of ``ok.json``, ``ok.html``, the signed ``consents.json``, and ``photos/``.

    Texts are in the active language; names in the JSON are the same in every language. The file is
    at its beginning; whoever sends it closes it.
    """
    sections = sections_of(person.pk)
    data = {
        "made_at": now.isoformat(),
        **{section.name: list(section.rows) for section in sections},
    }
    proofs = {"consents": [signed(consent, person) for consent in consents_of(person.pk)]}
    page = render_to_string(
        "wallet/takeout.html", {"sections": sections, "person": person, "now": now}
    )
    file = SpooledTemporaryFile(MOST_IN_MEMORY)  # noqa: SIM115 -- closed by who sends it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ok.html", page)
        archive.writestr("ok.json", _json(data))
        archive.writestr("consents.json", _json(proofs))
        for photo in photos_of(person.pk):
            name = f"photos/{photo.digest}.{photo.media_type.removeprefix('image/')}"
            archive.writestr(name, photo.content, zipfile.ZIP_STORED)
    file.seek(0)
    return file


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
