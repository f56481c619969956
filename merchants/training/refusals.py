"""What is refused at the training till."""

from django.utils.translation import gettext_lazy as _

from okplatform.kernel.errors import Refusal


class RunUnknown(Refusal):
    """No run of this cashier at this till has that number, or another began since."""

    code = "training_run_unknown"
    status = 404
    sentence = _("This scenario is over. Begin it again.")


class ReceiptNeeded(Refusal):
    """Something is to come back of a purchase that was not made in training at this till."""

    code = "training_receipt_needed"
    status = 422
    sentence = _("There is no purchase to give back. Begin it again.")
