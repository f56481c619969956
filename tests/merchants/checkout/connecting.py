"""A bakery that names its chain's own loyalty system, and who lets herself be recognised there."""

from typing import Any

from loyalty.actions.put_connector import put_connector
from loyalty.models import Connector
from okplatform.kernel.audit import SYSTEM
from okplatform.kernel.modes import Mode
from okplatform.kernel.tenancy import operator_scope
from okplatform.parties.models import Person
from tests.loyalty.bakery import Bakery
from tests.support.chain import Chain
from tests.support.world import NOW
from wallet.actions.grant_consent import grant_consent
from wallet.consent_texts import CURRENT_VERSION


def connect(bakery: Bakery, chain: Chain, **other: Any) -> None:
    """Let the bakery name its system; a second, because the machine that tests is busy."""
    said = {"name": "De Club", "url": chain.url, "limit_ms": 1_000, **other}
    secret = put_connector(
        merchant_id=bakery.merchant_id, mode=Mode.LIVE, now=NOW, actor=SYSTEM, **said
    )
    chain.secret = secret or chain.secret


def recognise(person: Person, bakery: Bakery) -> None:
    grant_consent(
        person_id=person.pk,
        merchant_id=bakery.merchant_id,
        purpose="recognition",
        text_version=CURRENT_VERSION["recognition"],
        language="nl",
        actor=SYSTEM,
        now=NOW,
    )


def row() -> Connector:
    with operator_scope("the test looks"):
        found: Connector = Connector.objects.get()
        return found
