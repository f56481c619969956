"""Every kind of posting there is, and what each tells in the books (pure)."""

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
OFFLINE_LOSS = "offline_loss"
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
    "points_spent": "Points paid a part of a sale: the member has them no longer.",
    "points_held": "Points were set aside for a payment that is captured later.",
    "points_released": "What was set aside was not captured: the member may spend it again.",
    "points_given_back": "What points had paid came back: the member has them again.",
    "points_donated": "A member gave points to a charity, which the merchant pays for them.",
    "points_for_card": "A member took a gift card for points: its merchant owes goods for it now.",
    "points_brought": "A member claimed points that another programme had owed.",
    "points_given": "A member gave points to another: they are out of the member's hands.",
    "points_received": "Points that another member gave: this one has them.",
    "points_lent": "A member's family lent points for a purchase, or settled what it had lent.",
    "points_corrected": "Somebody at the shop gave a member points, or took some, for a reason.",
    "points_drawn": "Points of another shop of the circle are spent here, and it owes their price.",
    "points_drawn_back": "What they had paid came back: the other shop owes them to its member.",
    "supplier_share": "A supplier pays a part of what an offer gave a sale, or less: it came back.",
    PROOF_SENT: "A cent was ordered that proves a bank account: OK bears it.",
    PROOF_RETURNED: "Such a cent came to nothing: OK does not bear it.",
    BANK_PAYMENT: "A person paid at the bank: it is in transit, and theirs until they owe it.",
    BANK_PAYMENT_RETURNED: "Such a payment was taken back: it is owed again.",
    BANK_PAYMENT_RELEASED: "No sale took it, or not all of it: the shopper is owed that back.",
    "gift_card_sold": "A gift card was sold: its merchant has the money, and owes it on the card.",
    "gift_card_topped_up": "More was put on a gift card: its merchant owes that too.",
    "gift_card_held": "What a gift card is to pay was set aside, until its sale is paid or over.",
    "gift_card_released": "It is set aside no longer: its sale is paid from the card, or is over.",
    "gift_card_spent": "A gift card paid a part of a sale: its merchant owes that no longer.",
    "gift_card_refunded": "Something a gift card had paid came back: it is on the card again.",
    "gift_card_taken_back": "What was put on a gift card was taken back: nobody is owed it.",
    "gift_card_moved_out": "A gift card was replaced: what was on it left it.",
    "gift_card_moved_in": "A gift card took another's place: what was on that is on it now.",
    "gift_card_rewarded": "Points were taken for a gift card: its merchant owes what is on it.",
    "gift_card_lapsed": "What was left on an expired gift card was written off: breakage.",
    "gift_card_revived": "That was brought back on the card, for good will: it is owed again.",
    OFFLINE_LOSS: "A till sold without a network and nobody pays it: the merchant's own loss.",
    BANK_LINE: "The bank booked a line: what was in transit has arrived, gone, or come back.",
    BANK_LINE_REBOOKED: "A person decided anew what a line came for: it stands elsewhere now.",
}
"""What happened, by the kind of a posting.

Its reference is the primary key of what it happened to: the sale or the collection (with a number
behind it where it may happen again), the payout, the refund, the return, the invoice or credit
note, the proof or payment at a bank, the bank entry (and the number of the decision).
"""
