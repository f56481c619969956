"""A cashier at the training till, by the calls that its page makes."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.test import Client
from rest_framework.test import APIClient

from okplatform.parties.models import Person
from tests.support.counter import basket, paying
from tests.support.world import Place

SHOPPER = "membertraining1@sandbox.test"


@dataclass
class Trainee:
    """Somebody signed in, at a till of theirs; ``is_training`` says what their page says."""

    person: Person
    place: Place
    is_training: bool = True
    browser: Client = field(default_factory=Client)

    def __post_init__(self) -> None:
        self.api = APIClient(enforce_csrf_checks=False)
        for client in (self.browser, self.api):
            client.force_login(self.person)
            client.cookies["django_language"] = "en"
        for client in (self.browser, self.api):
            client.post("/till/choice/", {"terminal": self.place.terminal.pk})

    def call(self, method: str, address: str, body: Any = None) -> Any:
        headers = {"HTTP_OK_TRAINING": "1"} if self.is_training else {}
        send = getattr(self.api, method.lower())
        return send(f"/api/v1/{address}", body, format="json", **headers)

    def sell(self, *lines: dict[str, Any], kind: str = "pin", **other: Any) -> Any:
        body = basket(*lines, payment=paying(kind), language="en", **other)
        return self.call("PUT", f"sales/{uuid4()}", body)

    def code(self, **said: Any) -> Any:
        return self.call("POST", "test/wallet-codes", {"person": SHOPPER, **said})

    def shown(self) -> str:
        return str(self.code().json()["code"])

    def give_back(self, sale: str, number: int = 1, quantity: int = 1) -> Any:
        lines = [{"number": number, "quantity": quantity}]
        return self.call(
            "POST",
            f"sales/{sale}/refunds",
            {"uuid": str(uuid4()), "lines": lines, "language": "en"},
        )

    def begin(self, scenario: str, **said: Any) -> Any:
        return self.browser.post("/till/training/runs/", {"scenario": scenario, **said})

    def done(self, run: str | UUID) -> Any:
        return self.browser.post(f"/till/training/runs/{run}/")
