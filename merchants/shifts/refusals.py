"""What is refused of shifts, with what the cashier should do."""

from django.utils.translation import gettext_lazy as _

from okplatform.kernel.errors import Refusal


class ShiftUnknown(Refusal):
    """No shift of this till, or store, has this UUID."""

    code = "shift_unknown"
    status = 404
    sentence = _("This shift is not known here. Send it again, with the same number.")


class ShiftNeedsTerminal(Refusal):
    """Neither the key nor the body names a terminal."""

    code = "shift_needs_terminal"
    status = 422
    sentence = _("A shift is of one till. Name the terminal.")


class ShiftElsewhere(Refusal):
    """The UUID is a shift of another till."""

    code = "shift_elsewhere"
    sentence = _("This number is a shift of another till. Use a new number.")


class ShiftDiffers(Refusal):
    """Something else was sent under this UUID before; that stands."""

    code = "shift_differs"
    sentence = _("This shift was sent with other times or cash before, and that stands.")


class ShiftOpen(Refusal):
    """The till has a shift that is not closed; ``shift`` is its UUID."""

    code = "shift_open"
    sentence = _("Another shift is open at this till. Close it first.")


class ShiftsOverlap(Refusal):
    """Another shift of the till counts some of these hours; ``shift`` is its UUID."""

    code = "shifts_overlap"
    sentence = _("Another shift of this till counts these hours already. Look at the times.")


class ShiftNeverOpened(Refusal):
    """It is to be closed, is not known, and does not say when it began."""

    code = "shift_never_opened"
    status = 422
    sentence = _("This shift was never opened here. Send when it began with its closing.")


class ShiftTimes(Refusal):
    """It begins or ends in the future, ends before it begins, or began too long ago."""

    code = "shift_times_impossible"
    status = 422
    sentence = _("A shift ends after it began, not in the future, and began at most 31 days ago.")
