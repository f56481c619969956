DROP INDEX external_tender_by_reference;
DROP FUNCTION acquirer_reference;
