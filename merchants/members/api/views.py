"""Proofs: a till asks one thing about whoever stands there, and hears yes, no, or check the ID."""

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request

from merchants.contract import Problem
from merchants.members.api import schemas
from merchants.members.sentences import sentence_for
from merchants.sandboxes import around
from okplatform.kernel.api.renderers import JsonAnswer
from okplatform.kernel.api.views import ApiView
from okplatform.kernel.tenancy import merchant_scope
from okplatform.parties.api.authentication import till_of
from okplatform.parties.queries import find_store
from okplatform.parties.scopes import Scope
from wallet.actions.answer_proof import answer_proof
from wallet.actions.identify import identify
from wallet.models import Claim

PROBLEM = OpenApiResponse(Problem, "Refused: branch on `code`, show `detail`.")
ANSWER = OpenApiResponse(schemas.ProofCheckAnswer, "Yes, no, or check the ID.")


class ProofChecksView(ApiView):
    """Ask what a customer offers to prove. A repeat within their two minutes is harmless."""

    required_scope = Scope.PROOFS_READ

    @extend_schema(
        operation_id="create_proof_check",
        summary="Ask whether a customer is 18 or a student",
        request=schemas.ProofCheckBody,
        responses={200: ANSWER, "4XX": PROBLEM},
    )
    def post(self, request: Request) -> JsonAnswer:
        """Answer without saying who it is; the code stays good for the sale."""
        here = around(till_of(request))
        till, now = here.till, here.now
        body = self.body(request, schemas.ProofCheckBody)
        with merchant_scope(till.merchant_id):
            place = find_store(till, body.store, body.terminal)
            where = (place.store_reference, place.terminal_reference)
            person_id = identify(
                code=body.code,
                merchant_id=till.merchant_id,
                till_key=f"{till.key_id}/{body.terminal or till.terminal_reference}",
                mode=till.mode,
                now=now,
            )
            answer = answer_proof(
                person_id=person_id,
                merchant_id=till.merchant_id,
                claim=Claim(body.claim),
                asked_by=" · ".join(name for name in where if name),
                now=now,
                actor=till.actor,
            )
        return JsonAnswer(
            {"claim": body.claim, "answer": answer, "sentence": sentence_for(answer, till.language)}
        )
