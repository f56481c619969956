"""Take a gift card for points: all of them and the card, or none and no card."""

from datetime import datetime
from uuid import UUID

from loyalty.actions.put_reward import RewardUnknown
from loyalty.actions.settle import PointsGone
from loyalty.actions.wish_to_spend import held_member
from loyalty.models import CardForPoints, OfferState, Reward, RewardKind
from okplatform.kernel import audit, db
from okplatform.kernel.audit import Actor
from okplatform.kernel.tenancy import merchant_scope
from payments.actions.give_gift_card import give_gift_card
from payments.actions.load_gift_card import GiftCardsNotSold
from payments.models import BookingKind, GiftCard

TAKE = "loyalty_take_gift_card(%s, %s, %s, %s, %s)"


def take_gift_card(
    *, member_id: int, person_id: int, reward_id: int, uuid: UUID, actor: Actor, now: datetime
) -> GiftCard:
    """Return a new gift card, kept in the wallet, for the points that its reward costs.

    Asked again under the same ``uuid`` it is the same card. What is owed moves in the books from
    points to the card. Raises ``NoMember``, ``RewardUnknown``, also where the merchant has no gift
    cards any more, ``TooManyGiftCards``, or ``PointsGone`` where there are fewer.
    """
    with db.transaction():
        member = held_member(member_id, person_id)
        with merchant_scope(member.merchant_id):
            before = CardForPoints.objects.filter(member=member, uuid=uuid)
            if (taken := before.select_related("gift_card").first()) is not None:
                return _card(taken)
            reward = Reward.objects.filter(
                pk=reward_id, kind=RewardKind.GIFT_CARD, state=OfferState.ACTIVE
            ).first()
            if reward is None:
                raise RewardUnknown
            try:
                card = give_gift_card(
                    merchant_id=member.merchant_id,
                    mode=member.mode,
                    amount=reward.amount,
                    kind=BookingKind.REWARDED,
                    keeper=person_id,
                    now=now,
                    actor=actor,
                )
            except GiftCardsNotSold as gone:
                raise RewardUnknown from gone
        db.later(
            TAKE,
            [member.pk, reward.pk, card.pk, uuid, now],
            refusals={
                "OK016": lambda _detail: PointsGone(),
                "OK017": lambda _detail: RewardUnknown(),
            },
        )
        audit.record(
            actor=actor,
            action="points_for_card",
            object_type="reward",
            object_id=reward.pk,
            merchant_id=member.merchant_id,
            mode=member.mode,
            data={"gift_card": card.pk, "points": reward.cost},
        )
        return card


def _card(taken: CardForPoints) -> GiftCard:
    card: GiftCard = taken.gift_card
    return card
