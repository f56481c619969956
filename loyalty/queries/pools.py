"""A family's pool of points, for those who are in it or asked to come."""

from dataclasses import dataclass
from datetime import datetime

from loyalty.models import GiftTerms
from okplatform.kernel import db
from okplatform.kernel.tenancy import operator_scope

REST = """
SELECT loyalty_pool_rest(id, pool_id) FROM loyalty_member WHERE id = %s AND pool_id IS NOT NULL
"""
SEATS = """
SELECT standing.member_id, person.id, person.name, member.id = %(member)s, seat.spends,
    seat.joined_at, standing.points, standing.lent, coalesce((
        SELECT sum(spend.points - spend.given_back) FROM loyalty_spend spend
        WHERE spend.member_id = seat.member_id AND spend.spent_at >= seat.joined_at), 0)::bigint
FROM loyalty_member own
CROSS JOIN LATERAL loyalty_pool_standing(own.pool_id) standing
JOIN loyalty_pool_seat seat ON seat.member_id = standing.member_id
JOIN loyalty_member member ON member.id = seat.member_id
JOIN parties_person person ON person.id = member.person_id
WHERE own.id = %(member)s AND own.pool_id IS NOT NULL
ORDER BY seat.joined_at, seat.member_id
"""
ASKED = """
SELECT ask.id, person.id, person.name, ask.spends, ask.ends_at
FROM loyalty_pool_ask ask JOIN parties_person person ON person.id = ask.person_id
WHERE ask.by_id = %(member)s AND ask.ends_at > %(now)s ORDER BY ask.asked_at, ask.id
"""
ASKS = """
SELECT ask.id, person.id, person.name, ask.spends, ask.ends_at
FROM loyalty_pool_ask ask
JOIN loyalty_member by ON by.id = ask.by_id AND by.pool_id = ask.pool_id
JOIN parties_person person ON person.id = by.person_id
WHERE ask.person_id = %(person)s AND ask.merchant_id = %(merchant)s AND ask.ends_at > %(now)s
ORDER BY ask.asked_at, ask.id
"""
ASKS_ANYWHERE = """
SELECT person.name, merchant.name, merchant.reference
FROM loyalty_pool_ask ask
JOIN loyalty_member by ON by.id = ask.by_id AND by.pool_id = ask.pool_id
JOIN loyalty_gift_terms terms ON terms.merchant_id = ask.merchant_id AND terms.families
JOIN parties_person person ON person.id = by.person_id
JOIN parties_merchant merchant ON merchant.id = ask.merchant_id
WHERE ask.person_id = %(person)s AND ask.ends_at > %(now)s ORDER BY ask.asked_at, ask.id
"""
DRAWS = """
SELECT draw.drawn_at, draw.points, giver.name, taker.name, gives.id = own.id, takes.id = own.id
FROM loyalty_member own
JOIN loyalty_pool_draw draw ON draw.pool_id = own.pool_id AND draw.kind <> 'forgiven'
JOIN loyalty_member gives ON gives.id = draw.giver_id
JOIN loyalty_member takes ON takes.id = draw.taker_id
JOIN parties_person giver ON giver.id = gives.person_id
JOIN parties_person taker ON taker.id = takes.person_id
WHERE own.id = %(member)s
ORDER BY draw.drawn_at DESC, draw.id DESC LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class SeatSeen:
    """Somebody in a pool as the others see them; ``took`` is what they spent since they joined."""

    member_id: int
    person_id: int
    name: str
    is_reader: bool
    spends: bool
    joined_at: datetime
    points: int
    lent: int
    took: int

    @property
    def brought(self) -> int:
        """Return what they put in: what they earned and had, less what ended or came back."""
        return self.points + self.lent + self.took

    @property
    def share(self) -> int:
        """Return what is theirs: what they brought less what they took."""
        return max(self.points + self.lent, 0)


@dataclass(frozen=True, slots=True)
class AskSeen:
    """A question that waits: who is asked, or who asks."""

    id: int
    person_id: int
    name: str
    spends: bool
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class DrawSeen:
    """Points of one of the family that another got."""

    drawn_at: datetime
    points: int
    giver: str
    taker: str
    from_reader: bool
    to_reader: bool


def families_allowed(merchant_id: int) -> bool:
    """Say whether a family may spend its points together at this merchant."""
    with operator_scope("whether points can be pooled"):
        return bool(GiftTerms.objects.filter(merchant_id=merchant_id, families=True).exists())


def pool_rest(member_id: int) -> int:
    """Return what the others of a member's pool have that this member may spend too."""
    rows = db.call(REST, (member_id,))
    return int(rows[0][0]) if rows else 0


def seats_of(member_id: int) -> list[SeatSeen]:
    """Return who is in a member's pool, the first one first; nobody where there is none."""
    return [SeatSeen(*row) for row in db.call(SEATS, {"member": member_id})]


def asked_by(member_id: int, *, now: datetime) -> list[AskSeen]:
    """Return whom a member has asked who did not answer yet."""
    return [AskSeen(*row) for row in db.call(ASKED, {"member": member_id, "now": now})]


def asks_for(*, person_id: int, merchant_id: int, now: datetime) -> list[AskSeen]:
    """Return who asks a person to spend points together at a merchant."""
    asked = {"person": person_id, "merchant": merchant_id, "now": now}
    return [AskSeen(*row) for row in db.call(ASKS, asked)]


def asks_anywhere(*, person_id: int, now: datetime) -> list[tuple[str, str, str]]:
    """Return who asks a person, at which merchant, and that one's reference."""
    return db.call(ASKS_ANYWHERE, {"person": person_id, "now": now})


def latest_draws(member_id: int, *, most: int) -> list[DrawSeen]:
    """Return what went between those in a member's pool, the latest first."""
    return [DrawSeen(*row) for row in db.call(DRAWS, {"member": member_id, "most": most})]
