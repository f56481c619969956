DROP TRIGGER shift_is_never_deleted ON merchants_shift;
DROP TRIGGER shift_is_closed_once ON merchants_shift;
DROP TRIGGER shift_fits ON merchants_shift;
DROP FUNCTION merchants_shift_fits;
ALTER TABLE merchants_shift DROP CONSTRAINT shift_terminal_of_same_store;
