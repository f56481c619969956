"""A shop's counter: the till's API as a cashier's software calls it, and the shoppers before it."""

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from rest_framework.test import APIClient

from loyalty.actions.join_programme import join_programme
from okplatform.kernel import clock, relay
from okplatform.kernel.audit import SYSTEM
from okplatform.parties.models import Person
from tests.support.accounts import ready
from tests.support.phone import Phone
from tests.support.world import NOW, Place
from wallet.actions.grant_consent import grant_consent
from wallet.consent_texts import CURRENT_VERSION

BREAD = {"sku": "desem", "name": "Desembrood", "quantity": 2, "unit_price": 420, "vat_rate": 900}
COFFEE = {"sku": "koffie", "name": "Koffie", "quantity": 1, "unit_price": 260, "vat_rate": 900}
IBANS = ("NL91ABNA0417164300", "NL20INGB0001234567", "NL44RABO0123456789")


def basket(*lines: dict[str, Any], **other: Any) -> dict[str, Any]:
    """Return a basket of bread and coffee, € 11.00, or of these lines."""
    return {
        "revision": 1,
        "currency": "EUR",
        "lines": deepcopy(list(lines) or [BREAD, COFFEE]),
        **other,
    }


def paying(*tenders: str | dict[str, Any]) -> dict[str, Any]:
    """Return the payment part of a call; OK pays everything unless said otherwise."""
    asked = tenders or ("ok",)
    return {"tenders": [{"kind": one} if isinstance(one, str) else one for one in asked]}


@dataclass
class Counter:
    """One till and what it sends."""

    place: Place
    key: str
    client: APIClient = field(default_factory=APIClient)

    def __post_init__(self) -> None:
        self.client.credentials(HTTP_AUTHORIZATION=f"Bearer {self.key}")

    def put(self, uuid: UUID, body: Any, **headers: Any) -> Any:
        return self.client.put(f"/api/v1/sales/{uuid}", body, format="json", **headers)

    def pay(self, uuid: UUID, body: Any, **headers: Any) -> Any:
        return self.client.post(f"/api/v1/sales/{uuid}/payment", body, format="json", **headers)

    def get(self, uuid: UUID) -> Any:
        return self.client.get(f"/api/v1/sales/{uuid}")

    def delete(self, uuid: UUID) -> Any:
        return self.client.delete(f"/api/v1/sales/{uuid}")

    def unsettled(self, **said: Any) -> Any:
        return self.client.get("/api/v1/unsettled-sales", said)

    def shift(self, uuid: UUID, state: str, **said: Any) -> Any:
        body = {"state": state, "language": "en", **said}
        return self.client.put(f"/api/v1/shifts/{uuid}", body, format="json")

    def shift_of(self, uuid: UUID, **said: Any) -> Any:
        return self.client.get(f"/api/v1/shifts/{uuid}", {"language": "en", **said})

    def sell(self, phone: "Phone | None" = None, *lines: dict[str, Any], **other: Any) -> Any:
        """Sell in one call: with OK if there is a phone, else by PIN card."""
        body = basket(*lines, payment=paying("ok" if phone else "pin"), **other)
        if phone is not None:
            body["code"] = show(phone)
        return self.put(uuid4(), body)


def show(phone: Phone) -> str:
    """Return a fresh code on this phone; the next call shows the next handle."""
    code = phone.shows(clock.now())
    phone.handles.append(phone.handles.pop(0))
    return code


def with_bank_account(person: Person) -> Phone:
    """Give a shopper a bank account that is ready, and a phone that pays from it."""
    iban = IBANS[person.pk % len(IBANS)]
    return Phone.of(person, now=NOW, funding_ref=ready(person, iban).pk)


def join(person: Person, programme_id: int) -> None:
    """Make a shopper a member."""
    join_programme(
        programme_id=programme_id, person_id=person.pk, terms_version=1, actor=SYSTEM, now=NOW
    )


def let_know(person: Person, place: Place) -> None:
    """Let the shop know the shopper's name."""
    grant_consent(
        person_id=person.pk,
        merchant_id=place.merchant.pk,
        purpose="identity",
        text_version=CURRENT_VERSION["identity"],
        language="nl",
        actor=SYSTEM,
        now=NOW,
    )


def settle_events() -> int:
    """Let every handler act, as the worker would."""
    return relay.drain(now=clock.now())
