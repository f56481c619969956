"""What is refused of tills without a network, with what the cashier should do."""

from django.utils.translation import gettext_lazy as _

from okplatform.kernel.errors import Refusal


class OfflineNeedsTerminal(Refusal):
    """Neither the key nor the call names a terminal."""

    code = "offline_needs_terminal"
    status = 422
    sentence = _("An allowance and its log are of one till. Name the terminal.")


class OfflineKeyMalformed(Refusal):
    """It is no Ed25519 public key: 32 bytes, in base64."""

    code = "offline_key_malformed"
    status = 422
    sentence = _("This is no Ed25519 public key. Send its 32 bytes in base64.")


class OfflineKeyTaken(Refusal):
    """It signs for another terminal or mode, or was retired here before."""

    code = "offline_key_taken"
    sentence = _("This key was used before. Make a new one for this till.")


class OfflineKeyUnknown(Refusal):
    """This terminal has never registered the key that the sale names; nothing was booked."""

    code = "offline_key_unknown"
    sentence = _("This till has not registered its key. Have it looked at; keep what it sold.")


class OfflineSignatureWrong(Refusal):
    """The till's key did not sign just this: something was changed, or made up; nothing booked."""

    code = "offline_signature_wrong"
    status = 422
    sentence = _("The till's signature does not fit this sale. Have the till looked at.")


class OfflineAmountDiffers(Refusal):
    """The lines do not come to the amount that was signed."""

    code = "offline_amount_differs"
    status = 422
    sentence = _("The lines of this sale do not come to the amount that the till signed.")


class OfflineTimes(Refusal):
    """It was sold in the future, before the till went dark, or more than a year ago."""

    code = "offline_times_impossible"
    status = 422
    sentence = _(
        "The till's clock is wrong, or this sale is too old. Set the clock; send it again."
    )


class OfflineSaleDiffers(Refusal):
    """Another sale was sent under this UUID before, and that stands."""

    code = "offline_sale_differs"
    sentence = _("This sale was sent with other contents before, and that stands.")
