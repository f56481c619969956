"""What signing in with a key refuses."""

from django.utils.translation import gettext_lazy as _

from okplatform.kernel.errors import Refusal


class KeyInvalid(Refusal):
    """No key of ours reads like this."""

    code = "key_invalid"
    status = 401
    sentence = _("This API key is not valid. Check the key in the settings of the till.")


class KeyRevoked(Refusal):
    """The merchant took the key back."""

    code = "key_revoked"
    status = 401
    sentence = _("This API key has been revoked. Ask the merchant for a new one.")


class GrantWithdrawn(Refusal):
    """The merchant no longer allows this till vendor."""

    code = "grant_withdrawn"
    status = 401
    sentence = _("The merchant no longer allows this till vendor.")


class KeyEnded(Refusal):
    """Another key took this one's place, and the time for both is over."""

    code = "key_ended"
    status = 401
    sentence = _("This API key has ended: another one took its place. Put that one in the till.")


class CallerNotAllowed(Refusal):
    """The key is held to networks, and the call comes from none of them."""

    code = "caller_not_allowed"
    status = 403
    sentence = _("This API key may not be used from here. Ask the merchant to allow this network.")


class MerchantNotOfKey(Refusal):
    """``OK-Merchant`` names another merchant than the one whose key this is."""

    code = "merchant_not_of_key"
    status = 403
    sentence = _("This API key is of another merchant. Check the merchant in the settings.")


class MerchantNotNamed(Refusal):
    """A till vendor's own key acts for the merchant that ``OK-Merchant`` names: none was named."""

    code = "merchant_not_named"
    status = 403
    sentence = _("This key is of a till vendor. Name the merchant whom the call is for.")


class TillNotOfMerchant(Refusal):
    """``OK-Terminal`` names no till or store of the merchant."""

    code = "till_not_of_merchant"
    status = 403
    sentence = _("This merchant has no such till. Check the store and the till in the settings.")


class PartnerNotGranted(Refusal):
    """The merchant has not allowed this partner, or there is no such merchant."""

    code = "partner_not_granted"
    status = 403
    sentence = _("This merchant has not allowed this till vendor yet.")
