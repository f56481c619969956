"""What has ended stays ended: PostgreSQL holds it, and what got past that is found."""

from typing import Any

import pytest
from django.db import IntegrityError, connection

from merchants.webhooks.invariants import (
    webhooks_delivered_are_not_sent_again,
    webhooks_keep_the_order_of_a_fact,
)
from tests.merchants.webhooks.conftest import Line
from tests.support.counter import Counter, settle_events

pytestmark = pytest.mark.django_db


def behind_the_triggers(*statements: tuple[str, list[Any]]) -> None:
    """Write what PostgreSQL would refuse."""
    connection.check_constraints()
    with connection.cursor() as cursor:
        for table in ("merchants_webhook_delivery", "kernel_event"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement, params in statements:
            cursor.execute(statement, params)


def test_postgresql_refuses_to_move_what_has_ended(three: Line) -> None:
    three.serve()
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="has ended"):
        cursor.execute("UPDATE merchants_webhook_delivery SET state = 'waiting', ended_at = NULL")


def test_postgresql_refuses_to_change_what_was_said(three: Line) -> None:
    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="does not change"):
        cursor.execute("UPDATE merchants_webhook_delivery SET body = '{}'")


def test_a_delivery_that_was_sent_after_it_ended_is_found(three: Line) -> None:
    three.serve()
    late = (
        "UPDATE merchants_webhook_delivery SET attempted_at = now() + interval '1 h' WHERE id = %s"
    )
    behind_the_triggers((late, [three.deliveries[0].pk]))
    assert len(webhooks_delivered_are_not_sent_again().breaches) == 1


def test_a_fact_told_before_what_led_to_it_is_found(line: Line, counter: Counter) -> None:
    counter.sell()
    counter.sell()
    settle_events()
    line.serve()
    assert webhooks_keep_the_order_of_a_fact().breaches == []
    first, second = line.deliveries
    one_sale = """
        UPDATE kernel_event SET sequence = 2, aggregate_id =
            (SELECT aggregate_id FROM kernel_event WHERE id = %s) WHERE id = %s
    """
    late = (
        "UPDATE merchants_webhook_delivery SET ended_at = ended_at + interval '1 h' WHERE id = %s"
    )
    behind_the_triggers((one_sale, [first.event_id, second.event_id]), (late, [first.pk]))
    (breach,) = webhooks_keep_the_order_of_a_fact().breaches
    assert f"delivery {second.pk} before delivery {first.pk}" in breach
