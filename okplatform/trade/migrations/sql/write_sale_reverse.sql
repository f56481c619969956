DROP FUNCTION trade_close_sale;
DROP FUNCTION trade_record_closed;
DROP FUNCTION trade_write_parts;
DROP TYPE trade_tender_facts;
DROP TYPE trade_line_facts;
DROP TYPE trade_closing;
