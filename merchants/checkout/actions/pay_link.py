"""Begin to pay by a link: whoever opened it gets a payment of their own."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from merchants.checkout.actions.create_payment import Request, store_payment
from merchants.checkout.basket import one_amount
from merchants.checkout.online import PaymentPaidAlready
from merchants.checkout.queries import paid_by_link
from merchants.checkout.refusals import AmountMissing
from merchants.models import OnlinePayment, PaymentLink
from okplatform.kernel.audit import Actor
from okplatform.kernel.errors import Refusal
from okplatform.parties.queries import till_of_store


class LinkClosed(Refusal):
    """The shop has closed it, or its time is over."""

    code = "link_closed"
    sentence = _("This link is closed. Ask the shop for a new one; nothing was taken.")


def pay_link(
    *, link: PaymentLink, amount: int | None, language: str, now: datetime, actor: Actor
) -> OnlinePayment:
    """Make a payment by a link, of its own amount or, where that is open, of ``amount``.

    Raises ``LinkClosed``, ``PaymentPaidAlready`` or ``AmountMissing``. That a link is paid once is
    held when somebody confirms; here the latecomer only hears of it sooner.
    """
    if link.closed_at is not None or (link.expires_at is not None and link.expires_at <= now):
        raise LinkClosed
    if link.only_once and paid_by_link(link) is not None:
        raise PaymentPaidAlready
    if link.amount is not None:
        amount = link.amount
    elif amount is None or not (link.least or 0) <= amount <= (link.most or 0):
        raise AmountMissing(least=link.least, most=link.most)
    till = till_of_store(
        merchant_id=link.merchant_id, store_id=link.store_id, mode=link.mode, actor=actor
    )
    place = till.place
    if place is None:
        raise LinkClosed
    request = Request(
        basket=one_amount(
            amount=amount,
            store=place.store_reference,
            currency=place.currency,
            language=language,
            description=link.description,
            reference=link.reference,
            vat_rate_bp=link.vat_rate_bp,
        ),
        description=link.description,
    )
    return store_payment(till=till, place=place, request=request, link=link, now=now)
