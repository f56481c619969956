"""The API of webshops: online payments, and payment links."""

from datetime import datetime
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from merchants.checkout.actions.cancel_payment import cancel_payment
from merchants.checkout.actions.capture_payment import capture_payment
from merchants.checkout.actions.close_link import close_link
from merchants.checkout.actions.create_link import create_link
from merchants.checkout.actions.create_payment import create_payment
from merchants.checkout.api import online_schemas as schemas
from merchants.checkout.online import PaymentUnknown
from merchants.checkout.online_answers import link_answers, payment_answer
from merchants.checkout.queries import find_link, find_payment, links_of, payments_of
from merchants.checkout.refusals import LinkUnknown
from merchants.contract import Problem
from merchants.models import OnlinePayment, PaymentLink
from merchants.sandboxes import Around, around
from okplatform.kernel.api.cursors import MOST, USUAL, page
from okplatform.kernel.api.once import HEADER, KEY_SCHEMA, once
from okplatform.kernel.api.renderers import JsonAnswer
from okplatform.kernel.api.views import ApiView
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.api.authentication import till_of
from okplatform.parties.scopes import Scope
from okplatform.parties.tills import Till

PROBLEM = OpenApiResponse(Problem, "Refused: branch on `code`, show `detail`.")
PAYMENT = OpenApiResponse(schemas.OnlinePaymentAnswer, "The payment as it stands.")
LINK = OpenApiResponse(schemas.LinkAnswer, "The link as it stands.")
IDEMPOTENCY_KEY = OpenApiParameter(
    HEADER,
    KEY_SCHEMA,
    OpenApiParameter.HEADER,
    required=True,
    description="Any text of your own, up to 255 characters; the same one repeats the answer.",
)
PAGES = [
    OpenApiParameter("cursor", str, description="`next_cursor` of the page before."),
    OpenApiParameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL},
        description=f"How many, 1 to {MOST}; {USUAL} unless it says.",
    ),
]


class WebshopView(ApiView):
    """What every address of a webshop shares."""

    required_scope = Scope.PAYMENTS_WRITE
    reading_scope = Scope.SALES_READ

    def decide(self, request: Request, here: Around, **how: Any) -> Any:
        """Decide once under the Idempotency-Key; see ``once``."""
        return once(
            request,
            owner=here.owner,
            body_hash=self.body_hash(request),
            now=here.now,
            **how,
        )


def _payment(here: Around, uuid: UUID | str) -> OnlinePayment:
    till = here.till
    found = find_payment(mode=till.mode, uuid=UUID(str(uuid)), store_id=till.store_id)
    if found is None or found.pk <= here.after_payment:
        raise PaymentUnknown
    return found


def _link(here: Around, uuid: UUID | str) -> PaymentLink:
    till = here.till
    found = find_link(mode=till.mode, uuid=UUID(str(uuid)), store_id=till.store_id)
    if found is None or found.pk <= here.after_link:
        raise LinkUnknown
    return found


def _link_answer(till: Till, link: PaymentLink, now: datetime) -> dict[str, Any]:
    return link_answers([link], merchant=till.merchant_name, now=now)[0]


class OnlinePaymentsView(WebshopView):
    """Ask for a payment, or list them."""

    @extend_schema(
        operation_id="create_online_payment",
        summary="Ask a shopper to pay online",
        parameters=[IDEMPOTENCY_KEY],
        request=schemas.OnlinePaymentBody,
        responses={201: PAYMENT, "4XX": PROBLEM},
    )
    def post(self, request: Request) -> JsonAnswer:
        """Make an online payment; send the shopper to `page`, and ask for its state afterwards."""
        here = around(till_of(request))
        till, now = here.till, here.now
        body = self.body(request, schemas.OnlinePaymentBody)
        with merchant_scope(till.merchant_id):
            payment = self.decide(
                request,
                here,
                decide=lambda claim: create_payment(
                    till=till, request=body.asked(language=till.language), now=now, claim=claim
                ),
                repeat=lambda decision: _payment(here, decision.facts["id"]),
            )
            return JsonAnswer(payment_answer(payment, now=now), status=201)

    @extend_schema(
        operation_id="list_online_payments",
        summary="List online payments",
        parameters=PAGES,
        responses={200: schemas.OnlinePaymentsAnswer, "4XX": PROBLEM},
    )
    def get(self, request: Request) -> JsonAnswer:
        """Return a page of payments, the newest first."""
        here = around(till_of(request))
        till, now = here.till, here.now
        with merchant_scope(till.merchant_id):
            rows = payments_of(mode=till.mode, store_id=till.store_id)
            rows = rows.filter(pk__gt=here.after_payment)
            found = page(request, rows)
            payments = [payment_answer(payment, now=now) for payment in found.rows]
            return JsonAnswer({"payments": payments, "next_cursor": found.next_cursor})


