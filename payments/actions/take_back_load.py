"""Take back what was put on a gift card by mistake."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import later, transaction, transaction_required
from okplatform.kernel.errors import Refusal
from payments.actions.load_gift_card import hold_number
from payments.gift_cards import BOOK, GIFT_CARD_REFUSALS
from payments.models import GiftCardBooking, LoadTill, StoppedLoad
from payments.models.gift_card import LOADS, BookingKind


class GiftCardSpentFrom(Refusal):
    """Less is on the card than what is to be taken back."""

    code = "gift_card_spent_from"
    sentence = _("This card was spent from. What was put on it cannot be taken back any more.")


def take_back_load(
    *,
    merchant_id: int,
    mode: str,
    uuid: UUID,
    now: datetime,
    actor: Actor,
    terminal_id: int | None = None,
) -> GiftCardBooking | None:
    """Take a load off its card again and return what was booked; asked again, the first one's.

    The merchant gives the money back outside OK. One that never arrived is stopped: None, and a
    late original puts nothing on a card. It counts at the till ``terminal_id``, else where it was
    put on. Needs the merchant's scope. Raises ``GiftCardSpentFrom``.
    """
    with transaction():
        hold_number(merchant_id, mode, uuid)
        found = GiftCardBooking.objects.filter(mode=mode, uuid=uuid).select_related("card")
        booked = {booking.kind: booking for booking in found}
        if BookingKind.TAKEN_BACK in booked:
            return booked[BookingKind.TAKEN_BACK]
        load = next((booked[kind] for kind in LOADS if kind in booked), None)
        if load is None:
            StoppedLoad.objects.get_or_create(
                merchant_id=merchant_id, mode=mode, uuid=uuid, defaults={"stopped_at": now}
            )
            return None
        _on_it: int = later(
            BOOK,
            [
                *(load.card_id, merchant_id, mode, BookingKind.TAKEN_BACK.value, -load.amount),
                *(now, load.store_id, uuid, None, "", "", "", None),
            ],
            refusals={**GIFT_CARD_REFUSALS, "OK144": lambda _left: GiftCardSpentFrom()},
        ).value
        audit.record(
            actor=actor,
            action="gift_card_taken_back",
            object_type="gift_card",
            object_id=load.card_id,
            merchant_id=merchant_id,
            mode=mode,
            data={"amount": load.amount},
        )
        taken = found.get(kind=BookingKind.TAKEN_BACK)
        _say_where(taken, load, terminal_id)
        return taken


@transaction_required
def _say_where(taken: GiftCardBooking, load: GiftCardBooking, terminal_id: int | None) -> None:
    if terminal_id is None:
        there = LoadTill.objects.filter(booking=load)
        terminal_id = there.values_list("terminal_id", flat=True).first()
    if terminal_id is not None:
        LoadTill.objects.create(booking=taken, terminal_id=terminal_id)
