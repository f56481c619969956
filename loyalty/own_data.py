"""What loyalty holds of a person, as the wallet's hook asks for it."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from loyalty.actions.forget_balances import forget_balances_of, keys_of_address
from loyalty.actions.forget_moves import forget_moves
from loyalty.actions.hand_on import forget_codes
from loyalty.actions.lapse_points import lapse_points
from loyalty.actions.leave_pool import leave_pools_of
from loyalty.actions.put_coupon_away import forget_coupons
from loyalty.actions.wish_to_spend import forget_wishes
from loyalty.models import (
    Assignment,
    CardForPoints,
    Correction,
    Earning,
    KeptCoupon,
    Lot,
    Member,
    MemberStamps,
    PointsDraw,
    Referral,
    ReferralCode,
    Spend,
    WaitingBalance,
    Wish,
)
from loyalty.pool_data import pool_sections
from loyalty.queries import points_of
from loyalty.queries.connectors import pseudonyms_of
from loyalty.queries.moves import latest_moves
from loyalty.queries.tiers import tier_of
from okplatform.kernel.audit import Actor
from okplatform.kernel.tenancy import operator_scope, person_scope
from okplatform.web import formats
from wallet.hooks import Section


class LoyaltyData:
    """Hands over memberships and what was earned (``wallet.hooks.OwnData``)."""

    def sections(self, person_id: int) -> Sequence[Section]:
        """Return the programmes with the points there are, what was earned, and what waits."""
        with person_scope(person_id):
            members = list(Member.objects.select_related("merchant", "programme"))
            coupons = list(
                KeptCoupon.objects.select_related("merchant", "coupon").order_by("kept_at")
            )
        return [
            Section(
                "programmes",
                _("Programmes"),
                [
                    {
                        "shop": member.merchant.name,
                        "programme": member.programme.name,
                        "joined_at": member.joined_at.isoformat(),
                        "terms_version": member.terms_version,
                        "points": _points(member),
                    }
                    for member in members
                ],
            ),
            Section("points", _("Points"), _earned(members)),
            _moved(members),
            _waiting(person_id),
            _corrected(person_id),
            Section("points_lots", _("Points that wait or end"), _lots(members)),
            Section("points_spent", _("Points you paid with"), _spent(members)),
            _drawn(members),
            _coupons(coupons),
            _personal(members),
            _stamps(members),
            _tiers(members),
            _brought(members),
            *pool_sections(members, person_id),
            _known_elsewhere(members),
        ]

    def objections(self, _person_id: int) -> Sequence[str]:
        """Return nothing: points hold nobody back."""
        return []

    def kept(self) -> Sequence[str]:
        """Say what becomes of points."""
        return [
            _(
                "Points you did not spend lapse; what you earned stays in the books, without your "
                "name."
            )
        ]

    def forget(self, person_id: int, *, now: datetime, actor: Actor) -> None:
        """Book out points, put coupons and codes away; a member is a number nobody can show."""
        leave_pools_of(person_id=person_id, actor=actor, now=now)
        forget_balances_of(person_id=person_id)
        forget_moves(person_id=person_id, now=now)
        lapse_points(person_id=person_id, now=now)
        forget_coupons(person_id=person_id, actor=actor)
        forget_wishes(person_id=person_id)
        forget_codes(person_id=person_id)


def _points(member: Member) -> int:
    found = points_of(person_id=member.person_id, merchant_id=member.merchant_id, mode=member.mode)
    return found.balance if found else 0


def _earned(members: Sequence[Member]) -> list[dict[str, Any]]:
    with operator_scope("what a person earned, at every shop"):
        earned = Earning.objects.filter(member__in=members).select_related("merchant")
        return [
            {
                "shop": earning.merchant.name,
                "points": earning.points,
                "at": earning.earned_at.isoformat(),
            }
            for earning in earned.order_by("earned_at")
        ]


def _moved(members: Sequence[Member]) -> Section:
    """Return what changed points without a sale, with what the shop wrote of it."""
    return Section(
        "points_changes",
        _("Other changes to your points"),
        [
            {
                "shop": move.merchant.name,
                "what": move.kind,
                "points": move.points,
                "why": move.words,
                "at": move.moved_at.isoformat(),
            }
            for move in reversed(latest_moves([member.pk for member in members]))
        ],
    )


def _corrected(person_id: int) -> Section:
    """Return the corrections that this person asked for, or decided on, at work."""
    with operator_scope("what somebody corrected at work"):
        mine = Correction.objects.filter(Q(asked_by=person_id) | Q(decided_by=person_id))
        return Section(
            "points_corrections",
            _("Points you corrected at work"),
            [
                {
                    "shop": one.merchant.name,
                    "points": one.points,
                    "why": one.reason,
                    "asked": one.asked_by_id == person_id,
                    "decided": one.decided_by_id == person_id,
                    "state": one.state,
                    "at": one.asked_at.isoformat(),
                }
                for one in mine.select_related("merchant").order_by("asked_at", "id")
            ],
        )


def _waiting(person_id: int) -> Section:
    """Return what other programmes owed, and waits under this person's address."""
    with operator_scope("what waits under somebody's address"):
        found = WaitingBalance.objects.filter(
            email_key__in=keys_of_address(person_id), move=None
        ).select_related("merchant")
        return Section(
            "points_to_bring",
            _("Points of another programme that wait for you"),
            [{"shop": one.merchant.name, "points": one.points} for one in found.order_by("id")],
        )


