"""The sandbox: what a test person's phone would show and answer. Never for a live person."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from merchants.checkout.actions.answer_for_test_person import answer_for_test_person
from merchants.checkout.actions.issue_magic_code import issue_magic_code
from merchants.checkout.answering import answer
from merchants.checkout.api import schemas
from merchants.checkout.api.views import PROBLEM, SALE, SaleEndpoint
from merchants.sandboxes import around
from okplatform.kernel import clock
from okplatform.kernel.api.renderers import JsonAnswer
from okplatform.kernel.api.views import ApiView
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.api.authentication import (
    ApiKeyAuthentication,
    TillSessionAuthentication,
    till_of,
)
from okplatform.parties.scopes import Scope


class TestCodeView(ApiView):
    """A code to test with."""

    authentication_classes = (ApiKeyAuthentication, TillSessionAuthentication)
    required_scope = Scope.TEST_CODES

    @extend_schema(
        operation_id="create_test_code",
        summary="Get a wallet code of a test person",
        request=schemas.TestCodeBody,
        responses={201: schemas.TestCodeAnswer, "4XX": PROBLEM},
    )
    def post(self, request: Request) -> JsonAnswer:
        """Return what a test person's phone could show now; never for a live person."""
        here = around(till_of(request))
        body = self.body(request, schemas.TestCodeBody)
        issued = issue_magic_code(
            till=here.till,
            email=body.person,
            situation=body.situation,
            epoch=here.epoch,
            now=here.now,
            wall=clock.now(),
        )
        return JsonAnswer(
            {"code": issued.code, "valid_until": issued.expires_at.isoformat()}, status=201
        )


class TestConfirmationView(SaleEndpoint):
    """A test person's answer on the phone."""

    required_scope = Scope.TEST_CODES

    @extend_schema(
        operation_id="create_test_confirmation",
        summary="Say yes or no for a test person",
        request=schemas.TestConfirmationBody,
        responses={200: SALE, "4XX": PROBLEM},
    )
    def post(self, request: Request, uuid: UUID) -> JsonAnswer:
        """Answer what a test sale asks; from there on all is as with a real phone."""
        call = self.call(request, uuid)
        body = self.body(request, schemas.TestConfirmationBody)
        with merchant_scope(call.key.merchant_id):
            found = answer_for_test_person(call=call, is_yes=body.answer == "yes")
            return JsonAnswer(answer(call=call, outcome=found))
