"""Take a file with members and balances into hand: nothing comes in by it yet."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from loyalty.balance_files import Sheet, UnreadableError, guessed, sheet_of
from loyalty.balance_words import why_unreadable
from loyalty.models import BalanceImport, ImportState, Programme
from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.kernel.secrets import fernet
from okplatform.kernel.tenancy import merchant_scope

LARGEST_FILE = 16 * 1024 * 1024
PURPOSE = b"loyalty.balance-files"
LONGEST_NAME = 120


class BalanceFileUnreadable(Refusal):
    """It is no table of members; ``why`` says what is wrong with it."""

    code = "balance_file_unreadable"
    status = 422
    sentence = _("{why} Nothing came in.")


class NoProgramme(Refusal):
    """There is no programme that points could come into."""

    code = "no_programme"
    sentence = _("Publish a programme first; then its members can bring their points.")


class BalanceImportUnknown(Refusal):
    """The merchant has no such file in hand, or it is past what was asked of it."""

    code = "balance_import_unknown"
    status = 404
    sentence = _("This file is not in hand any more. Give it again.")


def open_balance_file(
    *, merchant_id: int, mode: str, name: str, content: bytes, actor: Actor, now: datetime
) -> BalanceImport:
    """Keep the file, locked and for a day at most, with a guess at its columns.

    Raises ``BalanceFileUnreadable`` or ``NoProgramme``, and then nothing was kept.
    """
    sheet = readable(content)
    with db.transaction(), merchant_scope(merchant_id):
        if not Programme.objects.exists():
            raise NoProgramme
        file: BalanceImport = BalanceImport.objects.create(
            merchant_id=merchant_id,
            mode=mode,
            file_name=name[-LONGEST_NAME:],
            locked=fernet(PURPOSE).encrypt(content),
            columns=guessed(sheet.headings),
            total=sheet.lines,
            read_at=now,
        )
        audit.record(
            actor=actor,
            action="balance_file_opened",
            object_type="balance_import",
            object_id=file.pk,
            merchant_id=merchant_id,
            mode=mode,
            data={"lines": sheet.lines},
        )
        return file


def readable(content: bytes) -> Sheet:
    """Read a file as a table; raises ``BalanceFileUnreadable``."""
    if len(content) > LARGEST_FILE:
        raise BalanceFileUnreadable(why=why_unreadable("too_large"))
    try:
        return sheet_of(content)
    except UnreadableError as error:
        raise BalanceFileUnreadable(why=why_unreadable(error.code)) from error


def sheet_in_hand(file: BalanceImport) -> Sheet:
    """Return what is kept of a file that was not taken in yet."""
    if file.locked is None:
        raise BalanceImportUnknown
    return sheet_of(fernet(PURPOSE).decrypt(bytes(file.locked)))


def in_hand(uuid: object) -> BalanceImport:
    """Hold a file that nobody decided on; raises ``BalanceImportUnknown``. The scope is open."""
    file: BalanceImport | None = (
        BalanceImport.objects.select_for_update(no_key=True)
        .filter(uuid=uuid, state=ImportState.OPEN)
        .first()
    )
    if file is None:
        raise BalanceImportUnknown
    return file
