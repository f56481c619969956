-- What a transaction says besides its change, in one call: its audit rows, its events, and which of those wait for
-- a handler. A function, because a server session keeps its plan: planning this anew costs more than running it.
--
-- `nth` is an event's place among those of its aggregate here, from 1: whoever says them knows it, and counting them
-- in SQL takes a window. The sequence per aggregate is safe because whoever publishes holds the aggregate's row lock; the unique key
-- catches whoever does not. Ids follow the order of publishing: the relay goes by them.
CREATE OR REPLACE FUNCTION kernel_write_journal(audits jsonb, events jsonb, subscribed text[])
RETURNS void LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    INSERT INTO kernel_auditentry
        (actor_kind, actor_id, action, object_type, object_id, merchant_id, mode, data, trace_id)
    SELECT audit.actor_kind, audit.actor_id, audit.action, audit.object_type, audit.object_id,
        audit.merchant_id, audit.mode, audit.data, audit.trace_id
    FROM jsonb_to_recordset(audits) AS audit(
        actor_kind text, actor_id text, action text, object_type text, object_id text,
        merchant_id bigint, mode text, data jsonb, trace_id text);

    WITH published AS (
        INSERT INTO kernel_event
            (type, aggregate_type, aggregate_id, sequence, merchant_id, mode, payload, trace_id, occurred_at)
        SELECT event.type, event.aggregate_type, event.aggregate_id,
            coalesce((SELECT max(earlier.sequence) FROM kernel_event earlier
                      WHERE earlier.aggregate_type = event.aggregate_type
                        AND earlier.aggregate_id = event.aggregate_id), 0)
            + event.nth,
            event.merchant_id, event.mode, event.payload, event.trace_id, event.occurred_at
        FROM jsonb_to_recordset(events) AS event(
            position int, nth int, type text, aggregate_type text, aggregate_id text, merchant_id bigint,
            mode text, payload jsonb, trace_id text, occurred_at timestamptz)
        ORDER BY event.position
        RETURNING id, type, aggregate_type, aggregate_id
    )
    INSERT INTO kernel_outboxitem (event_id, aggregate_type, aggregate_id)
    SELECT id, aggregate_type, aggregate_id FROM published WHERE type = ANY (subscribed);
END
$$;
