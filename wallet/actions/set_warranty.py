"""Keep until when a purchase is under warranty, as its person says; or forget it."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import savepoint, transaction
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import person_scope
from wallet.actions.ask_receipt import ReceiptUnknown
from wallet.models import Receipt, Warranty
from wallet.models.warranty import LONGEST_NOTE

MOST_YEARS = 100


class WarrantyOutOfRange(Refusal):
    """It ends before the purchase, or in another century."""

    code = "warranty_out_of_range"
    status = 422
    sentence = _("Choose a day after the purchase. Nothing was changed.")


class WarrantyLineUnknown(Refusal):
    """The receipt has no such line."""

    code = "warranty_line_unknown"
    status = 422
    sentence = _("That product is not on this receipt. Nothing was changed.")


class WarrantyNoteTooLong(Refusal):
    """It is no note any more."""

    code = "warranty_note_too_long"
    status = 422
    sentence = _("Keep the note under {most} characters. Nothing was changed.")


def set_warranty(
    *,
    person_id: int,
    receipt_id: int,
    line: int | None,
    ends_on: date,
    note: str,
    now: datetime,
    actor: Actor,
) -> None:
    """Keep day and note of a line, or of the whole receipt (None), in the place of earlier ones.

    Raises ``ReceiptUnknown``, ``WarrantyOutOfRange``, ``WarrantyLineUnknown`` or
    ``WarrantyNoteTooLong``; then nothing is changed.
    """
    if len(note) > LONGEST_NOTE:
        raise WarrantyNoteTooLong(most=LONGEST_NOTE)
    with person_scope(person_id), transaction():
        bought_on = _bought_on(receipt_id)
        if ends_on < bought_on or ends_on.year > bought_on.year + MOST_YEARS:
            raise WarrantyOutOfRange
        try:
            with savepoint():
                Warranty.objects.update_or_create(
                    receipt_id=receipt_id,
                    line=line,
                    defaults={
                        "person_id": person_id,
                        "ends_on": ends_on,
                        "note": " ".join(note.split()),
                        "set_at": now,
                    },
                )
        except IntegrityError as error:
            raise WarrantyLineUnknown from error
        audit.record(
            actor=actor, action="warranty_set", object_type="receipt", object_id=receipt_id
        )


def forget_warranty(*, person_id: int, receipt_id: int, line: int | None, actor: Actor) -> None:
    """Forget what was kept of a line; where nothing was, nothing happens."""
    with person_scope(person_id), transaction():
        gone, _by_table = Warranty.objects.filter(receipt_id=receipt_id, line=line).delete()
        if gone:
            audit.record(
                actor=actor,
                action="warranty_forgotten",
                object_type="receipt",
                object_id=receipt_id,
            )


def _bought_on(receipt_id: int) -> date:
    """Return the day of the purchase, where it was made."""
    found = Receipt.objects.select_related("sale__store").filter(pk=receipt_id).first()
    if found is None:
        raise ReceiptUnknown
    at: datetime = found.sale.closed_at
    return at.astimezone(ZoneInfo(found.sale.store.timezone)).date()
