DROP FUNCTION trade_record_return;
DROP TYPE trade_return_tender_facts;
DROP TYPE trade_return_line_facts;
DROP TYPE trade_return_facts;
DROP TRIGGER return_tender_never_changes ON trade_return_tender;
DROP TRIGGER return_line_never_changes ON trade_return_line;
DROP TRIGGER return_never_changes ON trade_return;
DROP TRIGGER return_tenders_fit ON trade_return_tender;
DROP FUNCTION trade_return_tenders_fit;
DROP TRIGGER return_lines_fit ON trade_return_line;
DROP FUNCTION trade_return_lines_fit;
DROP TRIGGER return_fits ON trade_return;
DROP FUNCTION trade_return_fits;
ALTER TABLE trade_return
    DROP CONSTRAINT return_terminal_of_same_store,
    DROP CONSTRAINT return_store_of_same_merchant;
