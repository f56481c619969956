"""The desk where things come back: what a till sends when a customer brings something."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from rest_framework.test import APIClient

from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.scopes import TILL_SCOPES, Scope
from okplatform.trade.models import Return
from payments.models import Refund
from tests.support.world import Place

REFUNDING = {*TILL_SCOPES, Scope.REFUNDS_WRITE}


@dataclass
class Desk:
    """A till with a key that may give back."""

    place: Place
    mode: str = Mode.LIVE
    client: APIClient = field(default_factory=APIClient)

    def __post_init__(self) -> None:
        key = self.place.issue_key(mode=self.mode, scopes=REFUNDING).text
        self.client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")

    def refund(self, sale: UUID | str, *, uuid: UUID | None = None, **asked: Any) -> Any:
        """Give back ``lines`` ((number, quantity) or a whole body) or an ``amount``."""
        headers = asked.pop("headers", {})
        lines = asked.pop("lines", None)
        if lines is not None:
            asked["lines"] = [
                one if isinstance(one, dict) else {"number": one[0], "quantity": one[1]}
                for one in lines
            ]
        body = {"uuid": str(uuid or uuid4()), **asked}
        return self.client.post(f"/api/v1/sales/{sale}/refunds", body, format="json", **headers)

    def refunds(self, sale: UUID | str) -> Any:
        return self.client.get(f"/api/v1/sales/{sale}/refunds")


def returns() -> list[Return]:
    with operator_scope("the test looks"):
        return list(Return.objects.order_by("pk"))


def money_back() -> list[Refund]:
    with operator_scope("the test looks"):
        return list(Refund.objects.order_by("pk"))
