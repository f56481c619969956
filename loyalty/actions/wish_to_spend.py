"""Choose on the phone to pay with points at the next payment, or think better of it."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from loyalty.actions.put_reward import RewardUnknown
from loyalty.models import WITHOUT_SALE, Member, OfferState, Reward, Wish
from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction, transaction_required
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import merchant_scope, operator_scope, person_scope


class NoMember(Refusal):
    """Only members have points."""

    code = "no_member"
    status = 404
    sentence = _("You are no member here. Join first, and points follow.")


def wish_to_spend(
    *,
    member_id: int,
    person_id: int,
    points: int | None = None,
    reward_id: int | None = None,
    actor: Actor,
    now: datetime,
) -> None:
    """Let the next payment at this programme take so many points at most (None: all), or a reward.

    One choice at a time: a later one replaces it. What the terms allow is decided when it is paid.
    Raises ``NoMember`` for a membership that is not this person's, ``RewardUnknown``.
    """
    with transaction():
        member = held_member(member_id, person_id)
        with merchant_scope(member.merchant_id):
            if reward_id is not None and not _can_be_had(reward_id):
                raise RewardUnknown
            Wish.objects.filter(member_id=member.pk).delete()
            wish = Wish.objects.create(
                member_id=member.pk,
                merchant_id=member.merchant_id,
                mode=member.mode,
                points=points if reward_id is None else None,
                reward_id=reward_id,
                made_at=now,
            )
        audit.record(actor=actor, action="points_wished", object_type="wish", object_id=wish.pk)


def withdraw_wish(*, member_id: int, person_id: int, actor: Actor) -> None:
    """Take the choice back; one that a payment has used up is gone already. Raises ``NoMember``."""
    with transaction():
        member = held_member(member_id, person_id)
        with merchant_scope(member.merchant_id):
            gone, _rows = Wish.objects.filter(member_id=member.pk).delete()
        if gone:
            audit.record(
                actor=actor,
                action="points_wish_withdrawn",
                object_type="member",
                object_id=member.pk,
            )


@transaction_required
def forget_wishes(*, person_id: int) -> None:
    """Take back all that somebody who leaves OK had chosen; a part of deleting the account."""
    with operator_scope("what a person chose, at every shop"):
        Wish.objects.filter(member__person_id=person_id).delete()


@transaction_required
def held_member(member_id: int, person_id: int) -> Member:
    """Hold a membership, so that of two choices at once the later stays; raises ``NoMember``."""
    with person_scope(person_id):
        member: Member | None = Member.objects.select_for_update().filter(pk=member_id).first()
    if member is None:
        raise NoMember
    return member


@transaction_required
def _can_be_had(reward_id: int) -> bool:
    """Say whether this merchant has such a reward for a purchase; its scope is open."""
    found = Reward.objects.filter(pk=reward_id, state=OfferState.ACTIVE)
    return bool(found.exclude(kind__in=WITHOUT_SALE).exists())
