from datetime import UTC, datetime

import pytest

from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.modes import Mode
from okplatform.parties.actions.create_merchant import create_merchant
from okplatform.parties.actions.create_person import create_person
from okplatform.parties.actions.open_store import open_store
from okplatform.parties.models import Merchant, Person, Store
from tests.support.phone import Phone

NOON = datetime(2026, 11, 21, 12, 0, 5, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOON


@pytest.fixture
def alice(db: None) -> Person:
    return create_person(email="alice@example.com", name="Alice de Wit", actor=SYSTEM)


@pytest.fixture
def bob(db: None) -> Person:
    return create_person(email="bob@example.com", name="Bob Prins", actor=SYSTEM)


@pytest.fixture
def tess(db: None) -> Person:
    """Tess is a test person."""
    return create_person(email="tess@example.com", name="Tess", mode=Mode.TEST, actor=SYSTEM)


def _merchant(reference: str, name: str, kvk: str) -> Merchant:
    return create_merchant(
        reference=reference,
        name=name,
        kvk=kvk,
        vat_number="NL004495445B01",
        iban="NL91ABNA0417164300",
        actor=SYSTEM,
    )


@pytest.fixture
def bakery(db: None) -> Merchant:
    return _merchant("bol", "Bakkerij Bol", "12345678")


@pytest.fixture
def bookshop(db: None) -> Merchant:
    return _merchant("kramer", "Boekhandel Kramer", "87654321")


@pytest.fixture
def phone(alice: Person, now: datetime) -> Phone:
    """Alice's phone."""
    return Phone.of(alice, now=now)


@pytest.fixture
def utrecht(bakery: Merchant) -> Store:
    """The bakery's store."""
    return open_store(
        merchant_id=bakery.pk, reference="utrecht", name="Oudegracht", city="Utrecht", actor=SYSTEM
    )
