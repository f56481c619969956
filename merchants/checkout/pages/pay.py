"""The payment page: the shopper sees who asks what for, signs in, and confirms."""

import zoneinfo
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from typing_extensions import override

from loyalty.queries import points_of
from merchants.checkout.actions.authorise_payment import Payer, authorise_payment, price_for
from merchants.checkout.actions.decline_payment import decline_payment
from merchants.checkout.actions.present_payment import present_payment
from merchants.checkout.addresses import page_of
from merchants.checkout.facts import SaleFacts, basket_from_json
from merchants.checkout.online import PaymentPaidAlready, released, standing
from merchants.checkout.online_cards import cards_here
from merchants.checkout.online_states import OPEN, PAID, PaymentState
from merchants.checkout.pages.at_bank import at_bank_of, follow, ways_of
from merchants.checkout.pages.words import to_payer
from merchants.checkout.pricing import facts_of
from merchants.checkout.queries import find_payment_by_token, find_sale, paid_by_link
from merchants.checkout.return_urls import with_payment
from merchants.checkout.sentences import in_language
from merchants.models import OnlinePayment
from okplatform.kernel import clock
from okplatform.kernel.audit import SYSTEM, Actor
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.models import Person
from okplatform.trade.facts import SaleKey
from okplatform.web import formats, qr
from okplatform.web.permissions import Permission
from okplatform.web.streams import notify
from okplatform.web.views import PublicPage
from payments.gateways.berlin_group import is_offered
from payments.gift_card_queries import spent_on
from wallet import hooks
from wallet.paper import Discount
from wallet.passkey_pages import ask_passkey, passkey_answer
from wallet.queries import pin_of
from wallet.receipts import discounts_on


@dataclass(frozen=True, slots=True)
class Bill:
    """What the page shows of a basket: lines, what comes off and why, what is earned."""

    facts: SaleFacts
    discounts: Sequence[Discount]
    points_name: str
    name: str | None


class PaymentPage(PublicPage):
    """A page about one payment, for whoever has its address; the shop's scope is open in it."""

    payment: OnlinePayment

    @override
    def enter(self, permission: Permission, scopes: ExitStack) -> HttpResponse | None:
        """Find the payment by its token, and open its merchant's scope."""
        found = find_payment_by_token(self.kwargs["token"])
        if found is None:
            raise Http404
        self.payment = found
        scopes.enter_context(merchant_scope(found.merchant_id))
        scopes.enter_context(timezone.override(zoneinfo.ZoneInfo(found.store.timezone)))
        return super().enter(permission, scopes)

    @property
    def reader(self) -> Person | None:
        """Return who has signed in, if somebody has."""
        user = self.request.user
        return user if isinstance(user, Person) else None

    @property
    def actor(self) -> Actor:
        """Return who acts: a person, or somebody with the address."""
        return Actor(kind="person", id=str(self.reader.pk)) if self.reader else SYSTEM

    @property
    def back_to_shop(self) -> str:
        """Return where the shop waits; empty where it named no address."""
        return with_payment(self.payment.return_url, str(self.payment.uuid))


