"""Show a merchant's people the allergies that a customer declared, after a deliberate tap."""

from collections.abc import Sequence

from merchants.members.looking import Looking
from okplatform.kernel.db import transaction
from wallet.actions.record_disclosure import record_disclosure
from wallet.consents import allergies_of
from wallet.models import Fact, Purpose


def ask_allergies(looking: Looking) -> Sequence[str] | None:
    """Return the declared allergies with a line in "who looked"; None without explicit consent."""
    found = allergies_of(person_id=looking.person_id, merchant_id=looking.merchant_id)
    if found is None:
        return None
    with transaction():
        record_disclosure(looking.lines([(Purpose.ALLERGIES.value, Fact.ALLERGIES.value)]))
    return found
