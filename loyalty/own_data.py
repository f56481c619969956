"""What loyalty holds of a person, as the wallet's hook asks for it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from loyalty.actions.lapse_points import lapse_points
from loyalty.actions.put_coupon_away import forget_coupons
from loyalty.models import Assignment, Earning, KeptCoupon, Lot, Member
from loyalty.queries import points_of
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
            Section("points_lots", _("Points that wait or end"), _lots(members)),
            _coupons(coupons),
            _personal(members),
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
        """Book out points, put coupons away; a member is a number, and nobody can show its code."""
        lapse_points(person_id=person_id, now=now)
        forget_coupons(person_id=person_id, actor=actor)


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
