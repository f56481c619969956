"""The API of gift cards: sell one, top one up, take that back, and ask what is on it."""

from uuid import UUID
from zoneinfo import ZoneInfo

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request

from merchants.checkout.actions.put_on_gift_card import put_on_gift_card
from merchants.checkout.api import gift_card_schemas as schemas
from merchants.checkout.call import Call
from merchants.checkout.gift_card_answers import balance_answer, load_answer, stopped_answer
from merchants.checkout.gift_cards import guesses
from merchants.contract import Problem
from merchants.sandboxes import around
from okplatform.kernel.api.renderers import JsonAnswer
from okplatform.kernel.api.views import ApiView
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.api.authentication import (
    ApiKeyAuthentication,
    TillSessionAuthentication,
    till_of,
)
from okplatform.parties.scopes import Scope
from okplatform.trade.facts import SaleKey
from payments.actions.show_gift_card import show_gift_card
from payments.actions.take_back_load import take_back_load

PROBLEM = OpenApiResponse(Problem, "Refused: branch on `code`, show `detail`.")
LOAD = OpenApiResponse(schemas.GiftCardLoadAnswer, "What was put on it: follow `sentence`.")
BALANCE = OpenApiResponse(schemas.GiftCardBalanceAnswer, "What is on the card.")


class GiftCardEndpoint(ApiView):
    """What every address about gift cards shares."""

    authentication_classes = (ApiKeyAuthentication, TillSessionAuthentication)
    required_scope = Scope.PAYMENTS_WRITE

    @staticmethod
    def call(request: Request, uuid: UUID) -> Call:
        """Return who calls about which load, and when."""
        here = around(till_of(request))
        till = here.till
        return Call(till=till, key=SaleKey(till.merchant_id, till.mode, uuid), now=here.now)


class GiftCardLoadView(GiftCardEndpoint):
    """Put money on one card, or take that back."""

    @extend_schema(
        operation_id="put_gift_card_load",
        summary="Sell a gift card, or top one up",
        request=schemas.GiftCardLoadBody,
        responses={200: LOAD, "4XX": PROBLEM},
    )
    def put(self, request: Request, uuid: UUID) -> JsonAnswer:
        """Under a UUID of yours: sent again, it is the same card with the same answer.

        It is no sale: no VAT, no points, no turnover until the card is spent. The shop has been
        paid (`paid_by`). Print `receipt_lines`: `card` and `pin` are told for a day only.
        """
        call = self.call(request, uuid)
        body = self.body(request, schemas.GiftCardLoadBody)
        with merchant_scope(call.key.merchant_id):
            booked = put_on_gift_card(
                call=call,
                shown=body.shown(),
                amount=body.amount,
                currency=body.currency,
                paid_by=body.paid_by,
                store=body.store,
                terminal=body.terminal,
                operator=body.operator,
                reference=body.reference,
            )
            language = body.language or call.till.language
            shop = call.till.merchant_name
            return JsonAnswer(load_answer(booked, shop=shop, language=language, now=call.now))

    @extend_schema(
        operation_id="delete_gift_card_load",
        summary="Take back what was put on a gift card",
        responses={200: LOAD, "4XX": PROBLEM},
    )
    def delete(self, request: Request, uuid: UUID) -> JsonAnswer:
        """Undo a load while all of it is on the card, or stop one that never arrived."""
        call = self.call(request, uuid)
        with merchant_scope(call.key.merchant_id):
            booked = take_back_load(
                merchant_id=call.key.merchant_id,
                mode=call.key.mode,
                uuid=uuid,
                now=call.now,
                actor=call.till.actor,
                terminal_id=call.till.terminal_id,
            )
            shop, language = call.till.merchant_name, call.till.language
            if booked is None:
                return JsonAnswer(stopped_answer(uuid, language=language))
            return JsonAnswer(load_answer(booked, shop=shop, language=language, now=call.now))


class GiftCardBalanceView(GiftCardEndpoint):
    """What is on a card."""

    @extend_schema(
        operation_id="create_gift_card_balance",
        summary="Ask what is on a gift card",
        request=schemas.GiftCardBalanceBody,
        responses={200: BALANCE, "4XX": PROBLEM},
    )
    def post(self, request: Request) -> JsonAnswer:
        """Show number and PIN; wrong ones are counted, and too many close this till for a minute.

        It is a POST so that the number stands in no address; it changes nothing.
        """
        body = self.body(request, schemas.GiftCardBalanceBody)
        call = self.call(request, UUID(int=0))
        till, now = call.till, call.now
        card = show_gift_card(
            shown=schemas.read(body.card, body.pin, "card"),
            merchant_id=till.merchant_id,
            mode=till.mode,
            guesses=guesses(call, body.terminal),
            now=now,
        )
        today = now.astimezone(ZoneInfo(till.timezone)).date()
        return JsonAnswer(balance_answer(card, today=today))
