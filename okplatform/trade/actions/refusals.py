"""What writing a sale may refuse."""

from django.utils.translation import gettext_lazy as _

from okplatform.kernel.errors import Refusal


class SaleNotOpen(Refusal):
    """The sale has been paid or cancelled and stays so."""

    code = "sale_not_open"
    sentence = _("This sale has ended already. Start a new one.")
