"""Decide, as the merchant, what no rule could: a pair, an explanation, or neither after all."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from okplatform.kernel import audit
from okplatform.kernel.audit import Actor
from okplatform.kernel.db import transaction, transaction_required
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import merchant_scope
from payments.acquiring import AcquirerUnknown, hold_acquirers
from payments.deciding import ReasonMissing
from payments.models import (
    AcquirerArrival,
    AcquirerBatch,
    AcquirerLine,
    AcquirerRule,
    ExternalTender,
    SettledState,
)

REASON_LENGTH = 200


class CardDecided(Refusal):
    """Somebody was first, a rule or a colleague; or nothing was decided to take back."""

    code = "card_decided"
    sentence = _("This has changed meanwhile. Nothing was changed now.")


class AmountsDiffer(Refusal):
    """A line settles a card payment of its own amount; all else is explained, on both sides."""

    code = "amounts_differ"
    status = 422
    sentence = _("The two are not of the same amount. Explain each of them instead.")


@dataclass(frozen=True, slots=True)
class CardRef:
    """One half: an acquirer's "line", a sale's "tender" or the bank's "arrival".

    ``id`` is the primary key, of a tender that of its sale, with its ``number`` there.
    """

    kind: str
    id: int
    number: int = 0


def pair_card(*, merchant_id: int, mode: str, line_id: int, tender: CardRef, actor: Actor) -> None:
    """Say that a line settles a card payment. Raises ``CardDecided`` or ``AmountsDiffer``."""
    with merchant_scope(merchant_id), transaction():
        hold_acquirers(merchant_id, mode)
        line = _rows(CardRef("line", line_id), merchant_id, mode).first()
        sold = _rows(tender, merchant_id, mode).first()
        if line is None or sold is None:
            raise AcquirerUnknown
        if not line.state == sold.state == SettledState.OPEN:
            raise CardDecided
        if line.amount != sold.amount:
            raise AmountsDiffer
        matched = {"state": SettledState.MATCHED, "rule": AcquirerRule.PERSON}
        _rows(tender, merchant_id, mode).update(**matched, line=line)
        _rows(CardRef("line", line_id), merchant_id, mode).update(**matched)
        _record("card_paired", tender, merchant_id, mode, actor, line=line_id)


def explain_card(*, merchant_id: int, mode: str, card: CardRef, reason: str, actor: Actor) -> None:
    """Close a half that has no other, and say why.

    Raises ``ReasonMissing``, ``AcquirerUnknown`` or ``CardDecided``.
    """
    why = " ".join(reason.split())[:REASON_LENGTH]
    if not why:
        raise ReasonMissing
    with merchant_scope(merchant_id), transaction():
        hold_acquirers(merchant_id, mode)
        half = _rows(card, merchant_id, mode)
        if not half.exists():
            raise AcquirerUnknown
        if not half.filter(state=SettledState.OPEN).update(
            state=SettledState.EXPLAINED, rule=AcquirerRule.PERSON, reason=why
        ):
            raise CardDecided
        _record("card_explained", card, merchant_id, mode, actor, reason=why)


def reopen_card(*, merchant_id: int, mode: str, card: CardRef, actor: Actor) -> None:
    """Take back what was decided about a half, by a person or a rule; its other half opens too.

    Raises ``AcquirerUnknown``, or ``CardDecided`` where it is open.
    """
    with merchant_scope(merchant_id), transaction():
        hold_acquirers(merchant_id, mode)
        half = _rows(card, merchant_id, mode).first()
        if half is None or (isinstance(half, ExternalTender) and half.kind != "pin"):
            raise AcquirerUnknown
        if half.state == SettledState.OPEN:
            raise CardDecided
        _part(half, merchant_id, mode)
        _record("card_reopened", card, merchant_id, mode, actor, was=half.state, reason=half.reason)


@transaction_required
def _part(
    half: AcquirerLine | AcquirerArrival | ExternalTender, merchant_id: int, mode: str
) -> None:
    opened = {"state": SettledState.OPEN, "rule": "", "reason": ""}
    if isinstance(half, AcquirerArrival):
        if half.batch_id:
            batch = AcquirerBatch.objects.get(pk=half.batch_id)
            batch.arrived -= half.amount
            batch.arrived_on = batch.arrived_on if batch.arrived else None
            batch.save(update_fields=["arrived", "arrived_on"])
        AcquirerArrival.objects.filter(pk=half.pk).update(**opened, batch=None)
        return
    line_id = half.line_id if isinstance(half, ExternalTender) else half.pk
    mine = ExternalTender.objects.filter(merchant_id=merchant_id, mode=mode)
    if line_id is not None:
        mine.filter(line_id=line_id).update(**opened, line=None)
        AcquirerLine.objects.filter(pk=line_id).update(**opened)
    if isinstance(half, ExternalTender):
        mine.filter(sale_id=half.sale_id, number=half.number).update(**opened, line=None)


def _rows(card: CardRef, merchant_id: int, mode: str) -> QuerySet:  # type: ignore[type-arg]  # of three models
    mine = {"merchant_id": merchant_id, "mode": mode}
    if card.kind == "line":
        return AcquirerLine.objects.filter(pk=card.id, **mine)
    if card.kind == "arrival":
        return AcquirerArrival.objects.filter(pk=card.id, **mine)
    return ExternalTender.objects.filter(sale_id=card.id, number=card.number, kind="pin", **mine)


def _record(
    action: str, card: CardRef, merchant_id: int, mode: str, actor: Actor, **data: object
) -> None:
    audit.record(
        actor=actor,
        action=action,
        object_type=f"card_{card.kind}",
        object_id=f"{card.id}-{card.number}" if card.number else card.id,
        merchant_id=merchant_id,
        mode=mode,
        data=data,
    )
