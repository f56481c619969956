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

CHART = (
    SHOPPER_RECEIVABLE,
    MERCHANT_PAYABLE,
    MEMBER_POINTS,
    MEMBER_POINTS_PENDING,
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

SALE_PAID = "sale_paid"
PART_CAPTURED = "part_captured"
COLLECTION_SENT = "collection_sent"
COLLECTION_RETURNED = "collection_returned"
PAYOUT_ORDERED = "payout_ordered"
PAYOUT_RETURNED = "payout_returned"
REFUND_OWED = "refund_owed"
REFUND_SET_OFF = "refund_set_off"
REFUND_ORDERED = "refund_ordered"
REFUND_RETURNED = "refund_returned"
REFUND_ELSEWHERE = "refund_elsewhere"
PROOF_SENT = "proof_sent"
PROOF_RETURNED = "proof_returned"
BANK_PAYMENT = "bank_payment"
BANK_PAYMENT_RETURNED = "bank_payment_returned"
BANK_PAYMENT_RELEASED = "bank_payment_released"
BANK_LINE = "bank_line"
BANK_LINE_REBOOKED = "bank_line_rebooked"
INVOICE_ISSUED = "invoice_issued"
INVOICE_CREDITED = "invoice_credited"
POSTINGS = {
    SALE_PAID: "A sale was paid with OK: the shopper owes it, the merchant is owed it.",
    PART_CAPTURED: "A part of what was set aside for a sale, or paid before, was captured.",
    "points_earned": "A sale earned points: the member has them, the programme has issued them.",
    COLLECTION_SENT: "A collection was sent to the bank: it is in transit, not owed by shoppers.",
    COLLECTION_RETURNED: "A collection came to nothing: the shopper owes it again.",
    PAYOUT_ORDERED: "A payout was ordered: it is in transit, the merchant is no longer owed it.",
    PAYOUT_RETURNED: "A payout came to nothing: the merchant is owed it again.",
    INVOICE_ISSUED: "OK asked for its work: taken off what it owes the merchant, or to be paid.",
    INVOICE_CREDITED: "OK took an invoice back: the merchant is owed it, or need not pay it.",
    REFUND_OWED: "Something came back: the merchant is owed less, the shopper is owed it.",
    REFUND_SET_OFF: "A refund lowered what the shopper owes for the purchase.",
    REFUND_ORDERED: "A refund was ordered: it is in transit, the shopper is no longer owed it.",
    REFUND_RETURNED: "A refund came to nothing: the shopper is owed it again.",
    REFUND_ELSEWHERE: "A store gave back what another had sold: it bears that, not the other.",
    "points_reversed": "What earned points came back: the member has them no longer.",
    "points_debt_paid": "Points that had been spent before their purchase came back, made good.",
    "points_activated": "Pending points count: the member may spend them.",
    "points_pending_reversed": "What earned pending points came back: they never count.",
    "points_expired": "Points ended unspent: breakage, the programme owes them no longer.",
    "points_lapsed": "A member left OK with points unspent: breakage too.",
    "points_restored": "Breakage taken back, because what had earned its points came back.",
    PROOF_SENT: "A cent was ordered that proves a bank account: OK bears it.",
    PROOF_RETURNED: "Such a cent came to nothing: OK does not bear it.",
    BANK_PAYMENT: "A person paid at the bank: it is in transit, and theirs until they owe it.",
    BANK_PAYMENT_RETURNED: "Such a payment was taken back: it is owed again.",
    BANK_PAYMENT_RELEASED: "No sale took it, or not all of it: the shopper is owed that back.",
    BANK_LINE: "The bank booked a line: what was in transit has arrived, gone, or come back.",
    BANK_LINE_REBOOKED: "A person decided anew what a line came for: it stands elsewhere now.",
}
"""What happened, by the kind of a posting.

Its reference is the primary key of what it happened to: the sale or the collection (with a number
behind it where it may happen again), the payout, the refund, the return, the invoice or credit
note, the proof or payment at a bank, the bank entry (and the number of the decision).
"""


def points_of(programme_id: int) -> str:
    """Return the asset that a programme's points are."""
    return f"points:{programme_id}"
