"""What ``manage.py verify`` proves of webhooks."""

from merchants.webhooks.vocabulary import WORDS
from okplatform.kernel.invariants import Proof, invariant, prove_none

# Which public name each type of event goes by; the names are ours.
NAMED = ", ".join(f"('{word.event.type}', '{word.name}')" for word in WORDS)


@invariant("webhooks_tell_each_event_once")
def webhooks_tell_each_event_once() -> Proof:
    """Prove that each event has one delivery per endpoint that wanted to hear of it.

    PostgreSQL holds that it has no second one. An event in the first minute of an endpoint may
    have been handled a moment before the endpoint was there.
    """
    return prove_none(
        rows="SELECT count(*) FROM merchants_webhook_delivery WHERE event_id IS NOT NULL",
        breaches=f"""
            SELECT 'event ' || event.id || ' (' || event.type || ') was not planned for endpoint '
                   || endpoint.id
            FROM merchants_webhook_endpoint endpoint
            JOIN kernel_event event
                ON event.merchant_id = endpoint.merchant_id AND event.mode = endpoint.mode
                AND event.occurred_at >= endpoint.created_at + interval '1 minute'
            JOIN (VALUES {NAMED}) AS word (type, name)
                ON word.type = event.type AND word.name = ANY (endpoint.types)
            WHERE NOT EXISTS (
                SELECT FROM merchants_webhook_delivery delivery
                WHERE delivery.endpoint_id = endpoint.id AND delivery.event_id = event.id)
              AND NOT EXISTS (
                SELECT FROM kernel_outboxitem item
                WHERE item.event_id = event.id
                  AND NOT 'merchants.webhooks.handlers.plan' = ANY (item.done))
        """,  # noqa: S608 -- our own names
    )


@invariant("webhooks_tell_only_their_merchant")
def webhooks_tell_only_their_merchant() -> Proof:
    """Prove that no endpoint hears of another merchant, the other mode, or anything unasked."""
    return prove_none(
        rows="SELECT count(*) FROM merchants_webhook_delivery WHERE event_id IS NOT NULL",
        breaches=f"""
            SELECT 'delivery ' || delivery.id || ' is about event ' || event.id
                   || ', which endpoint ' || endpoint.id || ' must not hear of'
            FROM merchants_webhook_delivery delivery
            JOIN merchants_webhook_endpoint endpoint ON endpoint.id = delivery.endpoint_id
            JOIN kernel_event event ON event.id = delivery.event_id
            LEFT JOIN (VALUES {NAMED}) AS word (type, name)
                ON word.type = event.type AND word.name = delivery.type
            WHERE (event.merchant_id, event.mode)
                    IS DISTINCT FROM (endpoint.merchant_id, endpoint.mode::text)
               OR word.name IS NULL OR NOT delivery.type = ANY (endpoint.types)
        """,  # noqa: S608 -- our own names
    )


@invariant("webhooks_delivered_are_not_sent_again")
def webhooks_delivered_are_not_sent_again() -> Proof:
    """Prove that nothing was tried after it had ended: a replay makes it wait anew."""
    return prove_none(
        rows="SELECT count(*) FROM merchants_webhook_delivery WHERE state <> 'waiting'",
        breaches="""
            SELECT 'delivery ' || id || ' was tried at ' || attempted_at || ', after it had ended'
            FROM merchants_webhook_delivery
            WHERE attempted_at > ended_at OR state = 'delivered' AND attempts = 0
        """,
    )


@invariant("webhooks_keep_the_order_of_a_fact")
def webhooks_keep_the_order_of_a_fact() -> Proof:
    """Prove that an endpoint got the events of one sale, refund or payout in their order."""
    return prove_none(
        rows="SELECT count(*) FROM merchants_webhook_delivery WHERE state = 'delivered'",
        breaches="""
            SELECT 'endpoint ' || endpoint_id || ' got delivery ' || id || ' before delivery '
                   || before_id || ', which came first'
            FROM (
                SELECT delivery.endpoint_id, delivery.id, delivery.ended_at,
                    lag(delivery.id) OVER earlier AS before_id,
                    lag(delivery.ended_at) OVER earlier AS before_ended_at
                FROM merchants_webhook_delivery delivery
                JOIN kernel_event event ON event.id = delivery.event_id
                WHERE delivery.state = 'delivered' AND delivery.replays = 0
                WINDOW earlier AS (
                    PARTITION BY delivery.endpoint_id, event.aggregate_type, event.aggregate_id
                    ORDER BY event.sequence)
            ) AS told
            WHERE before_ended_at > ended_at
        """,
    )
