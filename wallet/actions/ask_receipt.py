"""Have a receipt sent to the mailbox of its own person: by themselves, or by the shop."""

from datetime import UTC, datetime

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import call, transaction, transaction_required
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import merchant_scope, person_scope
from okplatform.parties.queries import proved_address
from wallet.models import AskedBy, Receipt, ReceiptLetter
from wallet.models.receipt_letter import MOST_A_DAY, MOST_A_DAY_FROM_SHOPS, UNDER_WAY

# Who asks waits for who asks for the same person at the same moment, or both would be the last.
HOLD = "SELECT pg_advisory_xact_lock(hashtextextended('wallet_receipt_letter', %s))"
MOST = {AskedBy.PERSON: MOST_A_DAY, AskedBy.SHOP: MOST_A_DAY_FROM_SHOPS}


class ReceiptUnknown(Refusal):
    """The person has no such receipt."""

    code = "receipt_unknown"
    status = 404
    sentence = _("There is no such receipt among yours.")


class AddressNotProved(Refusal):
    """Nobody knows yet that the mailbox is theirs."""

    code = "address_not_proved"
    sentence = _("Confirm your e-mail address first. Until then you can download the receipt here.")


class TooManyReceiptLetters(Refusal):
    """As many as go out in a day have gone."""

    code = "too_many_receipt_letters"
    status = 429
    sentence = _(
        "We mailed you {most} receipts today, which is the most. "
        "You can download this one here, or have it sent tomorrow."
    )


def ask_receipt(*, person_id: int, receipt_id: int, now: datetime, actor: Actor) -> None:
    """Have one of the person's own receipts sent; where it is on its way already, nothing more.

    Raises ``ReceiptUnknown``, ``AddressNotProved`` or ``TooManyReceiptLetters``; then nothing is
    sent.
    """
    with person_scope(person_id), transaction():
        if not Receipt.objects.filter(pk=receipt_id).exists():
            raise ReceiptUnknown
        if proved_address(person_id) is None:
            raise AddressNotProved
        if not _write(person_id, receipt_id, AskedBy.PERSON, now=now, actor=actor):
            raise TooManyReceiptLetters(most=MOST_A_DAY)


def ask_receipt_for_shop(*, merchant_id: int, sale_id: int, now: datetime, actor: Actor) -> None:
    """Have a sale's receipt sent to whoever's it is, if it is anybody's.

    The shop hears neither whether there is a person, nor where it goes, nor whether it went.
    """
    with merchant_scope(merchant_id):
        receipt = Receipt.objects.filter(sale_id=sale_id).first()
    if receipt is None:
        return
    with person_scope(receipt.person_id), transaction():
        if proved_address(receipt.person_id) is not None:
            _write(receipt.person_id, receipt.pk, AskedBy.SHOP, now=now, actor=actor)


@transaction_required
def _write(
    person_id: int, receipt_id: int, asked_by: AskedBy, *, now: datetime, actor: Actor
) -> bool:
    """Write the letter down; return whether the day still had one, or it was under way."""
    call(HOLD, [person_id])
    letters = ReceiptLetter.objects.filter(person_id=person_id)
    if letters.filter(receipt_id=receipt_id, state__in=UNDER_WAY).exists():
        return True
    today = now.astimezone(UTC).date()
    of_today = letters.filter(asked_by=asked_by, asked_on=today)
    last = of_today.aggregate(last=Max("number"))["last"] or 0
    if last >= MOST[asked_by]:
        return False
    letter = ReceiptLetter.objects.create(
        person_id=person_id,
        receipt_id=receipt_id,
        asked_by=asked_by,
        asked_on=today,
        number=last + 1,
        asked_at=now,
        due_at=now,
    )
    audit.record(
        actor=actor,
        action="receipt_asked_for",
        object_type="receipt",
        object_id=receipt_id,
        data={"letter": letter.pk},
    )
    return True
