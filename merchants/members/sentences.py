"""What the cashier does with the answer to a proof."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from wallet.actions.answer_proof import Answer

SENTENCES = {
    "yes": _("Yes: no ID is needed."),
    "no": _("No: this does not hold for the customer."),
    "check_the_id": _("Check the ID, as you would without OK."),
}


def sentence_for(answer: Answer, language: str) -> str:
    """Return the sentence in the cashier's language."""
    with override(language):
        return str(SENTENCES[answer])
