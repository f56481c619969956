DROP FUNCTION loyalty_settle;
DROP FUNCTION loyalty_earn;
DROP FUNCTION loyalty_snapshot;
DROP FUNCTION loyalty_points;
DROP FUNCTION loyalty_take;
DROP FUNCTION loyalty_lay_out;
DROP FUNCTION loyalty_parts;
ALTER TABLE loyalty_member RESET (fillfactor);
ALTER TABLE loyalty_offer_budget RESET (fillfactor, autovacuum_vacuum_threshold);
