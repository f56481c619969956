"""What of a person's wallet needs attention now: the first thing below the code, or nothing."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from okplatform.kernel.tenancy import person_scope
from okplatform.parties.models import Person
from wallet import hooks
from wallet.card_tiles import tile_of
from wallet.hooks import Attention
from wallet.models import Card
from wallet.warranties import warranties_of

DAYS = 7
"""Within so many days something ends soon enough to be told of on the page of every day."""

MOST = 4


def attention_of(person: Person, *, now: datetime) -> Sequence[Attention]:
    """Return what needs attention, the most urgent first; a few things at most."""
    found = hooks.attention_for(person.pk, person.mode, now)
    found += [*_cards(person.pk, now), *_warranties(person.pk, now)]
    return found[:MOST]


def _cards(person_id: int, now: datetime) -> Sequence[Attention]:
    today = timezone.localdate(now)
    with person_scope(person_id):
        ending = Card.objects.filter(
            removed=False,
            archived=False,
            expires_on__range=(today, today + timedelta(days=DAYS)),
        ).order_by("expires_on", "id")[:MOST]
        return [
            Attention(
                title=_("{card} ends soon").format(card=card.name),
                line=tile_of(card, today).note,
                url=reverse("wallet:card", args=[card.uuid]),
                icon="card",
            )
            for card in ending
        ]


def _warranties(person_id: int, now: datetime) -> Sequence[Attention]:
    today = timezone.localdate(now)
    return [
        Attention(
            title=_("The warranty of {name} ends soon").format(name=kept.name),
            line=kept.left,
            url=reverse("wallet:receipt", args=[kept.receipt_id]),
            icon="receipt",
        )
        for kept in warranties_of(person_id, today=today)
        if kept.runs and kept.ends_on <= today + timedelta(days=DAYS)
    ]
