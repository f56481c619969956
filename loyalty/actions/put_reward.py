"""Make a reward, and pause it or let it be had again."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from loyalty.actions.rulebook import raise_version
from loyalty.engine import Texts
from loyalty.models import OfferState, Reward, RewardKind, Target
from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import merchant_scope
from payments.actions.give_gift_card import terms_of_giving


class RewardUnknown(Refusal):
    """This merchant has no such reward, or it cannot be had now."""

    code = "reward_unknown"
    status = 404
    sentence = _("This reward cannot be had any more. Look again which there are.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RewardTerms:
    """What a reward is; see ``loyalty.models.Reward``."""

    name: Texts
    kind: RewardKind
    cost: int
    amount: int = 0
    target: Target = Target.PRODUCTS
    target_references: tuple[str, ...] = ()
    charity: str = ""


def put_reward(*, merchant_id: int, terms: RewardTerms, actor: Actor, now: datetime) -> int:
    """Make a reward that members can have from the next quote on; return its id.

    Raises ``GiftCardsNotSold`` or ``GiftCardAmount`` for a gift card that no merchant could give.
    """
    with transaction(), merchant_scope(merchant_id):
        if terms.kind is RewardKind.GIFT_CARD:
            terms_of_giving(merchant_id=merchant_id, amount=terms.amount)
        version = raise_version(merchant_id=merchant_id, now=now)
        reward = Reward.objects.create(
            merchant_id=merchant_id,
            name=terms.name._asdict(),
            kind=terms.kind,
            cost=terms.cost,
            amount=terms.amount,
            target=terms.target,
            target_references=list(terms.target_references),
            charity=terms.charity,
            state=OfferState.ACTIVE,
            made_at=now,
        )
        audit.record(
            actor=actor,
            action="reward_put",
            object_type="reward",
            object_id=reward.pk,
            merchant_id=merchant_id,
            data={
                "version": version,
                "kind": terms.kind.value,
                "cost": terms.cost,
                "amount": terms.amount,
            },
        )
        return int(reward.pk)


def turn_reward(
    *, merchant_id: int, reward_id: int, to: OfferState, actor: Actor, now: datetime
) -> None:
    """Pause a reward, or let it be had again; who chose it keeps the choice and the points.

    Raises ``RewardUnknown``. Done already, it stays so.
    """
    with transaction(), merchant_scope(merchant_id):
        reward = Reward.objects.select_for_update().filter(pk=reward_id).first()
        if reward is None:
            raise RewardUnknown
        if reward.state == to:
            return
        version = raise_version(merchant_id=merchant_id, now=now)
        Reward.objects.filter(pk=reward_id).update(state=to)
        audit.record(
            actor=actor,
            action="reward_paused" if to == OfferState.PAUSED else "reward_resumed",
            object_type="reward",
            object_id=reward_id,
            merchant_id=merchant_id,
            data={"version": version},
        )
