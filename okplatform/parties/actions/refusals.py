"""Refusals that several actions share."""

from django.utils.translation import gettext_lazy as _

from okplatform.kernel.errors import Refusal


class ReferenceTaken(Refusal):
    """Something else has this reference."""

    code = "reference_taken"
    sentence = _("This reference is in use already. Choose another one.")


class NotOfThisMerchant(Refusal):
    """A store or terminal belongs to another merchant, or does not exist."""

    code = "not_of_this_merchant"
    status = 404
    sentence = _("This merchant has no such store or till.")
