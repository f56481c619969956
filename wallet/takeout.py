"""All that OK holds of a person, as one file: to read (HTML), and for programs (JSON)."""

import io
import json
import zipfile
from datetime import datetime

from django.template.loader import render_to_string

from okplatform.parties.models import Person
from wallet.consent_records import signed
from wallet.own_data import sections_of
from wallet.queries import consents_of


def takeout(person: Person, *, now: datetime) -> bytes:
    """Return a zip of ``ok.json``, ``ok.html`` and the signed ``consents.json``.

    Texts are in the active language; names in the JSON are the same in every language.
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
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("ok.html", page)
        archive.writestr("ok.json", _json(data))
        archive.writestr("consents.json", _json(proofs))
    return file.getvalue()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