class OnlinePaymentView(WebshopView):
    """One payment."""

    @extend_schema(
        operation_id="get_online_payment",
        summary="Ask what became of a payment",
        responses={200: PAYMENT, "4XX": PROBLEM},
    )
    def get(self, request: Request, uuid: UUID) -> JsonAnswer:
        """Return the payment as it stands: the only proof that somebody paid."""
        here = around(till_of(request))
        with merchant_scope(here.till.merchant_id):
            return JsonAnswer(payment_answer(_payment(here, uuid), now=here.now))


class CapturesView(WebshopView):
    """Capture what a shopper has authorised."""

    @extend_schema(
        operation_id="capture_online_payment",
        summary="Capture an authorised payment, whole or in parts",
        parameters=[IDEMPOTENCY_KEY],
        request=schemas.CaptureBody,
        responses={201: PAYMENT, "4XX": PROBLEM},
    )
    def post(self, request: Request, uuid: UUID) -> JsonAnswer:
        """Take a part, or all that is left; the sale closes with the last part."""
        here = around(till_of(request))
        till, now = here.till, here.now
        body = self.body(request, schemas.CaptureBody)
        with merchant_scope(till.merchant_id):
            payment = _payment(here, uuid)
            self.decide(
                request,
                here,
                decide=lambda claim: capture_payment(
                    payment=payment, amount=body.amount, now=now, actor=till.actor, claim=claim
                ),
                repeat=lambda _decision: None,
            )
            return JsonAnswer(payment_answer(_payment(here, uuid), now=now), status=201)


class CancellationView(WebshopView):
    """Give a payment up."""

    @extend_schema(
        operation_id="cancel_online_payment",
        summary="Cancel a payment, or release what was not captured",
        parameters=[IDEMPOTENCY_KEY],
        request=None,
        responses={200: PAYMENT, "4XX": PROBLEM},
    )
    def post(self, request: Request, uuid: UUID) -> JsonAnswer:
        """Nobody can pay it any more; what was captured in part stays, and its sale closes."""
        here = around(till_of(request))
        till, now = here.till, here.now
        with merchant_scope(till.merchant_id):
            payment = _payment(here, uuid)
            self.decide(
                request,
                here,
                decide=lambda claim: cancel_payment(
                    payment=payment, now=now, actor=till.actor, claim=claim
                ),
                repeat=lambda _decision: None,
            )
            return JsonAnswer(payment_answer(_payment(here, uuid), now=now))


class LinksView(WebshopView):
    """Make a payment link, or list them."""

    @extend_schema(
        operation_id="create_payment_link",
        summary="Make a payment link",
        parameters=[IDEMPOTENCY_KEY],
        request=schemas.LinkBody,
        responses={201: LINK, "4XX": PROBLEM},
    )
    def post(self, request: Request) -> JsonAnswer:
        """Make a link; send its address, a QR code of it, or one of its texts."""
        here = around(till_of(request))
        till, now = here.till, here.now
        body = self.body(request, schemas.LinkBody)
        with merchant_scope(till.merchant_id):
            link = self.decide(
                request,
                here,
                decide=lambda claim: create_link(
                    till=till, terms=body.terms(), now=now, claim=claim
                ),
                repeat=lambda decision: _link(here, decision.facts["id"]),
            )
            return JsonAnswer(_link_answer(till, link, now), status=201)

    @extend_schema(
        operation_id="list_payment_links",
        summary="List payment links",
        parameters=PAGES,
        responses={200: schemas.LinksAnswer, "4XX": PROBLEM},
    )
    def get(self, request: Request) -> JsonAnswer:
        """Return a page of links, the newest first, each with what was paid by it."""
        here = around(till_of(request))
        till, now = here.till, here.now
        with merchant_scope(till.merchant_id):
            rows = links_of(mode=till.mode, store_id=till.store_id)
            found = page(request, rows.filter(pk__gt=here.after_link))
            links = link_answers(found.rows, merchant=till.merchant_name, now=now)
            return JsonAnswer({"links": links, "next_cursor": found.next_cursor})


class LinkView(WebshopView):
    """One payment link."""

    @extend_schema(
        operation_id="get_payment_link",
        summary="Look at a payment link",
        responses={200: LINK, "4XX": PROBLEM},
    )
    def get(self, request: Request, uuid: UUID) -> JsonAnswer:
        """Return the link with what was paid by it."""
        here = around(till_of(request))
        till, now = here.till, here.now
        with merchant_scope(till.merchant_id):
            return JsonAnswer(_link_answer(till, _link(here, uuid), now))


class LinkClosureView(WebshopView):
    """Close a payment link."""

    @extend_schema(
        operation_id="close_payment_link",
        summary="Close a payment link",
        parameters=[IDEMPOTENCY_KEY],
        request=None,
        responses={200: LINK, "4XX": PROBLEM},
    )
    def post(self, request: Request, uuid: UUID) -> JsonAnswer:
        """Nobody can begin to pay by it any more."""
        here = around(till_of(request))
        till, now = here.till, here.now
        with merchant_scope(till.merchant_id):
            link = _link(here, uuid)
            self.decide(
                request,
                here,
                decide=lambda claim: close_link(link=link, now=now, actor=till.actor, claim=claim),
                repeat=lambda _decision: None,
            )
            return JsonAnswer(_link_answer(till, _link(here, uuid), now))
