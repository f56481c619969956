"""Reads of a chain's own loyalty system, and of the sales it is told of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from loyalty.connector import pseudonym
from loyalty.models import Connector
from okplatform.kernel import db

# The consent is looked at when it is told: who has withdrawn it meanwhile is nobody there.
CONNECTED = """
SELECT told.sale_id, sale.uuid, sale.reference, store.reference, sale.currency, sale.gross,
    sale.discount, sale.due, sale.closed_at, told.state, told.given, connector.salt, told.member_id,
    EXISTS (SELECT FROM wallet_consent consent
        WHERE consent.person_id = member.person_id AND consent.merchant_id = told.merchant_id
            AND consent.purpose = 'recognition' AND consent.withdrawn_at IS NULL)
FROM loyalty_connected_sale told
JOIN trade_sale sale ON sale.id = told.sale_id
JOIN parties_store store ON store.id = sale.store_id
JOIN loyalty_connector connector ON connector.id = told.connector_id
JOIN loyalty_member member ON member.id = told.member_id
WHERE told.sale_id = ANY(%s)
"""

KNOWN = """
SELECT DISTINCT told.member_id, connector.name, connector.salt
FROM loyalty_connected_sale told
JOIN loyalty_connector connector ON connector.id = told.connector_id
WHERE told.member_id = ANY(%s) ORDER BY told.member_id
"""


@dataclass(frozen=True, slots=True)
class ConnectedFacts:
    """A sale as another loyalty system is told of it, amounts in minor units.

    ``member`` is its pseudonym there, None where the person no longer lets anybody recognise them.
    """

    member: str | None
    sale: str
    reference: str
    store: str
    currency: str
    gross: int
    discount: int
    due: int
    closed_at: datetime
    state: str
    given: int


def connected_sales(sale_ids: Sequence[int]) -> Mapping[int, ConnectedFacts]:
    """Return those of these sales that another system is told of, of whatever merchant."""
    found = {}
    for sale_id, uuid, *facts, salt, member_id, is_allowed in db.call(CONNECTED, [list(sale_ids)]):
        member = pseudonym(bytes(salt), member_id) if is_allowed else None
        found[sale_id] = ConnectedFacts(member, str(uuid), *facts)
    return found


def pseudonyms_of(member_ids: Sequence[int]) -> list[tuple[int, str, str]]:
    """Return by what other systems know these members: member, the system's name, pseudonym."""
    return [
        (member_id, name, pseudonym(bytes(salt), member_id))
        for member_id, name, salt in db.call(KNOWN, [list(member_ids)])
    ]


def connector_of(mode: str) -> Connector | None:
    """Return the other system of the merchant in scope."""
    found: Connector | None = Connector.objects.filter(mode=mode).first()
    return found
