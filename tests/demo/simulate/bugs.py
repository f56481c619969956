"""Seventeen mistakes that somebody could make, each as a patch of a line or two."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from merchants.checkout.actions.held import check_open
from merchants.checkout.actions.look_up import look_up
from merchants.checkout.call import Call
from merchants.checkout.facts import SaleFacts
from merchants.checkout.online_states import PaymentState
from merchants.checkout.queries import find_sale
from merchants.models import OnlinePayment
from merchants.returns.queries import paid_by
from okplatform.kernel import idempotency
from okplatform.trade.actions.open_sale import HeldSale
from okplatform.trade.facts import LineStanding, TenderStanding
from okplatform.trade.queries import lines_standing
from payments.ledger import post
from payments.matching import rules

Patch = pytest.MonkeyPatch
FUNCTION = "SELECT pg_get_functiondef(%s::regproc)"


def in_sql(function: str, line: str, planted: str) -> None:
    """Write a function of the database anew, with one line of it changed."""
    with connection.cursor() as cursor:
        cursor.execute(FUNCTION, [function])
        source: str = cursor.fetchone()[0]
        assert line in source, f"{function} has no such line any more"
        cursor.execute(source.replace(line, planted))


def without(table: str, constraint: str) -> None:
    """Drop a constraint that would hold against it."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint}")


