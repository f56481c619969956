"""Tills without a network: what they may do, by which key they sign, and what they sold."""

from uuid import UUID

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request

from merchants.checkout.actions.book_offline_sale import book_offline_sale
from merchants.checkout.actions.put_offline_key import DarkTill, put_offline_key
from merchants.checkout.api import offline_schemas as schemas
from merchants.checkout.api.views import SaleEndpoint
from merchants.checkout.offline_answers import render_allowance, render_sale
from merchants.checkout.offline_log import allowance_at, keys_of, log_of
from merchants.checkout.offline_refusals import OfflineNeedsTerminal
from merchants.contract import PLACE, Problem
from merchants.sandboxes import around
from okplatform.kernel.api.renderers import JsonAnswer
from okplatform.kernel.api.views import ApiView
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.api.authentication import (
    ApiKeyAuthentication,
    TillSessionAuthentication,
    till_of,
)
from okplatform.parties.queries import find_store
from okplatform.parties.scopes import Scope

PROBLEM = OpenApiResponse(Problem, "Refused: branch on `code`, show `detail`.")
ALLOWANCE = OpenApiResponse(schemas.OfflineAllowanceAnswer, "What it may do from now on.")
MOST_LOGS = 10


class OfflineEndpoint(ApiView):
    """What the addresses about a till itself share."""

    authentication_classes = (ApiKeyAuthentication, TillSessionAuthentication)

    def dark_till(self, request: Request, store: str | None, terminal: str | None) -> DarkTill:
        """Return which till it is, and when; raises ``OfflineNeedsTerminal``."""
        here = around(till_of(request))
        till = here.till
        place = find_store(till, store, terminal)
        if place.terminal_id is None:
            raise OfflineNeedsTerminal
        return DarkTill(
            merchant_id=till.merchant_id,
            mode=till.mode,
            place=place,
            terminal_id=place.terminal_id,
            actor=till.actor,
            now=here.now,
        )

    def answer(self, till: DarkTill) -> JsonAnswer:
        """Answer what the till may do."""
        keys = keys_of(terminal_id=till.terminal_id, mode=till.mode)
        logs = [log_of(key) for key in keys[:MOST_LOGS]]
        allowed = allowance_at(terminal_id=till.terminal_id, mode=till.mode, at=till.now)
        return JsonAnswer(
            render_allowance(allowed, logs, place=till.place, mode=till.mode, now=till.now)
        )


class OfflineAllowanceView(OfflineEndpoint):
    """What a till may sell without a network."""

    required_scope = Scope.SALES_READ

    @extend_schema(
        operation_id="get_offline_allowance",
        summary="Ask what the till may sell without a network",
        parameters=[*PLACE[:2]],
        responses={200: ALLOWANCE, "4XX": PROBLEM},
    )
    def get(self, request: Request) -> JsonAnswer:
        """Return the allowance that the merchant set; ask while the line is there, and keep it."""
        said = request.query_params
        with merchant_scope(till_of(request).merchant_id):
            till = self.dark_till(request, said.get("store"), said.get("terminal"))
            return self.answer(till)


class OfflineKeyView(OfflineEndpoint):
    """The key by which a till signs."""

    required_scope = Scope.PAYMENTS_WRITE

    @extend_schema(
        operation_id="put_offline_key",
        summary="Register the key by which the till signs",
        request=schemas.OfflineKeyBody,
        responses={200: ALLOWANCE, "4XX": PROBLEM},
    )
    def put(self, request: Request) -> JsonAnswer:
        """Let the till sign with this key; the one before counts for what it had signed already."""
        body = self.body(request, schemas.OfflineKeyBody)
        with merchant_scope(till_of(request).merchant_id):
            till = self.dark_till(request, body.store, body.terminal)
            put_offline_key(till=till, public_key=body.public_key)
            return self.answer(till)


class OfflineSaleView(SaleEndpoint):
    """A sale that a till made without a network."""

    required_scope = Scope.PAYMENTS_WRITE

    @extend_schema(
        operation_id="put_offline_sale",
        summary="Send a sale that was made without a network",
        request=schemas.OfflineSaleBody,
        responses={
            200: OpenApiResponse(schemas.OfflineSaleAnswer, "What became of it, for good."),
            "4XX": PROBLEM,
        },
    )
    def put(self, request: Request, uuid: UUID) -> JsonAnswer:
        """Book it once, late or early, twice or out of order: paid, or the merchant's loss."""
        call = self.call(request, uuid)
        body = self.body(request, schemas.OfflineSaleBody)
        language = body.language or call.till.language
        sent = body.sent(uuid, language=language)
        with merchant_scope(call.key.merchant_id):
            place = find_store(call.till, body.store, body.terminal)
            if place.terminal_id is None:
                raise OfflineNeedsTerminal
            sale = book_offline_sale(call=call, place=place, sent=sent)
            return JsonAnswer(render_sale(sale, language=language))
