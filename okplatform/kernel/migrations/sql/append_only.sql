-- Audit rows and events are said once: nobody changes or deletes them, whoever asks.
CREATE FUNCTION kernel_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% rows are never changed or deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER kernel_auditentry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON kernel_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change();
CREATE TRIGGER kernel_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON kernel_event
    FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change();