def switched_off(table: str, trigger: str) -> None:
    """Switch off what the database would hold against it."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")


def post_twice(*, reference: str, **posting: Any) -> int:
    post(reference=f"{reference}-again", **posting)
    return post(reference=reference, **posting)


def a_payout_counted_twice(patch: Patch) -> None:
    patch.setattr("payments.actions.order_payouts.post", post_twice)


def a_debt_reopened_twice(patch: Patch) -> None:
    patch.setattr("payments.actions.reopen_debt.post", post_twice)


def a_capture_that_books_nothing(patch: Patch) -> None:
    in_sql("payments_capture", "PERFORM ledger_transfer(", "PERFORM jsonb_build_array(")


def a_key_that_is_forgotten(patch: Patch) -> None:
    forgetting = idempotency.CLAIM.partition("WHERE")[0] + "RETURNING id"
    patch.setattr(idempotency, "CLAIM", forgetting)


def a_fold_that_skips(patch: Patch) -> None:
    in_sql(
        "ledger_fold",
        "entry.xid < horizon.upto",
        "entry.xid < horizon.upto AND entry.amount % 5 <> 0",
    )


def a_match_by_the_amount_only(patch: Patch) -> None:
    line = "expectation.iban, expectation.outstanding)"
    assert line in rules.BY_AMOUNT_AND_IBAN
    guessing = rules.BY_AMOUNT_AND_IBAN.replace(line, "line.iban, expectation.outstanding)")
    patch.setattr(rules, "RULES", (*rules.RULES[:-1], guessing))


def a_handle_that_works_twice(patch: Patch) -> None:
    in_sql("wallet_bind_handle", "handle.sale_ref = the_sale)", "true)")
    switched_off("wallet_handle", "handle_stays_used")


def a_cancelled_sale_that_can_be_paid(patch: Patch) -> None:
    in_sql("trade_close_sale", "AND state = 'open'", "")
    in_sql("trade_close_sale", "state = 'closed',", "state = 'closed', cancelled_at = NULL,")
    switched_off("trade_sale", "sale_changes_only_while_open")

    def forgiving(held: HeldSale) -> None:
        if held.state != "cancelled":
            check_open(held)

    patch.setattr("merchants.checkout.actions.ring_up.check_open", forgiving)


def an_expectation_that_stays_open(patch: Patch) -> None:
    patch.setattr("payments.actions.take_status_report.unexpect", lambda **_expectation: True)


def points_that_are_never_settled(patch: Patch) -> None:
    in_sql("loyalty_settle", "IF p_milli > 0 AND", "IF false AND")


def a_refund_that_looks_at_no_other(patch: Patch) -> None:
    def as_sold(sale_id: int) -> list[LineStanding]:
        return [
            replace(line, returned_quantity=0, returned_amount=0, returned_vat=0)
            for line in lines_standing(sale_id)
        ]

    def unreturned(sale_id: int) -> list[TenderStanding]:
        return [replace(tender, returned=0) for tender in paid_by(sale_id)]

    patch.setattr("merchants.returns.actions.refund_sale.lines_standing", as_sold)
    patch.setattr("merchants.returns.actions.refund_sale.paid_by", unreturned)
    switched_off("trade_return_line", "return_lines_fit")
    switched_off("trade_return_tender", "return_tenders_fit")
    switched_off("payments_refund", "refund_fits")


def points_that_stay_when_goods_go(patch: Patch) -> None:
    patch.setattr("merchants.returns.actions.refund_sale.reverse", lambda **_return: None)


def a_late_yes_that_pays(patch: Patch) -> None:
    def said_before_it_is_so(*, call: Call) -> SaleFacts:
        found = find_sale(call.key)
        asked = found.confirmation if found is not None else None
        if found is None or asked is None or not found.is_waiting or asked.deadline > call.now:
            return look_up(call=call)
        return replace(found, state="cancelled")

    patch.setattr("merchants.checkout.api.views.look_up", said_before_it_is_so)
    patch.setattr("merchants.checkout.actions.follow_answer.ACTED_ON_WITHIN", timedelta(days=1))


def a_promise_that_is_taken_at_once(patch: Patch) -> None:
    line = "PERFORM payments_spend_confirmed(the_bank_account, the_amount, authorised);"
    taking = f"{line} PERFORM payments_capture_part(the_sale, the_amount, authorised);"
    in_sql("payments_authorise", line, taking)


def a_part_above_what_was_promised(patch: Patch) -> None:
    def win_whatever_is_left(payment: OnlinePayment, amount: int | None, now: datetime) -> int:
        payment.refresh_from_db()
        part = (payment.amount or 0) - payment.captured if amount is None else amount
        payment.captured += part
        payment.state = PaymentState.PARTIALLY_CAPTURED.value
        payment.save(update_fields=["captured", "state"])
        return part

    patch.setattr("merchants.checkout.actions.capture_payment._win", win_whatever_is_left)
    in_sql("payments_capture_part", "AND captured + the_amount <= amount", "")
    without("merchants_online_payment", "online_payment_captured_is_confirmed")
    without("payments_authorisation", "captured_is_at_most_authorised")


def a_released_rest_that_stays_set_aside(patch: Patch) -> None:
    patch.setattr(
        "merchants.checkout.actions.release_payment.end_authorisation", lambda **_sale: None
    )


def a_link_for_once_that_two_pay(patch: Patch) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX link_is_paid_once")


BUGS: Mapping[Callable[[Patch], None], str] = {
    a_payout_counted_twice: "payouts ordered: ",
    a_debt_reopened_twice: "collections returned: ",
    a_capture_that_books_nothing: "cents and points were told, (0, ",
    a_key_that_is_forgotten: "was told capture_too_much, not that it was done",
    a_fold_that_skips: "by the ledger; its entries sum to",
    a_match_by_the_amount_only: "was matched with",
    a_handle_that_works_twice: "One code at two tills at once",
    a_cancelled_sale_that_can_be_paid: "was told did_not_happen, and now happened",
    an_expectation_that_stays_open: "open expectations of nothing under way",
    points_that_are_never_settled: "0 points came back of",
    a_refund_that_looks_at_no_other: "cents more came back than were paid",
    points_that_stay_when_goods_go: "points came back of",
    a_late_yes_that_pays: "happened, not did_not_happen",
    a_promise_that_is_taken_at_once: "0 cents were told to be captured",
    a_part_above_what_was_promised: "which does not add up",
    a_released_rest_that_stays_set_aside: "money is still set aside",
    a_link_for_once_that_two_pay: "said paid, not payment_paid_already",
}
"""Each with what the simulation says when it has found it."""
