"""Ask a shopper to pay online."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from uuid import uuid4

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from merchants.checkout import return_urls
from merchants.checkout.basket import Basket
from merchants.checkout.call import Call
from merchants.checkout.events import PaymentCreated
from merchants.checkout.facts import basket_as_json
from merchants.checkout.online import new_token, tell
from merchants.checkout.pricing import WrongCurrency, check_coupons
from merchants.models import CaptureMode, OnlinePayment, PaymentLink
from okplatform.kernel.db import transaction
from okplatform.kernel.errors import Refusal
from okplatform.kernel.idempotency import Claim, Decision
from okplatform.parties.models import Channel
from okplatform.parties.queries import find_store
from okplatform.parties.tills import StoreAtTill, Till
from okplatform.trade.facts import SaleKey
from payments.actions.capture import AmountNotPositive

OPEN_FOR = timedelta(minutes=30)


class StoreNotOnline(Refusal):
    """A payment page is a webshop's; the key or the request names another store."""

    code = "store_not_online"
    status = 422
    sentence = _("This store is not a webshop. Use a key of the webshop, or name its store.")


class ReturnUrlNotAllowed(Refusal):
    """The address is not https, or leads into a private network."""

    code = "return_url_not_allowed"
    status = 422
    sentence = _("The return_url must be an https address that anybody can reach.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a shop asks for: a basket, and what surrounds its payment."""

    basket: Basket
    description: str = ""
    return_url: str = ""
    open_for: timedelta = OPEN_FOR
    capture_mode: str = CaptureMode.AUTOMATIC.value


def create_payment(
    *, till: Till, request: Request, now: datetime, claim: Claim | None = None
) -> OnlinePayment:
    """Make an online payment of a webshop; ``claim`` keeps the decision under its key.

    Raises ``StoreUnknown``, ``StoreNotOnline``, ``WrongCurrency``, ``AmountNotPositive``,
    ``ReturnUrlNotAllowed``, or ``CouponRefused`` for a coupon that cannot count now.
    """
    place = find_store(till, request.basket.store, None)
    if place.channel != Channel.ONLINE:
        raise StoreNotOnline
    if request.basket.currency != place.currency:
        raise WrongCurrency(expected=place.currency)
    if request.basket.gross <= 0:
        raise AmountNotPositive
    if request.return_url:
        _check(request.return_url)
    key = SaleKey(till.merchant_id, till.mode, uuid4())
    check_coupons(call=Call(till=till, key=key, now=now), basket=request.basket)
    return store_payment(till=till, place=place, request=request, link=None, now=now, claim=claim)


def store_payment(
    *,
    till: Till,
    place: StoreAtTill,
    request: Request,
    link: PaymentLink | None,
    now: datetime,
    claim: Claim | None = None,
) -> OnlinePayment:
    """Keep a request that was checked, of a webshop or of a link."""
    basket = request.basket
    payment = OnlinePayment(
        merchant_id=till.merchant_id,
        store_id=place.store_id,
        mode=till.mode,
        uuid=uuid4(),
        token=new_token(),
        link=link,
        only_once=link is not None and link.only_once,
        capture_mode=request.capture_mode,
        currency=basket.currency,
        asked=basket.gross,
        basket=basket_as_json(basket),
        description=request.description,
        reference=basket.reference,
        return_url=request.return_url,
        language=basket.language,
        created_at=now,
        expires_at=now + request.open_for,
        sale_uuid=uuid4(),
    )
    with transaction():
        payment.save(force_insert=True)
        tell(PaymentCreated, payment, action="online_payment_created", now=now, actor=till.actor)
        if claim is not None:
            claim.settle(Decision(HTTPStatus.CREATED, {"id": str(payment.uuid)}))
    return payment


def _check(url: str) -> None:
    try:
        return_urls.check(url, own=settings.BASE_URL)
    except return_urls.ReturnUrlNotAllowedError as error:
        raise ReturnUrlNotAllowed from error
