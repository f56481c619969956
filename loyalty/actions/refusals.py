"""What more than one of these verbs may refuse."""

from django.utils.translation import gettext_lazy as _

from okplatform.kernel.errors import Refusal


class OfferUnknown(Refusal):
    """The merchant has no such offer."""

    code = "offer_unknown"
    status = 404
    sentence = _("This offer does not exist. Go back to the list and choose one.")
