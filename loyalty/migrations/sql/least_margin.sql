-- The least that is to be paid, VAT included, for what cost p_cost without: of the price without VAT the margin stays.
-- A part of a cent rounds up.
CREATE FUNCTION loyalty_floor(p_cost bigint, p_vat_bp int, p_margin_bp int) RETURNS bigint
LANGUAGE sql IMMUTABLE AS 'SELECT ceil(p_cost::numeric * (10000 + p_vat_bp) / (10000 - p_margin_bp))::bigint';
