"""The bodies and answers of OK's API, from docs/openapi.yaml by `make sdk`: do not edit."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypeAlias, TypedDict

AgeCheckAnswerStateEnum: TypeAlias = Literal["look", "looked"]


BookedAsEnum: TypeAlias = Literal["paid", "loss"]


class CaptureBody(TypedDict):
    """
    Capture a part; without an amount, all that is left.
    """

    amount: NotRequired[int | None]


CaptureEnum: TypeAlias = Literal["automatic", "manual"]


ClaimEnum: TypeAlias = Literal["age_over_18", "student"]


class ClockBody(TypedDict):
    """
    What time it is to be.
    """

    now: str
    """
    RFC 3339, with an offset; not before the sandbox's own time.
    """


ConfirmationAnswerStateEnum: TypeAlias = Literal["asked", "authorised", "declined", "expired", "withdrawn", "refused"]


class CostsAnswer(TypedDict):
    """
    How many products were written.
    """

    products: int


class CouponAnswer(TypedDict):
    """
    What a coupon took off the basket; 0 where it found nothing to take it off.
    """

    amount: int
    code: str
    text: str | None


class DiscountAnswer(TypedDict):
    """
    What came off a line, and why, in the cashier's language.
    """

    amount: int
    because: NotRequired[str | None]
    text: str


DoEnum: TypeAlias = Literal["wait", "ask", "pay_or_stop", "stop"]


class FieldFault(TypedDict):
    """
    One field that does not fit.
    """

    code: str
    field: str
    sentence: str


GiftCardBalanceAnswerStateEnum: TypeAlias = Literal["active", "blocked", "replaced", "expired"]


class GiftCardBalanceBody(TypedDict):
    """
    Ask what is on a card.
    """

    card: str
    """
    As it was typed; or the card's bar code, which holds the PIN too.
    """
    pin: NotRequired[str]
    terminal: NotRequired[str | None]
    """
    Unless the key names one.
    """


GiftCardLoadAnswerStateEnum: TypeAlias = Literal["loaded", "taken_back", "stopped"]


class GiftCardSpentAnswer(TypedDict):
    """
    What a gift card paid, and what was left on it then; ``number_end`` are its last digits.
    """

    amount: int
    balance: int
    number_end: str


KindEnum: TypeAlias = Literal["ok", "pin", "cash", "gift_card"]


class LedgerEntry(TypedDict):
    """
    One entry of one of the merchant's accounts; it never changes.
    """

    account: str
    """
    `merchant_payable`: what OK owes the merchant.
    """
    amount: int
    """
    Minor units (cents). Above zero, OK owes the merchant more.
    """
    booked_at: str
    """
    When it happened.
    """
    currency: str
    cursor: str
    """
    Where the feed goes on behind this entry.
    """
    invoice: str | None
    """
    The number of OK's invoice or credit note.
    """
    kind: str
    """
    `sale_paid`, `part_captured`, `payout_ordered`, …
    """
    payout: str | None
    """
    The payout's reference on the bank statement.
    """
    posting_id: int
    """
    The same for all entries of one booking.
    """
    recorded_at: str
    """
    When it was written.
    """
    sale: str | None
    """
    The till's UUID of the sale that was paid.
    """


LineAnswerKindEnum: TypeAlias = Literal["goods", "deposit", "deposit_return", "tip"]


LineBodyKindEnum: TypeAlias = Literal["goods", "deposit", "deposit_return"]


LinkAnswerStateEnum: TypeAlias = Literal["open", "paid", "closed", "expired"]


class LinkBody(TypedDict):
    """
    Make a link: one ``amount``, or an open one from ``least`` to ``most``.
    """

    amount: NotRequired[int | None]
    description: str
    expires_at: NotRequired[str | None]
    least: NotRequired[int | None]
    most: NotRequired[int | None]
    only_once: NotRequired[bool]
    reference: NotRequired[str]
    store: NotRequired[str | None]
    """
    Unless the key names one.
    """
    vat_rate: NotRequired[int]
    """
    Basis points: 2100 is 21 %.
    """


class LinkTextsAnswer(TypedDict):
    """
    A text ready to send, per way of sending it.
    """

    chat: str
    invoice: str
    mail: str
    mail_subject: str
    whatsapp: str


class MemberAnswer(TypedDict):
    """
    What the shopper lets this merchant know; ``name`` only by consent.

    Points, and the name of the ``tier``, are those of a member; it moves just after a sale.
    """

    name: str | None
    points_balance: int | None
    points_name: str | None
    tier: str | None


ModeEnum: TypeAlias = Literal["live", "test"]


class NearMissAnswer(TypedDict):
    """
    What ``missing`` more would have brought; 0 where it takes something else, see `sentence`.
    """

    missing: int
    sentence: str


class OfflineGapAnswer(TypedDict):
    """
    Numbers of a log that have not come: send them, however late.
    """

    first: int
    last: int


class OfflineKeyBody(TypedDict):
    """
    The key by which this till signs what it sells without a network.
    """

    public_key: str
    """
    An Ed25519 public key: its 32 bytes in base64.
    """
    store: NotRequired[str | None]
    """
    Unless the key names one.
    """
    terminal: NotRequired[str | None]
    """
    Unless the key names one.
    """


class OfflineLogAnswer(TypedDict):
    """
    A key of the till, and how its log looks from here.

    `breaks` are records that do not hold on to the one before them: the log was changed.
    """

    breaks: list[int]
    gaps: list[OfflineGapAnswer]
    in_force: bool
    last_digest: str
    last_sequence: int
    public_key: str


class OfflineSaleAnswer(TypedDict):
    """
    What became of it, for good: sent again, it is the same answer.

    `paid`: the shopper pays, as for any sale. `loss`: the goods have left and nobody pays; `reason`
    says why. It stands in the merchant's books as a loss of its own.
    """

    amount: int
    booked_as: BookedAsEnum
    booked_at: str
    currency: str
    digest: str
    """
    Of the record: what the next one holds on to.
    """
    mode: ModeEnum
    points_earned: int
    reason: str | None
    sentence: str
    sequence: int
    sold_at: str
    store: str
    terminal: str
    uuid: str


OnlinePaymentAnswerStateEnum: TypeAlias = Literal["created", "presented", "authorising", "authorised", "partially_captured", "captured", "declined", "cancelled", "expired"]


Coupon: TypeAlias = str
"""
As it was typed or scanned; case and hyphens do not count.
"""


class OtherProgrammeAnswer(TypedDict):
    """
    What the merchant's own loyalty system said at the scan; what it gave is in the lines.

    `state` is `answered`, or why the sale goes on without it: `unreachable` (too late, or down),
    `wrong` (its answer could not be right) or `resting` (it failed too often just now).
    """

    balance: int | None
    name: str
    sentence: str
    """
    For the cashier: its own, or that the sale goes on without.
    """
    state: str
    unit: str


PaidByEnum: TypeAlias = Literal["pin", "cash", "invoice", "gift"]


class PointsSpentAnswer(TypedDict):
    """
    Points that pay a part, and how much they take off the lines.
    """

    amount: int
    points: int


class Problem(TypedDict):
    """
    Problem details (RFC 9457). Branch on ``code``; show ``detail``; quote ``trace_id``.

    Some codes bring facts of their own besides: ignore what you do not know.
    """

    code: str
    detail: str
    errors: NotRequired[list[FieldFault] | None]
    retry_after: NotRequired[int | None]
    status: int
    title: str
    trace_id: str
    type: str
    verdict: NotRequired[Literal["happened", "did_not_happen", "still_open"] | None]


class ProductCost(TypedDict):
    """
    What one product costs.
    """

    cost: int | None
    """
    What you pay for it without VAT, in minor units (cents), per piece or per 1,000 gram or millilitre; null where it is not known any more.
    """
    sku: str


ProofCheckAnswerAnswerEnum: TypeAlias = Literal["yes", "no", "check_the_id"]


class ProofCheckBody(TypedDict):
    """
    What a till asks of the customer who stands there.
    """

    claim: ClaimEnum
    code: str
    """
    The customer's OK code, as it was scanned.
    """
    store: NotRequired[str | None]
    """
    Where; unless the key names one.
    """
    terminal: NotRequired[str | None]
    """
    Unless the key names one.
    """


class RefundLineAnswer(TypedDict):
    """
    A line that came back; ``amount`` contains ``vat``.
    """

    amount: int
    name: str
    number: int
    quantity: int
    sku: str
    unit: str
    vat: int
    vat_rate: int


class RefundLineBody(TypedDict):
    """
    How much of a line comes back.
    """

    amount: NotRequired[int | None]
    """
    Less than was paid for it; left out, all that was paid.
    """
    number: int
    """
    The line's number in the sale.
    """
    quantity: int
    """
    In the line's own unit; 0 leaves the goods and lowers their price.
    """


class RefundTenderAnswer(TypedDict):
    """
    By what a part went back: OK's part by itself, the rest by the cashier.
    """

    amount: int
    kind: str
    reference: str


class RefundTenderBody(TypedDict):
    """
    By what a part goes back; leave ``amount`` out and it takes the rest.
    """

    amount: NotRequired[int | None]
    kind: KindEnum
    reference: NotRequired[str]
    """
    The payment terminal's number.
    """


class ResetBody(TypedDict):
    """
    Which epoch ends; a repeat that names the same one changes nothing.
    """

    epoch: int


class RewardAnswer(TypedDict):
    """
    A reward that the customer could have on this basket, and what it would take off.
    """

    amount: int
    points: int
    reward: int
    text: str


SaleAnswerStateEnum: TypeAlias = Literal["open", "closed", "cancelled"]


class SaleEventAnswer(TypedDict):
    """
    One server-sent event; ``data`` is JSON: the sale, as `GET sales/{uuid}` answers it.
    """

    data: str
    event: Literal["sale"]


class SandboxAnswer(TypedDict):
    """
    The sandbox's time, how many seconds that is ahead of everybody's, and its epoch.
    """

    ahead_seconds: int
    epoch: int
    now: str


ShiftBodyStateEnum: TypeAlias = Literal["open", "closed"]


class ShiftCashAnswer(TypedDict):
    """
    The drawer: `expected` is `at_opening` and `taken`, `difference` what was counted above it.

    `taken` is cash for sales and gift cards, less what was given back in cash.
    """

    at_opening: int | None
    counted: int | None
    difference: int | None
    expected: int
    taken: int


class ShiftDepositsAnswer(TypedDict):
    """
    Deposits in `due`, what returned `empties` took off it, and what went back by refunds.
    """

    charged: int
    empties: int
    given_back: int


class ShiftHeadAnswer(TypedDict):
    """
    A shift in a list.
    """

    closed_at: str | None
    closed_by: str
    currency: str
    mode: ModeEnum
    opened_at: str
    operator: str
    state: str
    """
    `open` or `closed`.
    """
    store: str
    terminal: str
    uuid: str


class ShiftLoadAnswer(TypedDict):
    """
    What was put on gift cards, by how it was paid: no turnover, no VAT.
    """

    loaded: int
    paid_by: str
    taken_back: int


class ShiftPointsAnswer(TypedDict):
    """
    Points that paid a part of sales, and what they took off.
    """

    amount: int
    points: int


class ShiftTenderAnswer(TypedDict):
    """
    What one kind of tender paid, and what was given back by it.
    """

    given_back: int
    kind: str
    paid: int


class ShiftTipsAnswer(TypedDict):
    """
    Tips, which are in `due`, and what was given back of them.
    """

    given_back: int
    received: int


class ShiftVatAnswer(TypedDict):
    """
    What was sold at one VAT rate and came back, each with the VAT that is in it.
    """

    returned: int
    returned_vat: int
    sold: int
    vat: int
    vat_rate: int


class ShiftsAnswer(TypedDict):
    """
    A page of shifts, the one put last first.
    """

    next_cursor: str | None
    shifts: list[ShiftHeadAnswer]


class SignedBody(TypedDict):
    """
    What the till signed, line by line as docs/offline-tills.md has it; the UUID is the sale's.

    The code and the currency that were signed are those of the basket.
    """

    amount: int
    """
    Minor units: what the lines come to.
    """
    dark_since: str
    """
    `as_of` of the last allowance that the till has read.
    """
    previous: str
    """
    The digest of the record before; 64 zeros at the first.
    """
    public_key: str
    """
    An Ed25519 public key: its 32 bytes in base64.
    """
    sequence: int
    """
    1, 2, 3 … of this key.
    """
    signature: str
    """
    Ed25519, 64 bytes in base64.
    """
    sold_at: str
    """
    RFC 3339 with its offset; signed to the letter as it is sent.
    """


SituationEnum: TypeAlias = Literal["fresh", "expired", "used", "unknown", "blocked", "no_account"]


class TenderAnswer(TypedDict):
    """
    What paid a part.
    """

    amount: int
    kind: str
    reference: str


class TenderBody(TypedDict):
    """
    What pays a part of the sale; leave ``amount`` out and it pays the rest.
    """

    amount: NotRequired[int | None]
    card: NotRequired[str]
    """
    A gift card's number as typed, or its bar code, which holds the PIN too.
    """
    kind: KindEnum
    pin: NotRequired[str]
    """
    Typed beside the number.
    """
    reference: NotRequired[str]
    """
    The payment terminal's number.
    """


class TestCodeAnswer(TypedDict):
    """
    A valid wallet code for test mode.
    """

    code: str
    valid_until: str


class TestCodeBody(TypedDict):
    """
    Ask for a code that a test person's phone could show now.
    """

    person: str
    """
    E-mail address of a test person.
    """
    situation: NotRequired[SituationEnum]
    """
    What is the matter with the code; see docs/sandbox.md.
    """


TestConfirmationBodyAnswerEnum: TypeAlias = Literal["yes", "no"]


class TotalsAnswer(TypedDict):
    """
    What a till came to. `due` is `gross` less `discount`, `turnover` is `due` less `refunded`.

    The tenders paid `due` in all and gave `refunded` back; so do the VAT rates add up. Points are
    those of the sales.
    """

    deposits: ShiftDepositsAnswer
    discount: int
    due: int
    gift_card_loads: list[ShiftLoadAnswer]
    gross: int
    points_earned: int
    points_spent: ShiftPointsAnswer
    refunded: int
    refunds: int
    sales: int
    tenders: list[ShiftTenderAnswer]
    tips: ShiftTipsAnswer
    turnover: int
    vat: list[ShiftVatAnswer]


UnitEnum: TypeAlias = Literal["piece", "gram", "millilitre"]


class UnsettledSaleAnswer(TypedDict):
    """
    A sale without a final verdict, and what settles it.

    `wait`: the shopper is asked on the phone until `deadline`. `ask`: `GET` the sale, which brings
    it to its end. `pay_or_stop`: pay it, or `DELETE` it. `stop`: the same, and it was left open for
    a quarter of an hour or more.
    """

    currency: str
    deadline: str | None
    do: DoEnum
    due: int
    opened_at: str
    operator: str
    reference: str
    revision: int
    sentence: str
    """
    For the cashier: what to do.
    """
    store: str | None
    terminal: str | None
    uuid: str


class UnsettledSalesAnswer(TypedDict):
    """
    A page of them, the newest first.
    """

    next_cursor: str | None
    sales: list[UnsettledSaleAnswer]


VerdictEnum: TypeAlias = Literal["happened", "did_not_happen", "still_open"]


class AgeCheckAnswer(TypedDict):
    """
    The basket asks for an age: `look` until the payment says `age_checked`, then `looked`.

    OK knows nobody's age: the cashier asks for identification, whoever the customer is.
    """

    minimum_age: int
    state: AgeCheckAnswerStateEnum


class ConfirmationAnswer(TypedDict):
    """
    What the shopper is asked on the phone, and until when a yes counts.

    `asked` waits; `authorised` is a yes that is being paid. `declined` is a no, `expired` no answer
    in time, `withdrawn` was stopped by the till; `refused` was a yes that could not be paid:
    `refusal` is the code of why.
    """

    deadline: str
    refusal: str | None
    state: ConfirmationAnswerStateEnum


class CostsBody(TypedDict):
    """
    What products cost; those that are not named keep what they had.
    """

    costs: list[ProductCost]


class GiftCardBalanceAnswer(TypedDict):
    """
    What is on a card, and whether it may be spent.
    """

    balance: int
    currency: str
    expires_on: str | None
    number_end: str
    state: GiftCardBalanceAnswerStateEnum


class GiftCardLoadAnswer(TypedDict):
    """
    What was put on a card. `card` and `pin` are told for a day, of a card that was sold.

    Of a load that was stopped before it arrived only `uuid`, `verdict` and `sentence` are told.
    """

    amount: int
    balance: int
    card: str | None
    currency: str | None
    expires_on: str | None
    number_end: str | None
    pin: str | None
    receipt_lines: list[str]
    sentence: str
    state: GiftCardLoadAnswerStateEnum
    uuid: str
    verdict: VerdictEnum


class GiftCardLoadBody(TypedDict):
    """
    Put money on a card that the shop has been paid for.
    """

    amount: int
    """
    Minor units (cents).
    """
    card: NotRequired[str]
    """
    The card to top up; left out, a new one is sold.
    """
    currency: str
    """
    ISO 4217: EUR.
    """
    language: NotRequired[Literal["nl", "en"] | None]
    """
    The cashier's language.
    """
    operator: NotRequired[str]
    paid_by: PaidByEnum
    """
    How the shop was paid; `gift` for a card that it gives away.
    """
    reference: NotRequired[str]
    """
    Receipt number.
    """
    store: NotRequired[str | None]
    """
    Unless the key names one.
    """
    terminal: NotRequired[str | None]
    """
    Unless the key names one.
    """


class GoodsLineBody(TypedDict):
    """
    One line of the basket.
    """

    amount: NotRequired[int | None]
    """
    The line's total; checked against quantity x price.
    """
    category: NotRequired[str]
    gtin: NotRequired[str]
    """
    Bar code digits.
    """
    name: str
    quantity: NotRequired[int]
    sku: NotRequired[str]
    """
    The merchant's own article number.
    """
    unit: NotRequired[UnitEnum]
    unit_price: int
    """
    Per piece, or per 1,000 gram or millilitre, VAT included.
    """
    vat_rate: int
    """
    Basis points: 900 is 9 %.
    """


class LedgerEntries(TypedDict):
    """
    A page of the feed.
    """

    entries: list[LedgerEntry]
    more: bool
    """
    Whether there is more behind it now.
    """
    next: str
    """
    Send it as `after` to go on; keep it between calls.
    """


class LineAnswer(TypedDict):
    """
    A line with its split: ``gross`` less ``discount`` is ``paid``, which contains ``vat``.

    Returned empties have negative amounts.
    """

    discount: int
    discounts: list[DiscountAnswer]
    gross: int
    kind: LineAnswerKindEnum
    minimum_age: int | None
    name: str
    number: int
    paid: int
    points: int
    quantity: int
    sku: str
    unit: str
    unit_price: int
    vat: int
    vat_rate: int


class LineBody(TypedDict):
    """
    One line at a till: goods, a deposit, or returned empties.
    """

    amount: NotRequired[int | None]
    """
    The line's total; checked against quantity x price.
    """
    category: NotRequired[str]
    gtin: NotRequired[str]
    """
    Bar code digits.
    """
    kind: NotRequired[LineBodyKindEnum]
    """
    No offer, coupon or point touches a deposit. Of a `deposit_return` send price and amount as they are: it takes them off.
    """
    minimum_age: NotRequired[int | None]
    """
    How old the buyer must be; the payment then says `age_checked`.
    """
    name: str
    quantity: NotRequired[int]
    sku: NotRequired[str]
    """
    The merchant's own article number.
    """
    unit: NotRequired[UnitEnum]
    unit_price: int
    """
    Per piece, or per 1,000 gram or millilitre, VAT included.
    """
    vat_rate: int
    """
    Basis points: 900 is 9 %.
    """


class LinkAnswer(TypedDict):
    """
    A payment link as it stands; ``paid`` is how often, ``received`` how much in all.
    """

    address: str
    """
    Send this to whoever should pay.
    """
    amount: int | None
    created_at: str
    currency: str
    description: str
    expires_at: str | None
    id: str
    least: int | None
    mode: ModeEnum
    most: int | None
    only_once: bool
    paid: int
    qr: str
    """
    What a QR code holds.
    """
    received: int
    reference: str
    state: LinkAnswerStateEnum
    store: str
    texts: dict[Literal["nl", "en"], Any]
    vat_rate: int


class LinksAnswer(TypedDict):
    """
    A page of links, the newest first.
    """

    links: list[LinkAnswer]
    next_cursor: str | None


class OfflineAllowanceAnswer(TypedDict):
    """
    What the till may sell should its network go from now on.

    Each sale at most `most_per_sale`, all of one dark spell `most_in_all`, for `hours`. What goes
    beyond is the merchant's loss.
    """

    allowed: bool
    as_of: str
    """
    `dark_since` of what is sold until the till asks again.
    """
    currency: str
    hours: int
    logs: list[OfflineLogAnswer]
    """
    The key in force first; at most ten.
    """
    mode: ModeEnum
    most_in_all: int
    most_per_sale: int
    send_within_days: int
    store: str
    terminal: str


class OfflineSaleBody(TypedDict):
    """
    A sale that the till closed without a network, at the full price.
    """

    code: str
    """
    What the scanner read, digits only.
    """
    currency: str
    """
    ISO 4217; must be the store's.
    """
    language: NotRequired[Literal["nl", "en"] | None]
    """
    The cashier's language.
    """
    lines: list[LineBody]
    offline: SignedBody
    operator: NotRequired[str]
    """
    Who sold it, and looked at the customer's age where a line asks for one.
    """
    reference: NotRequired[str]
    """
    Receipt number.
    """
    store: NotRequired[str | None]
    """
    Unless the key names one.
    """
    terminal: NotRequired[str | None]
    """
    Unless the key names one.
    """


class OnlinePaymentAnswer(TypedDict):
    """
    An online payment as it stands.

    ``asked`` is what the shop asked, ``amount`` what the shopper confirmed (less by their
    benefits), ``captured`` what was taken of it, ``released`` what never will be.
    """

    amount: int | None
    asked: int
    capture: CaptureEnum
    capture_until: str | None
    captured: int
    created_at: str
    currency: str
    description: str
    expires_at: str
    id: str
    link: str | None
    """
    The payment link it came by.
    """
    mode: ModeEnum
    page: str
    """
    Send the shopper here.
    """
    qr: str
    """
    What a QR code for the shopper's phone holds.
    """
    reference: str
    released: int
    return_url: str
    sale: str | None
    """
    The sale's UUID, once it is closed.
    """
    state: OnlinePaymentAnswerStateEnum
    store: str


class OnlinePaymentBody(TypedDict):
    """
    Ask for a payment: a basket (``lines``), or one ``amount`` with its ``description``.
    """

    amount: NotRequired[int | None]
    capture: NotRequired[CaptureEnum]
    coupons: NotRequired[list[Coupon]]
    """
    Codes of coupons, for a basket of lines. One that cannot count is refused; one that is used elsewhere before the shopper confirms is left out, and the page says the price.
    """
    currency: str
    """
    ISO 4217; must be the store's.
    """
    description: NotRequired[str]
    """
    What it is for, to the shopper.
    """
    expires_in: NotRequired[int]
    """
    Seconds.
    """
    language: NotRequired[Literal["nl", "en"] | None]
    lines: NotRequired[list[GoodsLineBody]]
    reference: NotRequired[str]
    """
    Your order; it stands in the shopper's list of what is collected.
    """
    return_url: NotRequired[str]
    """
    Where the shopper goes back to; `ok_payment` in its query is the payment's id. It proves nothing: ask for the payment's state.
    """
    store: NotRequired[str | None]
    """
    Unless the key names one.
    """
    vat_rate: NotRequired[int]
    """
    Basis points: 2100 is 21 %.
    """


class OnlinePaymentsAnswer(TypedDict):
    """
    A page of payments, the newest first.
    """

    next_cursor: str | None
    payments: list[OnlinePaymentAnswer]


class PaymentBody(TypedDict):
    """
    Close the sale: these tenders pay it.
    """

    age_checked: NotRequired[bool]
    """
    The cashier looked: the customer is as old as `age_check` says.
    """
    amount_due: NotRequired[int | None]
    """
    What the till showed, without the tip; another amount is refused.
    """
    operator: NotRequired[str]
    """
    Who looked, unless the basket names the operator.
    """
    tenders: list[TenderBody]
    tip: NotRequired[int]
    """
    On top of the amount due and never more than that; the tenders pay both.
    """


class ProofCheckAnswer(TypedDict):
    """
    Yes or no by a verified attestation that the customer offers now; else check the ID.
    """

    answer: ProofCheckAnswerAnswerEnum
    claim: str
    sentence: str


class RefundAnswer(TypedDict):
    """
    What was given back; ``sentence`` is all a cashier needs.

    ``points`` are those that the member lost by it, ``points_owed`` the part of them that was spent
    already: the member's next points pay it. ``points_given_back`` had paid for what came back.
    """

    amount: int
    currency: str
    lines: list[RefundLineAnswer]
    operator: str
    points: int
    points_given_back: int
    points_owed: int
    reason: str
    receipt_lines: list[str]
    refunded_at: str
    sale: str
    sentence: str
    store: str
    tenders: list[RefundTenderAnswer]
    terminal: str | None
    uuid: str
    vat: int
    verdict: Literal["happened"]


class RefundBody(TypedDict):
    """
    What comes back of a sale: by ``lines``, or an ``amount`` without goods.
    """

    amount: NotRequired[int | None]
    """
    Minor units (cents).
    """
    language: NotRequired[Literal["nl", "en"] | None]
    """
    The cashier's language.
    """
    lines: NotRequired[list[RefundLineBody] | None]
    operator: NotRequired[str]
    reason: NotRequired[str]
    store: NotRequired[str | None]
    """
    Where; unless the key names one.
    """
    tenders: NotRequired[list[RefundTenderBody] | None]
    """
    Left out, the money goes back as it came, OK's part first.
    """
    terminal: NotRequired[str | None]
    """
    Unless the key names one.
    """
    uuid: str
    """
    Yours, made and kept before you ask; a repeat is harmless.
    """


class RefundsAnswer(TypedDict):
    """
    Everything that came back of a sale, the first first.
    """

    currency: str
    paid: int
    refunded: int
    refunds: list[RefundAnswer]
    sale: str


class SaleAnswer(TypedDict):
    """
    The sale as it stands; ``verdict`` and ``sentence`` are all a cashier needs.

    `confirmation` is there while the sale waits for the shopper, and where that is how it ended.
    """

    age_check: AgeCheckAnswer | None
    """
    Null where no line asks for an age.
    """
    closed_at: str | None
    confirmation: ConfirmationAnswer | None
    coupons: list[CouponAnswer]
    currency: str
    discount: int
    due: int
    gift_cards: list[GiftCardSpentAnswer]
    gross: int
    lines: list[LineAnswer]
    member: MemberAnswer | None
    mode: ModeEnum
    near_misses: list[NearMissAnswer]
    other_programme: OtherProgrammeAnswer | None
    """
    Where the merchant keeps a loyalty system of its own, and it was to be asked; null in a sale read back after it ended.
    """
    points_earned: int
    points_spendable: PointsSpentAnswer | None
    """
    The most that `points` could take off, in a quote; null in a sale read back.
    """
    points_spent: PointsSpentAnswer | None
    """
    What the customer paid with points; it is in the `discount` of the lines.
    """
    receipt_lines: list[str]
    reference: str
    revision: int
    rewards: list[RewardAnswer]
    """
    Of a quote; empty in a sale read back.
    """
    sentence: str
    state: SaleAnswerStateEnum
    store: str | None
    tenders: list[TenderAnswer]
    terminal: str | None
    tip: int
    """
    What of `due` is a tip: the last of the lines.
    """
    uuid: str
    vat: int
    verdict: VerdictEnum


class SaleBody(TypedDict):
    """
    A basket at a revision; with ``payment`` it is paid in the same call.
    """

    code: NotRequired[str | None]
    """
    What the scanner read.
    """
    coupons: NotRequired[list[Coupon]]
    """
    Codes of coupons; what the customer keeps in OK comes with the scan.
    """
    currency: str
    """
    ISO 4217; must be the store's.
    """
    language: NotRequired[Literal["nl", "en"] | None]
    """
    The cashier's language.
    """
    lines: list[LineBody]
    operator: NotRequired[str]
    payment: NotRequired[PaymentBody | None]
    points: NotRequired[int | Literal["max"] | None]
    """
    Points of its own that the customer pays with: so many, or as many as may be. Without it counts what the customer chose in OK.
    """
    reference: NotRequired[str]
    """
    Receipt number.
    """
    revision: int
    """
    Counts up each time the lines change.
    """
    reward: NotRequired[int | None]
    """
    Instead of `points`: the reward that the customer wants, one of `rewards` in a quote. Without either counts what the customer chose in OK.
    """
    store: NotRequired[str | None]
    """
    Unless the key names one.
    """
    terminal: NotRequired[str | None]
    """
    Unless the key names one.
    """


class SalePaymentBody(TypedDict):
    """
    Close the sale at the revision that was quoted.
    """

    age_checked: NotRequired[bool]
    """
    The cashier looked: the customer is as old as `age_check` says.
    """
    amount_due: NotRequired[int | None]
    """
    What the till showed, without the tip; another amount is refused.
    """
    operator: NotRequired[str]
    """
    Who looked, unless the basket names the operator.
    """
    revision: int
    tenders: list[TenderBody]
    tip: NotRequired[int]
    """
    On top of the amount due and never more than that; the tenders pay both.
    """


class ShiftAnswer(TypedDict):
    """
    A shift with what it came to; of an open one, so far.
    """

    cash: ShiftCashAnswer
    closed_at: str | None
    closed_by: str
    currency: str
    mode: ModeEnum
    opened_at: str
    operator: str
    receipt_lines: list[str]
    sentence: str
    state: str
    """
    `open` or `closed`.
    """
    store: str
    terminal: str
    totals: TotalsAnswer
    unsettled: int
    """
    Sales of this till without a final verdict; see `unsettled-sales`.
    """
    uuid: str


class ShiftBody(TypedDict):
    """
    A shift as the till has it: open, or closed.

    Sent again it is the same shift. A closing whose opening never arrived says `opened_at` too.
    """

    cash_at_opening: NotRequired[int | None]
    """
    What lies in the drawer, in minor units.
    """
    cash_counted: NotRequired[int | None]
    """
    What was counted at the closing, in minor units.
    """
    closed_at: NotRequired[str | None]
    """
    Now, unless it says.
    """
    language: NotRequired[Literal["nl", "en"] | None]
    """
    The cashier's language.
    """
    opened_at: NotRequired[str | None]
    """
    Now, unless it says.
    """
    operator: NotRequired[str]
    """
    Who opens, or closes, it.
    """
    state: ShiftBodyStateEnum
    store: NotRequired[str | None]
    """
    Unless the key names one.
    """
    terminal: NotRequired[str | None]
    """
    Unless the key names one.
    """


class TestConfirmationBody(TypedDict):
    """
    Answer for a test person's phone.
    """

    answer: TestConfirmationBodyAnswerEnum