def _lots(members: Sequence[Member]) -> list[dict[str, Any]]:
    with operator_scope("what a person still has, at every shop"):
        lots = Lot.objects.filter(member__in=members, remaining__gt=0).select_related("merchant")
        return [
            {
                "shop": lot.merchant.name,
                "points": lot.remaining,
                "earned_at": lot.earned_at.isoformat(),
                "waiting": lot.is_pending,
                "count_from": lot.spendable_at and lot.spendable_at.isoformat(),
                "end_at": lot.expires_at and lot.expires_at.isoformat(),
            }
            for lot in lots.order_by("earned_at", "id")
        ]


def _spent(members: Sequence[Member]) -> list[dict[str, Any]]:
    with operator_scope("what a person paid with points, at every shop"):
        spent = Spend.objects.filter(member__in=members).select_related("merchant")
        cards = CardForPoints.objects.filter(member__in=members).select_related("merchant")
        wishes = Wish.objects.filter(member__in=members).select_related("merchant")
        return [
            *(
                {
                    "shop": one.merchant.name,
                    "points": one.points,
                    "cents_off": one.amount,
                    "given_back": one.given_back,
                    "at": one.spent_at.isoformat(),
                }
                for one in spent.order_by("spent_at", "pk")
            ),
            *(
                {
                    "shop": one.merchant.name,
                    "points": one.points,
                    "cents_on_gift_card": one.amount,
                    "at": one.taken_at.isoformat(),
                }
                for one in cards.order_by("taken_at", "pk")
            ),
            *(
                {
                    "shop": one.merchant.name,
                    "chosen_for_next_payment": "all" if one.points is None else one.points,
                    "at": one.made_at.isoformat(),
                }
                for one in wishes.order_by("made_at")
            ),
        ]


def _drawn(members: Sequence[Member]) -> Section:
    """Return the points of one shop that paid at another."""
    with operator_scope("what a person's points paid elsewhere"):
        drawn = PointsDraw.objects.filter(giver__in=members).select_related(
            "giver_merchant", "merchant"
        )
        return Section(
            "points_shared",
            _("Points of one shop that you spent at another"),
            [
                {
                    "earned_at_shop": one.giver_merchant.name,
                    "spent_at_shop": one.merchant.name,
                    "points": one.points,
                    "given_back": one.back,
                    "at": one.drawn_at.isoformat(),
                }
                for one in drawn.order_by("drawn_at", "sale_id", "giver_id")
            ],
        )


def _coupons(coupons: Sequence[KeptCoupon]) -> Section:
    """Return what is kept, with the code itself."""
    return Section(
        "coupons",
        _("Coupons"),
        [
            {
                "shop": kept.merchant.name,
                "code": kept.coupon.code,
                "kept_at": kept.kept_at.isoformat(),
            }
            for kept in coupons
        ],
    )


def _personal(members: Sequence[Member]) -> Section:
    """Return the offers that shops chose for this person."""
    with operator_scope("what a person was given, at every shop"):
        given = list(
            Assignment.objects.filter(member__in=members)
            .select_related("merchant", "offer")
            .order_by("assigned_at")
        )
    return Section(
        "personal_offers",
        _("Personal offers"),
        [
            {
                "shop": one.merchant.name,
                "offer": one.offer.name[formats.language()],
                "assigned_at": one.assigned_at.isoformat(),
            }
            for one in given
        ],
    )


def _stamps(members: Sequence[Member]) -> Section:
    """Return the stamps on each card."""
    with operator_scope("a person's stamps, at every shop"):
        held = list(
            MemberStamps.objects.filter(member__in=members)
            .select_related("merchant", "offer")
            .order_by("merchant", "offer")
        )
    return Section(
        "stamp_cards",
        _("Stamp cards"),
        [
            {
                "shop": one.merchant.name,
                "card": one.offer.name[formats.language()],
                "stamps": one.count,
                "last_at": one.last_at.isoformat(),
            }
            for one in held
        ],
    )


def _tiers(members: Sequence[Member]) -> Section:
    """Return the tier at each shop that has any."""
    language = formats.language()
    found = [(one, tier_of(member_id=one.pk, language=language)) for one in members]
    return Section(
        "tiers",
        _("Tiers"),
        [
            {
                "shop": member.merchant.name,
                "tier": tier.name,
                "counts": tier.amount,
                "last_day": tier.last_day and tier.last_day.isoformat(),
            }
            for member, tier in found
            if tier is not None
        ],
    )


def _brought(members: Sequence[Member]) -> Section:
    """Return the codes handed on, how many came with each, and whether one came with another's."""
    with operator_scope("a person's codes to hand on, at every shop"):
        codes = dict(ReferralCode.objects.filter(member__in=members).values_list("member", "code"))
        came = set(Referral.objects.filter(member__in=members).values_list("member", flat=True))
        brought = Counter(Referral.objects.filter(by__in=members).values_list("by", flat=True))
    return Section(
        "brought_along",
        _("Bringing others along"),
        [
            {
                "shop": one.merchant.name,
                "code": codes.get(one.pk, ""),
                "brought": brought[one.pk],
                "came_with_somebody": one.pk in came,
            }
            for one in members
            if one.pk in codes or one.pk in came
        ],
    )


def _known_elsewhere(members: Sequence[Member]) -> Section:
    """Return what shops' own loyalty systems know somebody by."""
    shops = {member.pk: member.merchant.name for member in members}
    return Section(
        "known_elsewhere",
        _("Loyalty systems of shops that know you by a number"),
        [
            {"shop": shops[member_id], "system": name, "number": number}
            for member_id, name, number in pseudonyms_of(list(shops))
        ],
    )
