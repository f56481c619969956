DROP TRIGGER kernel_auditentry_append_only ON kernel_auditentry;
DROP TRIGGER kernel_event_append_only ON kernel_event;
DROP FUNCTION kernel_refuse_change();
