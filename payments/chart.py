"""The chart of accounts: every kind of account in the ledger, for accountants to read (pure).

One ledger holds everything of value: euros, and the points of each programme. An amount says what
OK owes the holder of the account, in minor units: **positive, OK owes the holder; negative, the
holder owes OK.** So a purchase of € 18.40 from a shopper's bank account books -18.40 on what the
shopper owes and +18.40 on what the merchant is owed, and every posting sums to zero per asset.

PostgreSQL knows this chart too (table ``payments_account_kind``, filled from here after each
migration): an account of another kind cannot be opened.
"""

from dataclasses import dataclass
from enum import Enum, StrEnum

EUR = "EUR"


class OwnerType(StrEnum):
    """Whose account it is; ``owner_id`` is the primary key of that row."""

    BANK_ACCOUNT = "bank_account"
    MERCHANT = "merchant"
    MEMBER = "member"
    PROGRAMME = "programme"
    HOUSE_ACCOUNT = "house_account"
    STORE = "store"
    SUPPLIER = "supplier"
    GIFT_CARD = "gift_card"


class Sign(Enum):
    """On which side of zero an account stands when all is well."""

    OWED_BY_OK = "+"
    OWED_TO_OK = "-"


class Floor(Enum):
    """How low an account may go; PostgreSQL refuses the posting that would take it lower."""

    NONE = "none"
    ZERO = "zero"
    CREDIT = "the merchant's credit floor"


@dataclass(frozen=True, slots=True)
class AccountKind:
    """One line of the chart."""

    kind: str
    meaning: str
    owner: OwnerType
    assets: str
    sign: Sign
    floor: Floor


