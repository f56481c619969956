"""Read a file of cards, check it, and keep what would come in until its owner decides."""

from datetime import datetime
from uuid import UUID, uuid4

from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction
from okplatform.kernel.errors import Refusal
from wallet.card_shelves import step_on
from wallet.import_checking import Checked, checked_file
from wallet.import_texts import why_unreadable
from wallet.imports.files import read_file
from wallet.imports.photos import media_type_of
from wallet.imports.rows import Found, Unreadable
from wallet.models import CardImport, CardImportPhoto
from wallet.models.card_import import WAITS

MOST_FILE_BYTES = 15 * 2**20
MOST_PROBLEMS = 2_000
"""Problems that are kept one by one; of a file with more, the first."""

LONGEST_FILE_NAME = 120

# Its photos go with it.
GIVE_WAY = """
DELETE FROM wallet_card_import WHERE person_id = %s AND decided_at IS NULL RETURNING 1
"""


class ImportUnreadable(Refusal):
    """Nothing of the file can be used; ``reason`` is a code of ``wallet.import_texts``."""

    code = "card_import_unreadable"
    status = 422
    sentence = _("This file could not be used. No card changed.")

    def __init__(self, reason: str, **facts: object) -> None:
        super().__init__(reason=reason, **facts)

    @property
    @override
    def detail(self) -> str:
        """Return the sentence of the reason."""
        return why_unreadable(self.facts["reason"], self.facts)


def read_import(
    *,
    person_id: int,
    content: bytes,
    password: str,
    file_name: str,
    now: datetime,
    actor: Actor,
) -> UUID:
    """Keep what of a file would come in, for a day; return its UUID. No card changes.

    A file that waited before gives way. Raises ``ImportUnreadable``; then it still waits.
    """
    if len(content) > MOST_FILE_BYTES:
        size, most = len(content) / 2**20, MOST_FILE_BYTES // 2**20
        raise ImportUnreadable("file_large", size=round(size, 1), most=most)
    # Outside the transaction: a large file takes seconds, and none of it asks the database.
    try:
        found = read_file(content, password)
        outcome = checked_file(found, now=now)
    except Unreadable as error:
        raise ImportUnreadable(error.code, **error.facts) from error
    kept = _import_of(person_id, found, outcome, now)
    kept.file_name = "".join(filter(str.isprintable, file_name))[:LONGEST_FILE_NAME]
    with transaction():
        step_on(person_id)
        call(GIVE_WAY, [person_id])
        kept.save()
        CardImportPhoto.objects.bulk_create(_photos_of(kept, outcome), batch_size=20)
        audit.record(
            actor=actor,
            action="card_import_read",
            object_type="card_import",
            object_id=str(kept.uuid),
            data={"source": kept.source, "cards": len(kept.rows)},
        )
    return kept.uuid


def _import_of(person_id: int, found: Found, outcome: Checked, now: datetime) -> CardImport:
    names = {row["line"]: row["name"] for row in outcome.rows}
    return CardImport(
        person_id=person_id,
        uuid=uuid4(),
        source=found.source,
        rows=outcome.rows,
        problems=[
            [one.line, one.code, one.facts, names.get(one.line, "")]
            for one in outcome.problems[:MOST_PROBLEMS]
        ],
        photo_bytes=outcome.photo_bytes,
        read_at=now,
        expires_at=now + WAITS,
    )


def _photos_of(kept: CardImport, outcome: Checked) -> list[CardImportPhoto]:
    return [
        CardImportPhoto(
            card_import=kept,
            person_id=kept.person_id,
            digest=digest,
            media_type=media_type_of(content),
            content=content,
        )
        for digest, content in outcome.photos.items()
    ]
