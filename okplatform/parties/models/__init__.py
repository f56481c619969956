"""Who takes part: people, merchants with stores and tills, and the keys tills sign in with.

No row is reached from its parent (``related_name="+"``), here or in trade: such a join would pass
by the merchant's scope unnoticed.
"""

from okplatform.parties.models.api_key import (
    OVERLAP,
    ApiKey,
    Partner,
    PartnerGrant,
    PartnerKey,
    RefundCount,
)
from okplatform.parties.models.browser_session import BrowserSession
from okplatform.parties.models.membership import Membership, Role
from okplatform.parties.models.merchant import Channel, Merchant, Store, Terminal
from okplatform.parties.models.person import Language, Person

__all__ = [
    "OVERLAP",
    "ApiKey",
    "BrowserSession",
    "Channel",
    "Language",
    "Membership",
    "Merchant",
    "Partner",
    "PartnerGrant",
    "PartnerKey",
    "Person",
    "RefundCount",
    "Role",
    "Store",
    "Terminal",
]
