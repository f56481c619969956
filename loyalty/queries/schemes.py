"""What the builder's pages and tasks know of schemes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from loyalty.builder.scheme import ROUND_POINTS
from loyalty.engine import MILLI
from loyalty.models import Programme, ReplayState, Scheme, SchemeReplay, SchemeVersion
from okplatform.kernel import db
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import operator_scope

FIFTEEN_MINUTES = timedelta(minutes=15)

# Of people who work for the merchant alone: nobody else's points are anybody's business here.
FIRST_POINTS = """
SELECT min(earning.earned_at)
FROM parties_membership membership
JOIN loyalty_member member
    ON (member.person_id, member.merchant_id) = (membership.person_id, membership.merchant_id)
JOIN loyalty_earning earning ON earning.member_id = member.id
WHERE membership.merchant_id = %s AND earning.mode = %s AND earning.points > 0
    AND earning.earned_at >= %s
"""


def due_replays(*, now: datetime, most: int) -> list[int]:
    """Return the replays that wait, or whose worker died, oldest first."""
    with operator_scope("replays"):
        due = SchemeReplay.objects.filter(
            Q(state=ReplayState.WAITING) | Q(state=ReplayState.RUNNING, claimed_until__lte=now)
        )
        return list(due.order_by("id").values_list("pk", flat=True)[:most])


def due_schemes(*, now: datetime) -> list[int]:
    """Return the merchants that wait for a version to begin."""
    with operator_scope("schemes that begin"):
        due = Scheme.objects.filter(starts_at__lte=now).order_by("starts_at")
        return list(due.values_list("merchant_id", flat=True))


def scheme_of(merchant_id: int) -> Scheme | None:
    """Return the merchant's scheme, its scope open; None before the first draft."""
    found: Scheme | None = Scheme.objects.filter(merchant_id=merchant_id).first()
    return found


def is_in_force(fingerprint: str) -> bool:
    """Say whether a content is that of the version in force, the merchant's scope open."""
    found: bool = SchemeVersion.objects.filter(
        fingerprint=fingerprint, number__in=Scheme.objects.values("in_force")
    ).exists()
    return found


def changed_by_hand(scheme: Scheme) -> bool:
    """Say whether the programme's own page changed what the version in force says."""
    programme = Programme.objects.filter(merchant_id=scheme.merchant_id).first()
    if scheme.in_force is None or programme is None:
        return False
    content = SchemeVersion.objects.get(number=scheme.in_force).content
    return any(
        getattr(programme, field) != content[field]
        for field in ("milli_points_per_cent", "terms", "points_name")
    )


def replay_of(fingerprint: str) -> SchemeReplay | None:
    """Return the newest replay of a content, the merchant's scope open."""
    found: SchemeReplay | None = (
        SchemeReplay.objects.filter(fingerprint=fingerprint).order_by("-id").first()
    )
    return found


@dataclass(frozen=True, slots=True)
class Goal:
    """The next round number of points, and what so many are worth, in minor units."""

    points: int
    missing: int
    worth: int


WORTH = """
SELECT (version.content ->> 'worth')::bigint
FROM loyalty_scheme scheme
JOIN loyalty_scheme_version version
    ON (version.merchant_id, version.number) = (scheme.merchant_id, scheme.in_force)
WHERE scheme.merchant_id = %s
"""


def goal_of(*, merchant_id: int, points: int) -> Goal | None:
    """Return what a member with so many points saves for; None where points have no worth."""
    rows = db.call(WORTH, (merchant_id,))
    return goal_by(points=points, worth=rows[0][0]) if rows else None


def goal_by(*, points: int, worth: int) -> Goal:
    """Return what so many points lead to, where 1,000 are worth ``worth``."""
    missing = ROUND_POINTS - points % ROUND_POINTS
    reached = points + missing
    return Goal(reached, missing, reached * worth // MILLI)


def versions_of(merchant_id: int) -> list[SchemeVersion]:
    """Return what was published, the newest first, the merchant's scope open."""
    return list(SchemeVersion.objects.filter(merchant_id=merchant_id).order_by("-number"))


@dataclass(frozen=True, slots=True)
class Stopwatch:
    """From opening the builder to the first points of somebody who works there.

    ``stopped_at`` is read off the sale that gave them, so nobody can stop it by hand.
    """

    opened_at: datetime
    stopped_at: datetime | None

    def seconds(self, now: datetime) -> int:
        """Return how long it ran, or runs."""
        return max(int(((self.stopped_at or now) - self.opened_at).total_seconds()), 0)

    @property
    def in_time(self) -> bool:
        """Say whether it stopped within fifteen minutes."""
        return self.stopped_at is not None and self.stopped_at - self.opened_at <= FIFTEEN_MINUTES


def stopwatch_of(scheme: Scheme) -> Stopwatch:
    """Return the stopwatch of a scheme."""
    rows = db.call(FIRST_POINTS, (scheme.merchant_id, Mode.LIVE.value, scheme.opened_at))
    return Stopwatch(scheme.opened_at, rows[0][0])
