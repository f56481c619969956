"""What receipts and pages say of the money that comes back."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from okplatform.web import formats
from payments.queries import RefundProgress, refunds_of_sale
from payments.states import RefundState
from wallet.hooks import ReceiptNote


class RefundNotes:
    """Gives receipts how far their refunds are (``wallet.hooks.ReceiptNotes``)."""

    def notes(self, sale_id: int, person_id: int) -> Sequence[ReceiptNote]:
        """Return a note for each refund of the sale that goes back to this person."""
        return [_note(one) for one in refunds_of_sale(sale_id, person_id=person_id)]


def _note(refund: RefundProgress) -> ReceiptNote:
    amount = formats.money(refund.amount, refund.currency)
    title = (
        _("{amount} comes back to you")
        if refund.state != RefundState.PAID
        else _("{amount} came back to you")
    )
    return ReceiptNote(title=title.format(amount=amount), line=how_far(refund), value="")


def how_far(refund: RefundProgress) -> str:
    """Say in one sentence where the money is."""
    where = f"{refund.bank} \N{BULLET}\N{BULLET} {refund.tail}"
    if refund.state == RefundState.SET_OFF:
        return _("Taken off what you still have to pay.")
    if refund.must_choose:
        return _("Choose an account to receive it on.")
    if refund.state == RefundState.PAID and refund.paid_on:
        return _("Paid to {account} on {day}.").format(
            account=where, day=formats.calendar_day(refund.paid_on)
        )
    if refund.state == RefundState.UNKNOWN:
        return _("Our bank does not know yet whether it went to {account}.").format(account=where)
    if refund.state == RefundState.ORDERED or refund.at_once:
        return _("On its way to {account}.").format(account=where)
    if refund.goes_on:
        return _("Goes to {account} from {day}.").format(
            account=where, day=formats.calendar_day(refund.goes_on)
        )
    return _("Goes to {account} once your bank has paid the purchase.").format(account=where)
