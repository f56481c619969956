from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from okplatform.kernel import clock
from tests.loyalty.bakery import Bakery
from tests.support.counter import Counter, basket, paying, with_bank_account
from tests.support.phone import Phone
from tests.support.world import Place

ANNA = "anna@sandbox.test"


@dataclass
class Box:
    """A vendor at one till of a merchant, with its test key."""

    place: Place
    till: Counter = field(init=False)

    def __post_init__(self) -> None:
        self.till = Counter(self.place, self.place.test_key)

    def moved_to(self, moment: datetime) -> Any:
        said = {"now": moment.isoformat()}
        return self.till.client.put("/api/v1/test/clock", said, format="json")

    def moved(self, **by: int) -> datetime:
        """Move the clock from where it stands."""
        said = self.moved_to(self.now + timedelta(**by))
        assert said.status_code == 200, said.json()
        return datetime.fromisoformat(said.json()["now"])

    def reset(self, epoch: int = 0) -> Any:
        return self.till.client.post("/api/v1/test/reset", {"epoch": epoch}, format="json")

    @property
    def state(self) -> dict[str, Any]:
        return dict(self.till.client.get("/api/v1/test/clock").json())

    @property
    def now(self) -> datetime:
        return datetime.fromisoformat(self.state["now"]).astimezone(UTC)

    def asked(self, person: str = ANNA, **other: str) -> Any:
        said = {"person": person, **other}
        return self.till.client.post("/api/v1/test/wallet-codes", said, format="json")

    def code(self, person: str = ANNA) -> str:
        said = self.asked(person)
        assert said.status_code == 201, said.json()
        return str(said.json()["code"])

    def sold(self, uuid: UUID | None = None, amount: int = 0, **other: Any) -> Any:
        """Sell bread and coffee to Anna, or something of this amount."""
        goods = [priced(amount)] if amount else []
        body = basket(*goods, payment=paying(), code=self.code(), **other)
        return self.till.put(uuid or uuid4(), body)


def priced(amount: int) -> dict[str, Any]:
    return {"sku": "x", "name": "Iets", "quantity": 1, "unit_price": amount, "vat_rate": 900}


@pytest.fixture
def box(bakery: Bakery) -> Box:
    """The bakery's sandbox."""
    return Box(bakery.world.till)


@pytest.fixture
def webshop(bakery: Bakery) -> Box:
    """The sandbox of Boekhandel Kramer, at its webshop."""
    return Box(bakery.world.webshop)


@pytest.fixture
def phone(bakery: Bakery) -> Phone:
    """Alice's, live."""
    return with_bank_account(bakery.world.alice)


@pytest.fixture
def neighbour(bakery: Bakery) -> Box:
    """The sandbox of Kaashuis Charlie, which is none of the bakery's business."""
    return Box(bakery.world.gouda)


def wall() -> datetime:
    return clock.now()
