"""Every kind of fault that a simulation meets, each with what it is. None may stay out."""

from collections import Counter
from collections.abc import Mapping

from demo.bank.orders import REASONS

AT_THE_TILL = {
    "repeated": "the same call twice",
    "answer_lost": "OK did it, and the till never heard",
    "request_lost": "the till sent it, and OK never heard",
    "given_up_before_it_came": "a late original of a sale that was given up",
    "given_up_when_paid": "a till gives up what was paid",
    "out_of_order": "a newer basket before the older one",
    "basket_changed_when_paid": "another basket under the number of a paid sale",
    "key_reused": "one Idempotency-Key for two bodies",
    "amount_moved": "the till asks for another amount than is due",
    "code_reused": "one code at two tills",
    "code_stale": "a code of some minutes ago",
    "code_forged": "a code that no phone made",
    "account_removed": "a code that pays from an account that is gone",
    "mandate_withdrawn": "a code that pays from an account that is no longer signed for",
    "same_sale_at_once": "one sale sent twice at the same moment",
    "same_code_at_once": "one code at two tills at the same moment",
    "paid_and_given_up_at_once": "a sale paid and given up at the same moment",
    "died_in_a_sale": "the server dies in the middle of a sale",
}
AT_THE_WEBSHOP = {
    "payment_asked_twice": "OK made a payment, and the webshop never heard",
    "payment_key_reused": "one Idempotency-Key for two payments",
    "shop_never_heard": "a shopper who paid, and never came back to the shop",
    "page_tapped_twice": "two taps on one payment page",
    "page_of_two": "two people pay on one page at the same moment",
    "page_wrong_pin": "somebody confirms with another PIN",
    "page_price_changed": "somebody confirms a price that has changed",
    "page_too_late": "somebody confirms when the page's time is over",
    "page_paid_and_expired_at_once": "a page paid when a worker ends its time",
    "page_declined": "the shopper says no on the page, and then yes after all",
    "page_cancelled": "the shop gives up while the page is open",
    "page_paid_and_cancelled_at_once": "a page paid, and given up, at the same moment",
    "offer_given_back": "the last of an offer is promised, and given up",
    "captured_too_soon": "a capture before anybody confirmed",
    "captured_too_much": "a capture of more than is left",
    "captured_too_late": "a capture when the week is over, and no worker has noticed",
    "captured_and_expired_at_once": "a capture when a worker ends the week",
    "captured_when_released": "a capture of what was released",
    "capture_repeated": "a part was captured, and the webshop never heard",
    "captures_at_once": "two captures at the same moment, of more than there is together",
    "captured_and_cancelled_at_once": "a capture and a cancel at the same moment",
    "never_captured": "an authorised amount, or its rest, that nobody captures in time",
    "died_in_an_authorisation": "the server dies while somebody confirms on a page",
    "died_in_a_capture": "the server dies in the middle of a capture",
    "link_paid_already": "somebody pays by a link that another has paid",
    "link_paid_at_once": "two people pay by a link for once at the same moment",
    "link_closed": "somebody pays by a link that was closed",
}
AT_THE_PROOF = {
    "proof_code_early": "somebody types a code before it can have come",
    "proof_code_wrong": "somebody types another code than came with the cent",
    "proof_tries_used": "somebody types wrong codes until none works any more",
}
ON_THE_PHONE = {
    "said_no": "the shopper says no, and then yes after all",
    "never_answered": "the shopper does not answer",
    "yes_too_late": "a yes after the deadline",
    "yes_acted_on_too_late": "a yes in time that nobody acts on until it is too late",
    "verdict_lost": "the shopper said yes, and the till never heard",
    "yes_twice": "two taps on one phone",
    "yes_on_two_phones": "two phones say yes at the same moment",
    "yes_and_no_at_once": "one phone says yes and the other no at the same moment",
    "phone_without_network": "a phone that shows a code and is never asked",
    "yes_to_what_was_given_up": "a yes to a sale that the till gave up meanwhile",
    "yes_and_given_up_at_once": "a yes, and a till that gives up, at the same moment",
}
AT_THE_DESK = {
    "refund_repeated": "the same refund asked for twice",
    "refund_answer_lost": "something was given back, and nobody at the till heard",
    "refund_changed": "another refund under the number of one that was given",
    "refund_elsewhere": "a store gives back what another had sold",
    "refund_when_collected": "something comes back that the shopper's bank has paid already",
    "refund_above_sale": "more is asked back than is left",
    "refund_not_covered": "the shop's balance does not cover a refund",
    "refund_of_nothing": "something is asked back of a sale that did not happen",
    "refund_of_spent_points": "the points of what comes back have been spent",
    "refunds_at_once": "all of a sale is asked back twice at the same moment",
    "died_in_a_refund": "the server dies in the middle of a refund",
}
AT_THE_ACQUIRER = {
    "card_line_missing": "a file of an acquirer lacks a card payment, which comes with the next",
    "card_line_twice": "a file of an acquirer has a line twice, or one of another file",
}
IN_THE_WORKS = {
    "died_in_a_task": "a worker dies in the middle of a task",
    "task_at_once": "two workers do the same task at the same moment",
    "died_in_the_relay": "the relay dies in the middle, and delivers again",
    "relay_at_once": "two relays deliver at the same moment",
    "delivery_unknown": "nobody knows whether the bank has a file",
    "file_taken_twice": "a file of the bank lies there again",
    "clock_ahead": "the clock jumps ahead",
    "clock_back": "the clock jumps back",
}
AT_THE_BANK = {
    "stranger_paid": "somebody pays who owes nothing",
    "bank_reject": "the bank refuses an order",
    "bank_return": "the bank sends a payment back",
    "bank_refund": "a shopper has the money back",
    "bank_delay": "the bank books days later",
    "bank_silence": "the bank does it and never answers",
    "bank_false_reject": "the bank answers with a time-out, and does it",
    "bank_mangle": "references come back spoiled",
    "bank_booking": "the bank books one by one, or a batch without its parts",
    "bank_duplicate_file": "a file comes twice",
    "bank_reorder_files": "a file comes after the next one",
    "bank_truncate_file": "a file breaks off in the middle",
    "bank_delay_file": "a file comes late",
    **{f"returned_{code}": f"a payment comes back as {code}" for code in sorted(REASONS)},
}
KINDS: Mapping[str, str] = {
    **AT_THE_TILL,
    **AT_THE_WEBSHOP,
    **AT_THE_PROOF,
    **ON_THE_PHONE,
    **AT_THE_DESK,
    **AT_THE_ACQUIRER,
    **IN_THE_WORKS,
    **AT_THE_BANK,
}


class Faults:
    """How often each kind was met."""

    def __init__(self) -> None:
        self._met: Counter[str] = Counter()

    def meet(self, kind: str) -> None:
        """Count one; raises ``KeyError`` for a kind that is not in the table."""
        if kind not in KINDS:
            raise KeyError(kind)
        self._met[kind] += 1

    def counted(self, at_the_bank: Mapping[str, int]) -> dict[str, int]:
        """Return all kinds with how often each was met; the bank counts its own."""
        return {kind: at_the_bank.get(kind, 0) + self._met[kind] for kind in KINDS}
