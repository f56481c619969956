"""Who looks at a customer's data, at whose, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from okplatform.kernel.audit import Actor
from wallet.actions.record_disclosure import Look


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """Somebody at a merchant looks at a customer.

    ``name`` is what the customer reads in "who looked"; ``why`` is one of ``wallet.models.Why`` and
    ``about`` the purchase that it concerns, as its receipt says.
    """

    person_id: int
    merchant_id: int
    actor: Actor
    name: str
    why: str
    about: str
    now: datetime

    def lines(self, seen: Iterable[tuple[str, str]]) -> list[Look]:
        """Return the lines of "who looked" for what was seen, as purposes and facts."""
        return [
            Look(
                person_id=self.person_id,
                merchant_id=self.merchant_id,
                actor=self.actor,
                actor_name=self.name,
                purpose=purpose,
                what=fact,
                at=self.now,
                why=self.why,
                about=self.about,
            )
            for purpose, fact in seen
        ]
