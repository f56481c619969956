"""Versions of a scheme: a part of every action that publishes one or brings one into force."""

from datetime import datetime

from loyalty.actions.pause_offer import turn
from loyalty.actions.publish_programme import publish
from loyalty.actions.put_offer import put
from loyalty.actions.scheme_refusals import SchemeUnknown
from loyalty.builder.scheme import SchemeContent
from loyalty.events import SchemePublished, SchemeStarted
from loyalty.models import OfferState, Programme, Scheme, SchemeOffer, SchemeVersion
from loyalty.scheme_rules import promise_of, terms_of
from okplatform.kernel import audit, db, events
from okplatform.kernel.audit import Actor


@db.transaction_required
def locked(merchant_id: int) -> Scheme:
    """Return the merchant's scheme; who else publishes waits here. Raises ``SchemeUnknown``."""
    scheme: Scheme | None = (
        Scheme.objects.select_for_update().filter(merchant_id=merchant_id).first()
    )
    if scheme is None:
        raise SchemeUnknown
    return scheme


@db.transaction_required
def add_version(
    scheme: Scheme,
    content: SchemeContent,
    *,
    starts_at: datetime,
    accepts_loss: bool,
    actor: Actor,
    now: datetime,
    back_to: int | None = None,
) -> int:
    """Publish a version and return its number; at once in force, or when its time comes.

    It takes the place of one that was scheduled and has not begun.
    """
    merchant_id = scheme.merchant_id
    newest = SchemeVersion.objects.order_by("-number").values_list("number", flat=True).first()
    version = SchemeVersion.objects.create(
        merchant_id=merchant_id,
        number=(newest or 0) + 1,
        content=content.as_json(),
        fingerprint=content.fingerprint(),
        accepts_loss=accepts_loss,
        back_to=back_to,
        published_at=now,
        starts_at=starts_at,
    )
    audit.record(
        actor=actor,
        action="scheme_published",
        object_type="scheme",
        object_id=merchant_id,
        merchant_id=merchant_id,
        data={
            "version": version.number,
            "back_to": back_to,
            "starts_at": starts_at.isoformat(),
            "accepts_loss": accepts_loss,
        },
    )
    published = SchemePublished(
        merchant_id=merchant_id, version=version.number, starts_at=starts_at.isoformat()
    )
    events.publish(published, now=now, merchant_id=merchant_id)
    if starts_at > now:
        Scheme.objects.filter(pk=scheme.pk).update(scheduled=version.number, starts_at=starts_at)
    else:
        put_in_force(version, actor=actor, now=now)
    return int(version.number)


@db.transaction_required
def put_in_force(version: SchemeVersion, *, actor: Actor, now: datetime) -> None:
    """Let a version count from the next quote on; nothing is scheduled any more.

    Its offers stay the offers they were, with other terms; those it no longer has are paused.
    Raises ``LimitBelowGiven``.
    """
    merchant_id = version.merchant_id
    content = SchemeContent.from_json(version.content)
    kept = Programme.objects.filter(merchant_id=merchant_id).first()
    publish(merchant_id=merchant_id, promise=promise_of(content, kept), actor=actor, now=now)
    known = dict(SchemeOffer.objects.values_list("slot", "offer_id"))
    for offer in content.offers:
        offer_id = put(
            merchant_id=merchant_id,
            terms=terms_of(offer),
            actor=actor,
            now=now,
            offer_id=known.pop(offer.slot.value, None),
        )
        SchemeOffer.objects.update_or_create(
            merchant_id=merchant_id, slot=offer.slot.value, defaults={"offer_id": offer_id}
        )
        _turn(merchant_id, offer_id, OfferState.ACTIVE, actor=actor, now=now)
    for offer_id in known.values():
        _turn(merchant_id, offer_id, OfferState.PAUSED, actor=actor, now=now)
    SchemeVersion.objects.filter(pk=version.pk, started_at=None).update(started_at=now)
    Scheme.objects.filter(merchant_id=merchant_id).update(
        in_force=version.number, scheduled=None, starts_at=None
    )
    started = SchemeStarted(merchant_id=merchant_id, version=version.number)
    events.publish(started, now=now, merchant_id=merchant_id)


def _turn(merchant_id: int, offer_id: int, to: OfferState, *, actor: Actor, now: datetime) -> None:
    turn(merchant_id=merchant_id, offer_id=offer_id, to=to, actor=actor, now=now)
