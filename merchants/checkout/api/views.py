"""The till API: one sale under one UUID, whatever is repeated, delayed or lost."""

from functools import partial
from math import ceil
from typing import Any
from uuid import UUID

from django.db import Error as DatabaseFailure
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from typing_extensions import override

from merchants.checkout.actions.answer_by_magic import answer_by_magic
from merchants.checkout.actions.cancel_sale import cancel_sale
from merchants.checkout.actions.look_up import look_up
from merchants.checkout.actions.pay_sale import pay_sale
from merchants.checkout.actions.quote_sale import quote_sale
from merchants.checkout.actions.ring_up import ring_up
from merchants.checkout.answering import answer
from merchants.checkout.api import schemas
from merchants.checkout.api.rehearsal import numbered, rehearsed
from merchants.checkout.call import Call, channel_of
from merchants.checkout.queries import find_sale, verdict_of
from merchants.checkout.refusals import SaleUnknown
from merchants.contract import Problem
from merchants.magic import TEST
from merchants.sandboxes import around
from okplatform.kernel import clock, idempotency
from okplatform.kernel.api.once import HEADER, KEY_SCHEMA
from okplatform.kernel.api.renderers import JsonAnswer
from okplatform.kernel.api.views import ApiView
from okplatform.kernel.errors import Refusal
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.actions.use_api_key import recall_api_key
from okplatform.parties.api.authentication import (
    ApiKeyAuthentication,
    TillSessionAuthentication,
    sign_in_anew,
    till_of,
)
from okplatform.parties.api.permissions import ScopeMissing
from okplatform.parties.queries import key_stands
from okplatform.parties.scopes import Scope
from okplatform.parties.tills import SignInOutdatedError
from okplatform.trade.facts import SaleKey
from okplatform.web.waiting import LONGEST_SECONDS, may_wait, not_yet

PROBLEM = OpenApiResponse(Problem, "Refused: branch on `code`, show `detail`.")
SALE = OpenApiResponse(schemas.SaleAnswer, "The sale as it stands: follow `verdict`.")
IDEMPOTENCY_KEY = OpenApiParameter(
    HEADER,
    KEY_SCHEMA,
    OpenApiParameter.HEADER,
    description="Optional here: the sale's UUID already makes a repeat harmless.",
)


WAIT = OpenApiParameter(
    "wait",
    {"type": "integer", "minimum": 0, "maximum": LONGEST_SECONDS},
    description="While the shopper is asked on the phone: answer when that has ended, or after so"
    " many seconds. Ask again until the verdict is no longer `still_open`; where an answer came at"
    " once, after two seconds.",
)


class WaitMalformed(Refusal):
    """``wait`` is no number of seconds that a till may wait."""

    code = "wait_malformed"
    status = 422
    sentence = _("The seconds to wait must be a whole number up to {longest}.")


def _wait(request: Request) -> int:
    """Return how many seconds the till would wait for news."""
    said = request.query_params.get("wait", "0")
    if not (said.isascii() and said.isdigit() and int(said) <= LONGEST_SECONDS):
        raise WaitMalformed(longest=LONGEST_SECONDS)
    return int(said)


def until_magic(call: Call) -> int:
    """Let a test person's phone answer; return for how many seconds a till may wait for it."""
    at = answer_by_magic(call=call)
    return LONGEST_SECONDS if at is None else max(1, ceil((at - call.now).total_seconds()))


class SaleEndpoint(ApiView):
    """What every address about one sale shares."""

    authentication_classes = (ApiKeyAuthentication, TillSessionAuthentication)

    signed_in: Call | None = None
    owner: str | None = None
    """Whose Idempotency-Keys count together, where the sandbox says so."""

    def call(self, request: Request, uuid: UUID) -> Call:
        """Return who calls about which sale, and when."""
        till, now = till_of(request), clock.now()
        if till.mode == TEST:
            here = around(till)
            here.check_sale(uuid)
            till, now, self.owner = here.till, here.now, here.owner
        self.signed_in = Call(till=till, key=SaleKey(till.merchant_id, till.mode, uuid), now=now)
        return self.signed_in

    def problem_facts(self, error: Exception) -> dict[str, Any]:
        """Say with every refusal how the sale stands, so that a till never has to guess.

        Not when PostgreSQL failed: it may be out, or still writing what was sent to it before. The
        till then has no verdict and asks again, as after silence.
        """
        if self.signed_in is None or isinstance(error, DatabaseFailure):
            return {}
        remembered = self.signed_in.till.remembered
        if remembered is not None and not key_stands(remembered):
            return {}
        with merchant_scope(self.signed_in.key.merchant_id):
            return {"verdict": verdict_of(self.signed_in.key)}


