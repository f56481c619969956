"""What every offer says, whatever it takes off."""

from dataclasses import dataclass
from typing import NamedTuple

from loyalty.engine.rules.window import ALWAYS, Window


class Texts(NamedTuple):
    """A sentence in every language a receipt is written in."""

    nl: str
    en: str


class Share(NamedTuple):
    """A part, in basis points, of what an offer gives, which ``by`` pays instead of the shop."""

    by: str
    share_bp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What every offer says: who gets it, when, from what amount, and not together with what.

    On each line at most one offer of a ``group`` wins, whatever stage it belongs to; earlier
    stages go first. Offers without a group combine with everything. ``priority`` (lowest first,
    then the id) is the order in which groups act and breaks ties between equal discounts.
    ``limited`` says that a budget or a cap of uses is kept for it. ``text`` names the offer on the
    receipt, ``because`` says why this shopper got it.

    A ``personal`` offer is only for members it is assigned to, one with a ``code`` for whoever
    shows that too, one with ``joined_within`` for members who joined so many days ago at most. In
    one basket it is given for at most ``most`` pieces (of lines) or sets, and takes at most
    ``most_amount`` off; a person gets it in at most ``per_person`` baskets, at most
    ``per_person_amount`` in all, and whom we do not know not at all. ``funded`` says who pays for
    it; what is left the shop does.
    """

    id: int
    text: Texts
    because: Texts | None = None
    window: Window = ALWAYS
    members_only: bool = False
    min_basket: int = 0
    group: str = ""
    priority: int = 100
    limited: bool = False
    personal: bool = False
    code: str = ""
    most: int | None = None
    most_amount: int | None = None
    per_person: int | None = None
    per_person_amount: int | None = None
    joined_within: int | None = None
    funded: tuple[Share, ...] = ()

    @property
    def rank(self) -> tuple[int, int]:
        """Return the offer's place in every list, so that the order of publishing means nothing."""
        return self.priority, self.id

    @property
    def asks(self) -> bool:
        """Say whether there is anything to ask of a member to whom it is open at this moment."""
        return self.joined_within is not None or self.per_person is not None

    @property
    def per_member(self) -> bool:
        """Say whether a person gets only so much of it."""
        return self.per_person is not None or self.per_person_amount is not None

    @property
    def for_the_known(self) -> bool:
        """Say whether one has to be a member for it, whatever else it says."""
        return self.per_member or self.joined_within is not None

    @property
    def capped(self) -> bool:
        """Say whether one basket gets only so much of it."""
        return (
            self.most is not None
            or self.most_amount is not None
            or self.per_person_amount is not None
        )

    @property
    def is_for_some(self) -> bool:
        """Say whether only whom it is assigned to, or who shows its code, may have it."""
        return self.personal or bool(self.code)