SHOPPER_RECEIVABLE = AccountKind(
    kind="shopper_receivable",
    meaning="What a shopper owes for purchases, until OK has collected it from the bank account.",
    owner=OwnerType.BANK_ACCOUNT,
    assets=EUR,
    sign=Sign.OWED_TO_OK,
    floor=Floor.NONE,
)
MERCHANT_PAYABLE = AccountKind(
    kind="merchant_payable",
    meaning="What OK owes a merchant for sales paid with OK, until it is paid out.",
    owner=OwnerType.MERCHANT,
    assets=EUR,
    sign=Sign.OWED_BY_OK,
    floor=Floor.CREDIT,
)
MEMBER_POINTS = AccountKind(
    kind="member_points",
    meaning="The points a member may spend.",
    owner=OwnerType.MEMBER,
    assets="points:<programme>",
    sign=Sign.OWED_BY_OK,
    floor=Floor.ZERO,
)
MEMBER_POINTS_PENDING = AccountKind(
    kind="member_points_pending",
    meaning="Points a member earned and may not spend before what earned them can stay.",
    owner=OwnerType.MEMBER,
    assets="points:<programme>",
    sign=Sign.OWED_BY_OK,
    floor=Floor.ZERO,
)
MEMBER_POINTS_HELD = AccountKind(
    kind="member_points_held",
    meaning="Points a member set aside for a payment that is captured later.",
    owner=OwnerType.MEMBER,
    assets="points:<programme>",
    sign=Sign.OWED_BY_OK,
    floor=Floor.ZERO,
)
PROGRAMME_POINTS = AccountKind(
    kind="programme_points",
    meaning="The points a programme has in circulation: the other side of all its members' points.",
    owner=OwnerType.PROGRAMME,
    assets="points:<programme>",
    sign=Sign.OWED_TO_OK,
    floor=Floor.NONE,
)
CLIENT_MONEY = AccountKind(
    kind="client_money",
    meaning="What the bank holds for OK on one of its own accounts, by the bank's statements.",
    owner=OwnerType.HOUSE_ACCOUNT,
    assets=EUR,
    sign=Sign.OWED_TO_OK,
    floor=Floor.NONE,
)
COLLECTIONS_IN_TRANSIT = AccountKind(
    kind="collections_in_transit",
    meaning="Asked of shoppers' banks, and not yet on OK's account.",
    owner=OwnerType.HOUSE_ACCOUNT,
    assets=EUR,
    sign=Sign.OWED_TO_OK,
    floor=Floor.NONE,
)
PAYOUTS_IN_TRANSIT = AccountKind(
    kind="payouts_in_transit",
    meaning="Ordered to be paid to merchants, and not yet taken from OK's account.",
    owner=OwnerType.HOUSE_ACCOUNT,
    assets=EUR,
    sign=Sign.OWED_BY_OK,
    floor=Floor.NONE,
)
REFUNDS_PAYABLE = AccountKind(
    kind="refunds_payable",
    meaning="What comes back to a shopper, until it is taken off a debt or ordered to be paid.",
    owner=OwnerType.BANK_ACCOUNT,
    assets=EUR,
    sign=Sign.OWED_BY_OK,
    floor=Floor.NONE,
)
REFUNDS_IN_TRANSIT = AccountKind(
    kind="refunds_in_transit",
    meaning="Ordered to be paid back to shoppers, and not yet taken from OK's account.",
    owner=OwnerType.HOUSE_ACCOUNT,
    assets=EUR,
    sign=Sign.OWED_BY_OK,
    floor=Floor.NONE,
)
STORE_SETTLEMENT = AccountKind(
    kind="store_settlement",
    meaning="What a merchant's other stores owe this store for refunds of its sales, or it them.",
    owner=OwnerType.STORE,
    assets=EUR,
    sign=Sign.OWED_BY_OK,
    floor=Floor.NONE,
)
PROOF_COSTS = AccountKind(
    kind="proof_costs",
    meaning="What OK itself has to add to shoppers' money for the cents that prove bank accounts.",
    owner=OwnerType.HOUSE_ACCOUNT,
    assets=EUR,
    sign=Sign.OWED_TO_OK,
    floor=Floor.NONE,
)
PROOFS_IN_TRANSIT = AccountKind(
    kind="proofs_in_transit",
    meaning="Cents ordered to prove bank accounts, and not yet taken from OK's account.",
    owner=OwnerType.HOUSE_ACCOUNT,
    assets=EUR,
    sign=Sign.OWED_BY_OK,
    floor=Floor.NONE,
)
BANK_PAYMENTS_IN_TRANSIT = AccountKind(
    kind="bank_payments_in_transit",
    meaning="Paid by people at their banks, and not yet on a statement of OK's account.",
    owner=OwnerType.HOUSE_ACCOUNT,
    assets=EUR,
    sign=Sign.OWED_TO_OK,
    floor=Floor.NONE,
)
SHOPPER_PREPAID = AccountKind(
    kind="shopper_prepaid",
    meaning="Paid by a shopper at the bank for a purchase, until it is captured or goes back.",
    owner=OwnerType.BANK_ACCOUNT,
    assets=EUR,
    sign=Sign.OWED_BY_OK,
    floor=Floor.ZERO,
)
SUSPENSE = AccountKind(
    kind="suspense",
    meaning="On OK's account, and nobody knows yet for whom.",
    owner=OwnerType.HOUSE_ACCOUNT,
    assets=EUR,
    sign=Sign.OWED_BY_OK,
    floor=Floor.NONE,
)
INVOICES_OPEN = AccountKind(
    kind="invoices_open",
    meaning="Invoiced to merchants beyond what OK owed them: to be paid by bank.",
    owner=OwnerType.HOUSE_ACCOUNT,
    assets=EUR,
    sign=Sign.OWED_TO_OK,
    floor=Floor.NONE,
)
FEES_EARNED = AccountKind(
    kind="fees_earned",
    meaning="What OK earned by its work and has invoiced, VAT not included: OK's own.",
    owner=OwnerType.HOUSE_ACCOUNT,
    assets=EUR,
    sign=Sign.OWED_BY_OK,
    floor=Floor.NONE,
)
FEE_ROUNDING = AccountKind(
    kind="fee_rounding",
    meaning="What rounding the lines of invoices asked more, or less, than the fees that accrued.",
    owner=OwnerType.HOUSE_ACCOUNT,
    assets=EUR,
    sign=Sign.OWED_BY_OK,
    floor=Floor.NONE,
)
VAT_PAYABLE = AccountKind(
    kind="vat_payable",
    meaning="VAT on OK's invoices, owed to the tax office.",
    owner=OwnerType.HOUSE_ACCOUNT,
    assets=EUR,
    sign=Sign.OWED_BY_OK,
    floor=Floor.NONE,
)
GIFT_CARD = AccountKind(
    kind="gift_card",
    meaning="What is left on a gift card: its merchant owes it to whoever holds the card.",
    owner=OwnerType.GIFT_CARD,
    assets=EUR,
    sign=Sign.OWED_BY_OK,
    floor=Floor.ZERO,
)
GIFT_CARD_HELD = AccountKind(
    kind="gift_card_held",
    meaning="What is set aside of a gift card for a sale that its shopper still has to confirm.",
    owner=OwnerType.GIFT_CARD,
    assets=EUR,
    sign=Sign.OWED_BY_OK,
    floor=Floor.ZERO,
)
GIFT_CARDS_ISSUED = AccountKind(
    kind="gift_cards_issued",
    meaning="What a merchant itself owes on its gift cards: it has the money, and OK keeps count.",
    owner=OwnerType.MERCHANT,
    assets=EUR,
    sign=Sign.OWED_TO_OK,
    floor=Floor.NONE,
)
GIFT_CARD_BREAKAGE = AccountKind(
    kind="gift_card_breakage",
    meaning="What a merchant wrote off on expired gift cards: it keeps that, and owes no goods.",
    owner=OwnerType.MERCHANT,
    assets=EUR,
    sign=Sign.OWED_BY_OK,
    floor=Floor.ZERO,
)