class PayPage(PaymentPage):
    """The page itself: to pay, paid, or too late."""

    template_name = "merchants/pay.html"

    @override
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show how the payment stands; opening it the first time is noted.

        Who comes back from the bank finds out here what became of it there.
        """
        if self.reader is not None:
            follow(self.payment, self.reader, actor=self.actor)
        if present_payment(payment=self.payment, now=clock.now(), actor=self.actor):
            notify(f"pay:{self.payment.token}", "payment", {"state": self.payment.state})
        return self.render_to_response(self.get_context_data())

    def post(self, _request: HttpRequest, **_address: Any) -> HttpResponse:
        """Pay what was shown from the account that was chosen; what is refused is said above it."""
        if self.reader is None:
            return redirect("merchants:pay", self.payment.token)
        try:
            self.pay(self.reader)
        except PaymentPaidAlready:
            return redirect("merchants:pay", self.payment.token)
        except Refusal as refusal:
            context = self.get_context_data(problem=to_payer(refusal), code=refusal.code)
            return self.render_to_response(context, status=refusal.status)
        return redirect("merchants:pay", self.payment.token)

    def pay(self, reader: Person) -> None:
        """Pay as this page does, which the reader confirms here; raises what is refused."""
        payer = replace(
            self.payer(reader),
            pin=self.request.POST.get("pin", ""),
            passkey=passkey_answer(self.request, subject=self.payment.uuid),
        )
        authorise_payment(payment=self.payment, payer=payer, now=clock.now())

    def payer(self, reader: Person) -> Payer:
        """Return who pays, with the amount that the page showed and the account they chose."""
        return Payer(
            person_id=reader.pk,
            mode=reader.mode,
            amount_due=_number(self.request.POST.get("amount_due")),
            funding_ref=_number(self.request.POST.get("funding")),
        )

    @override
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Give the payment as it stands for this reader."""
        now, payment = clock.now(), self.payment
        state = standing(payment, now)
        rival = self._paid_by_another(state)
        shown = rival or payment
        found = {
            "payment": payment,
            "state": PaymentState.CAPTURED if rival else state,
            "is_open": state in OPEN and rival is None,
            "is_paid": state in PAID or rival is not None,
            "is_mine": self.reader is not None and shown.person_id == self.reader.pk,
            "back_to_shop": self.back_to_shop,
            "reader": self.reader,
            "shown": shown,
            "at_bank": at_bank_of(payment, self.reader) if self.reader else None,
        }
        if found["is_open"]:
            found |= self._to_pay()
        elif found["is_paid"]:
            found |= self._paid(shown)
        else:
            found["asked_lines"] = basket_from_json(payment.basket).lines
        return super().get_context_data(**{**found, **kwargs})

    def _paid_by_another(self, state: PaymentState) -> OnlinePayment | None:
        """Return who was first, where the link of this payment is paid once."""
        link = self.payment.link
        if link is None or not link.only_once or state in PAID:
            return None
        return paid_by_link(link)

    def _to_pay(self) -> dict[str, Any]:
        reader, now = self.reader, clock.now()
        fits = reader is not None and reader.mode == self.payment.mode
        call, priced = price_for(
            payment=self.payment,
            person_id=reader.pk if reader and fits else None,
            actor=self.actor,
            now=now,
        )
        address = page_of(self.payment)
        side, path = qr.path_of(address)
        names = priced.loyalty.points_name
        facts = facts_of(call, priced)
        cards = (
            cards_here(self.payment, priced, person_id=reader.pk, now=now)
            if reader and fits
            else None
        )
        return {
            "bill": Bill(
                facts=facts,
                discounts=discounts_on(facts.lines),
                points_name=in_language(names._asdict(), formats.language()) if names else "",
                name=priced.shopper.name if priced.shopper else None,
            ),
            "cards": cards,
            "by_ok": facts.due - (cards.amount if cards else 0),
            "other_mode": reader is not None and not fits,
            "ways": ways_of(reader) if reader and fits else [],
            "offers_bank": is_offered(),
            "pin": pin_of(reader.pk) if reader and fits else None,
            "passkey": ask_passkey(self.request, person_id=reader.pk, subject=self.payment.uuid)
            if reader and fits
            else None,
            "more_accounts": hooks.more_funding(reader.pk, reader.mode) if reader and fits else [],
            "qr_side": side,
            "qr_path": path,
        }

    def _paid(self, shown: OnlinePayment) -> dict[str, Any]:
        """Give the receipt, to its payer with the account; what others may see is the same bill."""
        key = SaleKey(shown.merchant_id, shown.mode, shown.sale_uuid)
        facts = find_sale(key)
        mine = self.reader is not None and shown.person_id == self.reader.pk
        points = None
        if mine and self.reader is not None:
            points = points_of(
                merchant_id=shown.merchant_id, person_id=self.reader.pk, mode=shown.mode
            )
        return {
            "bill": facts
            and Bill(
                facts=facts,
                discounts=discounts_on(facts.lines),
                points_name=in_language(points.name, formats.language()) if points else "",
                name=None,
            ),
            "paid_from": hooks.paid_from(shown.sale_id) if mine and shown.sale_id else None,
            "released": released(shown),
            "by_card": spent_on(
                merchant_id=shown.merchant_id, mode=shown.mode, uuid=shown.sale_uuid
            )
            if mine and shown.by_cards
            else (),
        }


class DeclinePayment(PaymentPage):
    """Says no to a payment."""

    http_method_names = ["post"]

    def post(self, _request: HttpRequest, **_address: Any) -> HttpResponse:
        """Decline it; the page then says how it stands, and shows the way back to the shop."""
        with suppress(Refusal):
            decline_payment(payment=self.payment, now=clock.now(), actor=self.actor)
        return redirect("merchants:pay", self.payment.token)


class PaymentStanding(PaymentPage):
    """How a payment stands, for the page that follows it live."""

    @override
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Return the state, and where to go once it is done."""
        state = standing(self.payment, clock.now())
        done = state not in OPEN
        return JsonResponse(
            {"state": state.value, "done": done, "back": self.back_to_shop if done else ""},
            headers={"Cache-Control": "no-store"},
        )


def _number(sent: str | None) -> int:
    """Return the number a form sent; -1, which nothing costs and nobody has, for anything else."""
    fits = sent is not None and sent.isascii() and sent.isdigit() and len(sent) < 16
    return int(sent) if sent is not None and fits else -1
