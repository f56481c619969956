"""What the cashier is told of a shift, in one sentence."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from merchants.models import Shift
from merchants.printing import money


def sentence(shift: Shift, *, difference: int | None, unsettled: int, language: str) -> str:
    """Return it in the language that is on; ``difference`` is what was counted, less expected."""
    if unsettled and shift.closed_at:
        return ngettext(
            "Closed, but {count} sale is not settled. Settle it: it counts when it is paid.",
            "Closed, but {count} sales are not settled. Settle them: each counts when it is paid.",
            unsettled,
        ).format(count=unsettled)
    if shift.closed_at is None:
        return _("The shift is open.")
    if difference is None:
        return _("The shift is closed.")
    if difference == 0:
        return _("The shift is closed. The cash is right.")
    amount = money(abs(difference), shift.currency, language)
    if difference > 0:
        return _("The shift is closed. There is {amount} too much in the drawer.").format(
            amount=amount
        )
    return _("The shift is closed. {amount} is missing in the drawer.").format(amount=amount)
