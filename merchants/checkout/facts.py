"""A sale as the checkout answers it, whether it was just priced, lies open, or is read back.

These are facts about the sale, not about the person: whoever answers asks the wallet for the name
anew, through consent (invariant 7).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from loyalty.connector import Heard
from loyalty.engine import RewardHere, Spent
from merchants.checkout.basket import Basket, Line, TenderAsked
from merchants.checkout.call import Asked
from okplatform.kernel.audit import Actor
from okplatform.parties.tills import StoreAtTill, Till
from okplatform.trade.facts import TIP, LineFacts, TenderFacts
from payments.gift_card_queries import CardSpent


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationFacts:
    """What the shopper was asked on the phone: how it stands (``payments.states``), until when.

    ``refusal`` is the code of what was refused after a yes, else empty.
    """

    state: str
    deadline: datetime
    refusal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleFacts:
    """A sale with its lines and tenders, amounts in minor units.

    ``person_id`` and ``fingerprint`` are for the checkout itself and never answered.
    ``confirmation`` is there while the sale waits for the shopper, and when that ended it.
    ``near_misses`` are the engine's: ``{"kind", "missing", "points", "text"}``. ``coupons`` are
    the codes that the till sent; a line's reasons say which code gave what. ``spendable`` are the
    points that could pay a part, ``rewards`` what else they could buy, known where the sale was
    just priced. ``heard`` is what another loyalty system said, until the sale is read back closed.
    """

    uuid: UUID
    revision: int
    mode: str
    state: str
    store: str | None
    terminal: str | None
    language: str
    reference: str
    currency: str
    gross: int
    discount: int
    due: int
    points_earned: int
    person_id: int | None
    fingerprint: bytes
    lines: Sequence[LineFacts] = ()
    tenders: Sequence[TenderFacts] = ()
    near_misses: Sequence[Mapping[str, Any]] = ()
    coupons: Sequence[str] = ()
    spendable: Spent | None = None
    rewards: Sequence[RewardHere] = ()
    gift_cards: Sequence[CardSpent] = ()
    closed_at: datetime | None = None
    confirmation: ConfirmationFacts | None = None
    heard: Heard | None = None

    @property
    def minimum_age(self) -> int:
        """Return how old the buyer must be; 0 where nothing asks it."""
        return max((line.minimum_age for line in self.lines), default=0)

    @property
    def was_looked_at(self) -> bool:
        """Say whether somebody saw how old the buyer is: nothing is paid, or asked, before."""
        return self.state == "closed" or self.is_waiting

    @property
    def tip(self) -> int:
        """Return what of it is a tip."""
        return sum(line.paid for line in self.lines if line.kind == TIP)

    @property
    def is_waiting(self) -> bool:
        """Say whether it waits for the shopper's answer, or for what follows from that."""
        return self.state == "open" and self.confirmation is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How a sale is to be paid once its shopper has said yes, and which till asked for it.

    ``tip``, ``age_checked`` and ``operator`` as on ``Asked``.
    """

    tenders: Sequence[TenderAsked]
    till: Till
    tip: int = 0
    age_checked: bool = False
    operator: str = ""

    def asked(self, *, due: int) -> Asked:
        """Return it as the till asked it; ``due`` is what was confirmed, the tip in it."""
        return Asked(
            tenders=self.tenders,
            amount_due=due - self.tip,
            tip=self.tip,
            age_checked=self.age_checked,
            operator=self.operator,
        )

    def as_json(self) -> dict[str, Any]:
        """Return it as it is stored: signed in, but without the proof of that."""
        stored = asdict(replace(self, till=replace(self.till, remembered=None)))
        stored["till"]["scopes"] = sorted(self.till.scopes)
        return stored

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Waiting":
        """Read it back."""
        till, place = stored["till"], stored["till"]["place"]
        return cls(
            tenders=[TenderAsked(**tender) for tender in stored["tenders"]],
            till=Till(
                **{
                    **till,
                    "actor": Actor(**till["actor"]),
                    "scopes": frozenset(till["scopes"]),
                    "place": StoreAtTill(**place) if place else None,
                }
            ),
            **{name: stored[name] for name in ("tip", "age_checked", "operator") if name in stored},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What an open sale keeps between calls.

    ``basket`` is what was asked, ``lines`` the split as it was shown; ``handle`` is the scanned
    one and ``funding_ref`` what it pays from. ``waiting`` is there while the phone is asked;
    ``heard`` is what another loyalty system said (``loyalty.connector.Heard``), as JSON.
    """

    basket: Basket
    lines: Sequence[LineFacts]
    near_misses: Sequence[Mapping[str, Any]]
    handle: int | None
    funding_ref: int | None
    waiting: Waiting | None = None
    heard: Mapping[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the draft as it is stored; the code itself is not kept."""
        stored = asdict(replace(self, waiting=None))
        stored["basket"] = basket_as_json(self.basket)
        stored["waiting"] = self.waiting.as_json() if self.waiting else None
        if self.heard is None:
            del stored["heard"]
        return stored

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Draft":
        """Read a stored draft back."""
        return cls(
            basket=basket_from_json(stored["basket"]),
            lines=[LineFacts(**line) for line in stored["lines"]],
            near_misses=stored["near_misses"],
            handle=stored["handle"],
            funding_ref=stored["funding_ref"],
            waiting=Waiting.from_json(stored["waiting"]) if stored.get("waiting") else None,
            heard=stored.get("heard"),
        )


def heard_before(draft: Draft) -> Heard | None:
    """Return what another loyalty system said of this very basket; it is not asked again."""
    return Heard.from_json(draft.heard) if draft.heard else None


def basket_as_json(basket: Basket) -> dict[str, Any]:
    """Return a basket as it is stored; the code itself is not kept."""
    return {**asdict(basket), "code": ""}


def basket_from_json(stored: Mapping[str, Any]) -> Basket:
    """Read a stored basket back."""
    lines = tuple(Line(**line) for line in stored["lines"])
    coupons = tuple(stored.get("coupons", ()))
    return Basket(**{**stored, "lines": lines, "coupons": coupons})