class SaleView(SaleEndpoint):
    """Quote, pay, look up or give up one sale."""

    required_scope = Scope.SALES_WRITE
    reading_scope = Scope.SALES_READ

    @override
    def get_authenticators(self) -> list[BaseAuthentication]:
        """Sign in from memory for what asks PostgreSQL for proof: ``pricing.look`` does."""
        if getattr(self.request, "method", None) == "PUT":
            return [ApiKeyAuthentication(recall_api_key), TillSessionAuthentication()]
        return super().get_authenticators()

    @extend_schema(
        operation_id="put_sale",
        summary="Quote a basket, or sell it in one call",
        request=schemas.SaleBody,
        responses={200: SALE, "4XX": PROBLEM},
    )
    def put(self, request: Request, uuid: UUID) -> JsonAnswer:
        """Send the basket at a revision; with ``payment`` it is paid at once."""
        try:
            return self._put(request, uuid)
        except SignInOutdatedError:
            sign_in_anew(request)
            self.check_permissions(request)
            return self._put(request, uuid)

    def _put(self, request: Request, uuid: UUID) -> JsonAnswer:
        call = self.call(request, uuid)
        body = self.body(request, schemas.SaleBody)
        basket = numbered(call, body.basket(language=call.till.language))
        with merchant_scope(call.key.merchant_id):
            if body.payment is None:
                return JsonAnswer(answer(call=call, outcome=quote_sale(call=call, basket=basket)))
            if Scope.PAYMENTS_WRITE not in call.till.scopes:
                raise ScopeMissing(scope=Scope.PAYMENTS_WRITE.value)
            ring = partial(ring_up, call=call, basket=basket, asked=body.payment.asked())
            if call.key.mode == TEST:
                return rehearsed(request, call, gross=basket.gross, pay=ring)
            outcome = ring()
            return JsonAnswer(answer(call=call, outcome=outcome))

    @extend_schema(
        operation_id="get_sale",
        summary="Ask for the verdict",
        parameters=[WAIT],
        responses={200: SALE, "4XX": PROBLEM},
    )
    def get(self, request: Request, uuid: UUID) -> HttpResponse:
        """Return the sale as it stands; 404 says that it never arrived: send it again."""
        wait = _wait(request)
        call = self.call(request, uuid)
        with merchant_scope(call.key.merchant_id):
            wait = min(wait, until_magic(call))
            found = look_up(call=call)
            if wait and found.is_waiting and may_wait(request):
                return not_yet(channel=channel_of(call.key), seconds=wait)
            return JsonAnswer(answer(call=call, outcome=found))

    @extend_schema(
        operation_id="delete_sale",
        summary="Give the sale up",
        responses={200: SALE, "4XX": PROBLEM},
    )
    def delete(self, request: Request, uuid: UUID) -> JsonAnswer:
        """Cancel it, known or not; a late original can never pay. 409 when it was paid."""
        call = self.call(request, uuid)
        cancel_sale(call=call)
        with merchant_scope(call.key.merchant_id):
            found = find_sale(call.key)
            if found is None:
                raise SaleUnknown
            return JsonAnswer(answer(call=call, outcome=found))


class PaymentView(SaleEndpoint):
    """Pay a quoted sale."""

    required_scope = Scope.PAYMENTS_WRITE

    @extend_schema(
        operation_id="create_payment",
        summary="Pay the quoted sale",
        parameters=[IDEMPOTENCY_KEY],
        request=schemas.SalePaymentBody,
        responses={200: SALE, "4XX": PROBLEM},
    )
    def post(self, request: Request, uuid: UUID) -> JsonAnswer:
        """Close the sale with these tenders, at the price that was shown."""
        call = self.call(request, uuid)
        body = self.body(request, schemas.SalePaymentBody)
        with merchant_scope(call.key.merchant_id):
            if call.key.mode == TEST:
                quoted = find_sale(call.key)
                pay = partial(self._once, request, call, body)
                return rehearsed(request, call, gross=quoted.gross if quoted else 0, pay=pay)
            outcome = self._once(request, call, body)
            return JsonAnswer(answer(call=call, outcome=outcome))

    def _once(self, request: Request, call: Call, body: schemas.SalePaymentBody) -> Any:
        """Decide under the Idempotency-Key, if the till sent one."""
        key = request.headers.get(HEADER)
        claim = key is not None and idempotency.claim(
            owner=self.owner or f"{call.key.merchant_id}:{call.key.mode}",
            key=key,
            body_hash=self.body_hash(request),
            now=call.now,
        )
        if isinstance(claim, idempotency.Decision):
            return find_sale(call.key)
        try:
            return pay_sale(
                call=call, revision=body.revision, asked=body.asked(), claim=claim or None
            )
        except Exception:
            # Whatever it was, nothing was decided: the till's next try may use the key.
            if claim:
                claim.release()
            raise
