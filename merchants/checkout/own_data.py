"""What the checkout holds of a person, as the wallet's hook asks for it."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from merchants.checkout.online_states import HELD
from merchants.models import OnlinePayment
from okplatform.kernel.audit import Actor
from okplatform.kernel.tenancy import operator_scope, person_scope
from wallet.hooks import Section


class CheckoutData:
    """Hands over online payments (``wallet.hooks.OwnData``)."""

    def sections(self, person_id: int) -> Sequence[Section]:
        """Return the online payments that the person opened."""
        with operator_scope("what a person paid online, or chose gift cards for, at every shop"):
            own = Q(person=person_id) | Q(chooser=person_id)
            found = OnlinePayment.objects.filter(own).select_related("merchant")
            opened = list(found.order_by("created_at"))
        rows = [
            {
                "shop": payment.merchant.name,
                "description": payment.description,
                "asked": payment.asked,
                "currency": payment.currency,
                "state": payment.state,
                "by_gift_cards": payment.by_cards if payment.chooser_id == person_id else 0,
                "at": payment.created_at.isoformat(),
            }
            for payment in opened
        ]
        return [Section("online_payments", _("Payments at webshops"), rows)]

    def objections(self, person_id: int) -> Sequence[str]:
        """Return what a webshop has not finished."""
        with person_scope(person_id):
            held = OnlinePayment.objects.filter(state__in=HELD).exists()
        return (
            [_("A webshop has not finished a payment of yours. Wait until it has.")] if held else []
        )

    def kept(self) -> Sequence[str]:
        """Return nothing besides what payments keep."""
        return []

    def forget(self, _person_id: int, *, now: datetime, actor: Actor) -> None:
        """Change nothing: an online payment names a number, which nobody stands behind any more."""