SUPPLIER_RECEIVABLE = AccountKind(
    kind="supplier_receivable",
    meaning="A supplier's part of what a merchant's offers gave: followed here, asked for by them.",
    owner=OwnerType.SUPPLIER,
    assets=EUR,
    sign=Sign.OWED_TO_OK,
    floor=Floor.NONE,
)
SUPPLIER_SHARES = AccountKind(
    kind="supplier_shares",
    meaning="The other side of that: what a merchant may ask of its suppliers for offers.",
    owner=OwnerType.MERCHANT,
    assets=EUR,
    sign=Sign.OWED_BY_OK,
    floor=Floor.NONE,
)
CIRCLE_SETTLEMENT = AccountKind(
    kind="circle_settlement",
    meaning="What other shops of a circle owe a merchant for points of theirs, or it them.",
    owner=OwnerType.MERCHANT,
    assets=EUR,
    sign=Sign.OWED_BY_OK,
    floor=Floor.NONE,
)
OFFLINE_LOSSES = AccountKind(
    kind="offline_losses",
    meaning="What a merchant's tills gave away without a network and nobody pays: its own loss.",
    owner=OwnerType.MERCHANT,
    assets=EUR,
    sign=Sign.OWED_TO_OK,
    floor=Floor.NONE,
)
OFFLINE_UNPAID = AccountKind(
    kind="offline_unpaid",
    meaning="The other side of that: what those goods came to. No money moves.",
    owner=OwnerType.MERCHANT,
    assets=EUR,
    sign=Sign.OWED_BY_OK,
    floor=Floor.ZERO,
)

CHART = (
    SHOPPER_RECEIVABLE,
    MERCHANT_PAYABLE,
    MEMBER_POINTS,
    MEMBER_POINTS_PENDING,
    MEMBER_POINTS_HELD,
    PROGRAMME_POINTS,
    CLIENT_MONEY,
    COLLECTIONS_IN_TRANSIT,
    PAYOUTS_IN_TRANSIT,
    REFUNDS_PAYABLE,
    REFUNDS_IN_TRANSIT,
    STORE_SETTLEMENT,
    PROOF_COSTS,
    PROOFS_IN_TRANSIT,
    BANK_PAYMENTS_IN_TRANSIT,
    SHOPPER_PREPAID,
    SUSPENSE,
    INVOICES_OPEN,
    FEES_EARNED,
    FEE_ROUNDING,
    VAT_PAYABLE,
    SUPPLIER_RECEIVABLE,
    SUPPLIER_SHARES,
    CIRCLE_SETTLEMENT,
    GIFT_CARD,
    GIFT_CARD_HELD,
    GIFT_CARDS_ISSUED,
    GIFT_CARD_BREAKAGE,
    OFFLINE_LOSSES,
    OFFLINE_UNPAID,
)
KINDS = {line.kind: line for line in CHART}
IN_TRANSIT = {
    "collection": COLLECTIONS_IN_TRANSIT,
    "payout": PAYOUTS_IN_TRANSIT,
    "invoice": INVOICES_OPEN,
    "refund": REFUNDS_IN_TRANSIT,
    "proof": PROOFS_IN_TRANSIT,
    "bank_payment": BANK_PAYMENTS_IN_TRANSIT,
}
"""Where money is between our order and the bank's line, by the kind of expectation."""


def points_of(programme_id: int) -> str:
    """Return the asset that a programme's points are."""
    return f"points:{programme_id}"
