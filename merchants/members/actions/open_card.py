"""Show a merchant's people a customer's card, and write down that they saw it."""

from django.utils.translation import gettext_lazy as _

from merchants.members.looking import Looking
from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from wallet.actions.record_disclosure import record_disclosure
from wallet.consents import MemberCard, card_of, is_recognised
from wallet.models import Why


class NotRecognised(Refusal):
    """The customer did not turn on recognition in the shop."""

    code = "customer_not_recognised"
    status = 403
    sentence = _("This customer does not share a card with a scan. Help them as anybody else.")


def open_card(looking: Looking) -> MemberCard:
    """Return what may be seen now, with a line in "who looked" for each fact.

    Raises ``NotRecognised`` for a card opened by the customer's code without that consent.
    """
    whose = {"person_id": looking.person_id, "merchant_id": looking.merchant_id}
    if looking.why == Why.CARD and not is_recognised(**whose):
        raise NotRecognised
    card = card_of(**whose)
    with transaction():
        record_disclosure(looking.lines(card.seen))
    return card
