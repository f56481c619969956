"""Make a payment link."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from uuid import uuid4

from django.utils.translation import gettext_lazy as _

from merchants.checkout.events import LinkCreated
from merchants.checkout.online import new_token
from merchants.models import PaymentLink
from okplatform.kernel import audit, events
from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from okplatform.kernel.idempotency import Claim, Decision
from okplatform.parties.queries import find_store
from okplatform.parties.tills import Till


class LinkAmountUnclear(Refusal):
    """An amount, or a least and a most; not both, and none of them zero."""

    code = "link_amount_unclear"
    status = 422
    sentence = _("Name one amount, or the least and the most that somebody may pay.")


class LinkEndsBeforeItBegins(Refusal):
    """Its last moment has passed."""

    code = "link_ends_before_it_begins"
    status = 422
    sentence = _("The link must stay open until some moment to come.")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkTerms:
    """What a link asks for; ``amount`` None is open, from ``least`` to ``most`` (minor units)."""

    store: str | None
    amount: int | None
    least: int | None
    most: int | None
    vat_rate_bp: int
    description: str
    reference: str
    only_once: bool
    expires_at: datetime | None


def create_link(
    *, till: Till, terms: LinkTerms, now: datetime, claim: Claim | None = None
) -> PaymentLink:
    """Make a link of a store; ``claim`` keeps the decision under its key.

    Raises ``StoreUnknown``, ``LinkAmountUnclear`` or ``LinkEndsBeforeItBegins``.
    """
    place = find_store(till, terms.store, None)
    _check(terms, now)
    link = PaymentLink(
        merchant_id=till.merchant_id,
        store_id=place.store_id,
        mode=till.mode,
        uuid=uuid4(),
        token=new_token(),
        amount=terms.amount,
        least=terms.least,
        most=terms.most,
        currency=place.currency,
        vat_rate_bp=terms.vat_rate_bp,
        description=terms.description,
        reference=terms.reference,
        only_once=terms.only_once,
        created_at=now,
        expires_at=terms.expires_at,
    )
    with transaction():
        link.save(force_insert=True)
        audit.record(
            actor=till.actor,
            action="payment_link_created",
            object_type="payment_link",
            object_id=link.pk,
            merchant_id=link.merchant_id,
            mode=link.mode,
            data={"amount": link.amount, "only_once": link.only_once},
        )
        events.publish(
            LinkCreated(
                link_id=link.pk, id=str(link.uuid), merchant_id=link.merchant_id, mode=link.mode
            ),
            now=now,
            merchant_id=link.merchant_id,
            mode=link.mode,
        )
        if claim is not None:
            claim.settle(Decision(HTTPStatus.CREATED, {"id": str(link.uuid)}))
    return link


def _check(terms: LinkTerms, now: datetime) -> None:
    if terms.amount is not None:
        is_clear = terms.amount > 0 and terms.least is None and terms.most is None
    else:
        is_clear = 0 < (terms.least or 0) <= (terms.most or 0)
    if not is_clear:
        raise LinkAmountUnclear
    if terms.expires_at is not None and terms.expires_at <= now:
        raise LinkEndsBeforeItBegins
