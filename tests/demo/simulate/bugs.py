"""Ten mistakes that somebody could make, each as a patch of a line or two."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from django.db import connection

from merchants.checkout.actions.held import check_open
from okplatform.kernel import idempotency
from okplatform.trade.actions.open_sale import HeldSale
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


BUGS: Mapping[Callable[[Patch], None], str] = {
    a_payout_counted_twice: "balance_too_low",
    a_debt_reopened_twice: "collections returned: ",
    a_capture_that_books_nothing: "cents and points were told, (0, ",
    a_key_that_is_forgotten: "not idempotency_key_reused",
    a_fold_that_skips: "by the ledger; its entries sum to",
    a_match_by_the_amount_only: "was matched with",
    a_handle_that_works_twice: "One code at two tills at once",
    a_cancelled_sale_that_can_be_paid: "was told did_not_happen, and now happened",
    an_expectation_that_stays_open: "open expectations of nothing under way",
    points_that_are_never_settled: "cents and points were told",
}
"""Each with what the simulation says when it has found it."""
