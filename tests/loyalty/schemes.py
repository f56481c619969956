"""Schemes as the tests of the builder build them."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from loyalty.actions.draft_scheme import draft_scheme
from loyalty.actions.publish_scheme import publish_scheme
from loyalty.actions.replay_scheme import replay_scheme
from loyalty.builder.scheme import Answers, Often, SchemeContent, SchemeOffer, Slot, Trade
from loyalty.engine import Texts
from loyalty.models import SchemeReplay
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.tenancy import operator_scope
from tests.support.world import NOW

TUESDAY = 1
ANSWERS = Answers(trade=Trade.GREENGROCER, often=Often.WEEKLY, margin_bp=3_000, basket=2_000)
QUIET = SchemeOffer(
    slot=Slot.QUIET_DAY,
    name=Texts(nl="7 % op dinsdag", en="7% on Tuesday"),
    percentage_bp=700,
    weekdays=(TUESDAY,),
)
BIGGER = SchemeOffer(
    slot=Slot.BIGGER_BASKET,
    name=Texts(nl="€ 2,00 vanaf € 40,00", en="€2.00 from €40.00"),
    amount=200,
    min_basket=4_000,
    budget=10_000,
)
CONTENT = SchemeContent(
    answers=ANSWERS,
    name="Bol spaart",
    points_name=Texts(nl="punten", en="points"),
    terms=Texts(nl="Een punt per euro.", en="A point per euro."),
    milli_points_per_cent=10,
    worth=2_000,
    redeemed_bp=9_500,
    offers=(QUIET, BIGGER),
)


def content(**other: Any) -> SchemeContent:
    return replace(CONTENT, **other)


def draft(merchant_id: int, said: SchemeContent = CONTENT, *, now: datetime = NOW) -> int:
    return draft_scheme(
        merchant_id=merchant_id,
        content=said,
        opened_at=now - timedelta(minutes=2),
        actor=SYSTEM,
        now=now,
    )


def replayed(
    merchant_id: int, said: SchemeContent = CONTENT, *, now: datetime = NOW
) -> SchemeReplay:
    """Draft it and try it on the past, as the worker does."""
    number = draft(merchant_id, said, now=now)
    assert replay_scheme(replay_id=number, actor=SYSTEM, now=now)
    with operator_scope("the tests look"):
        replay: SchemeReplay = SchemeReplay.objects.get(pk=number)
        return replay


def published(
    merchant_id: int,
    said: SchemeContent = CONTENT,
    *,
    starts_at: datetime | None = None,
    accepts_loss: bool = False,
    now: datetime = NOW,
) -> int:
    replayed(merchant_id, said, now=now)
    return publish_scheme(
        merchant_id=merchant_id,
        starts_at=starts_at,
        accepts_loss=accepts_loss,
        actor=SYSTEM,
        now=now,
    )
