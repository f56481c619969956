"""What a person takes along of the points that their family spends together."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from loyalty.models import Member, PoolAsk, PoolDraw, PoolSeat
from okplatform.kernel.tenancy import operator_scope
from wallet.hooks import Section


def pool_sections(members: Sequence[Member], person_id: int) -> Sequence[Section]:
    """Return the pools one is in, what went to and fro, and who is asked; nobody else by name."""
    with operator_scope("what a person spends together with family, at every shop"):
        return [
            Section("points_pools", _("Points you spend with your family"), _seats(members)),
            Section("points_lent", _("Points that went between you and them"), _draws(members)),
            Section("points_pool_asks", _("Open questions about that"), _asks(person_id)),
        ]


def _seats(members: Sequence[Member]) -> list[dict[str, Any]]:
    seats = PoolSeat.objects.filter(member__in=members).select_related("merchant")
    return [
        {
            "shop": seat.merchant.name,
            "may_spend_of_others": seat.spends,
            "joined_at": seat.joined_at.isoformat(),
        }
        for seat in seats.order_by("joined_at", "pk")
    ]


def _draws(members: Sequence[Member]) -> list[dict[str, Any]]:
    mine = {member.pk for member in members}
    draws = PoolDraw.objects.filter(Q(giver__in=members) | Q(taker__in=members))
    return [
        {
            "shop": draw.merchant.name,
            "what": draw.kind,
            "points": draw.points if draw.taker_id in mine else -draw.points,
            "at": draw.drawn_at.isoformat(),
        }
        for draw in draws.select_related("merchant").order_by("drawn_at", "id")
    ]


def _asks(person_id: int) -> list[dict[str, Any]]:
    asks = PoolAsk.objects.filter(Q(person_id=person_id) | Q(by__person_id=person_id))
    return [
        {
            "shop": ask.merchant.name,
            "yours": ask.person_id != person_id,
            "may_spend_of_others": ask.spends,
            "asked_at": ask.asked_at.isoformat(),
            "ends_at": ask.ends_at.isoformat(),
        }
        for ask in asks.select_related("merchant").order_by("asked_at", "id")
    ]
